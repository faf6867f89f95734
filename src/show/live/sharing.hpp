#pragma once
// Gives what the audience sees, and what the show hears, to other programs: as a stream, as a video source of PipeWire,
// as a camera. One read-back serves all of them, and none is made while nobody takes pictures. Faults are told and
// tried again; the show never waits. Thread: the show's; each outlet has one of its own.

#include "audio/input/sound_tap.hpp"
#include "gfx/readback.hpp"
#include "media/share/outlet.hpp"
#include "show/params/show_params.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace ombra::show {

struct SharingOptions {
  std::string stream;  // an address, media/share/stream_url.hpp; "": none yet
  std::string camera;  // as media::make_camera's device
};

// What the desk shows.
struct SharingView {
  struct Each {
    bool on = false;
    media::OutletStatus status;
  };
  Each stream, pipewire, camera;
  std::string address;        // of the stream, without its key; "": none
  int width = 0, height = 0;  // of the shared picture; 0: none yet
};

class Sharing {
 public:
  explicit Sharing(SharingOptions options) : options_(std::move(options)) {}
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;

  // Another address for the stream. Throws UsageError; then the old one stays.
  void set_stream(const std::string& url);

  // Once a frame: what was switched off ends. A stream that has no address, or a wrong one, is switched off.
  void step(ShowParams& params);
  // When the picture is complete: begins what was switched on, and passes the picture on. seen_s: when it is seen.
  void picture(const ShowParams& params, gfx::Surface source, double seen_s);
  // For Recording::share_sound.
  bool hears() const { return stream().live != nullptr; }
  void sound(const audio::HeardSound& piece);
  // Ends all, within media::OutletWork::kFarewellS and a little.
  void finish();

  SharingView view() const;
  // -> why something that is on does not work, or empty
  std::string message() const;
  // -> what the operator should read once, or empty
  std::string news() { return std::exchange(news_, {}); }

 private:
  enum Kind { kStream, kPipeWire, kCamera, kKinds };
  struct Format {
    int width = 0, height = 0, kbit_per_s = 0;
    double fps = 30.0;
    bool operator==(const Format&) const = default;
  };
  struct Slot {
    std::unique_ptr<media::Outlet> live, ending;
    int told = 0;  // connections that the operator was told of
  };
  const Slot& stream() const { return slots_[kStream]; }
  static BoolParam on(const ShowParams& params, Kind kind);
  static Format wanted(const ShowParams& params, gfx::Surface source);
  bool pictures_are_as(const Format& format) const;
  void choose_format(const Format& format, double seen_s);
  std::unique_ptr<media::Outlet> make(Kind kind) const;
  void collect();
  void end(Slot& slot);
  void tell(Slot& slot);

  SharingOptions options_;
  std::array<Slot, kKinds> slots_;
  Format format_, next_;  // next_: what is asked for, for a while before it counts
  double next_s_ = -1e9;
  std::unique_ptr<gfx::Readback> readback_;
  std::unique_ptr<media::Pacer> pacer_;
  double fps_ = 0.0;  // of pacer_
  std::string news_;
};

}  // namespace ombra::show
