#pragma once
// What is heard now: an open input or a track that is played, and what the show is told about it. Another source is
// opened and heard before the present one is let go; a track goes on silently when its output is lost.
// Thread: one caller at a time; mute, hearing and status from any.

#include "audio/input/capture.hpp"
#include "audio/input/hearing.hpp"
#include "audio/input/listener.hpp"
#include "audio/input/player.hpp"
#include "audio/input/sound_systems.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ombra::audio {

class PresentSource {
 public:
  explicit PresentSource(SoundSystems& systems) : systems_(systems) {}
  ~PresentSource();
  PresentSource(const PresentSource&) = delete;
  PresentSource& operator=(const PresentSource&) = delete;

  // Opens device, hears it, and only then lets the present source go. -> success
  bool open_device(const InputDevice& device);
  // track: one that a Player takes. stand_in: it stands in for music; the name of the input hoped for, or "".
  void play(std::shared_ptr<const Track> track, bool audible, const std::optional<std::string>& stand_in);
  void drop();  // silence
  // To be called some times a second: keeps the track playing, and heard again when there is an output again.
  void check_player(double now);
  // To be called some times a second: puts into the status how the present input does.
  void check_input();
  void listen_to(std::optional<ChannelPair> channels);

  // null: there is none
  Capture* capture() const { return capture_.get(); }
  Player* player() const { return player_.get(); }
  bool any() const { return capture_ || player_; }
  const std::optional<std::string>& stand_in() const { return stand_in_; }
  bool muted() const { return muted_->load(std::memory_order_relaxed); }

  void say(const std::string& source, const std::string& message, bool is_track);
  // A message beside what is heard, or about `wanted` where nothing is.
  void say_failed(const std::string& wanted, const std::string& message);
  // change(ListenerStatus&), while nobody reads it
  template <typename Change>
  void change_status(const Change& change) {
    const std::scoped_lock lock(status_mutex_);
    change(status_);
  }

  void mute(bool on) { muted_->store(on, std::memory_order_relaxed); }
  Hearing& hearing() { return hearing_; }
  const Hearing& hearing() const { return hearing_; }
  ListenerStatus status() const;

 private:
  void replace(std::shared_ptr<Capture> capture, std::shared_ptr<Player> player);
  std::shared_ptr<Capture> make_capture(const InputDevice& device);
  void start_player(bool audible, std::uint64_t at);
  void use_player(const std::shared_ptr<Player>& player, const std::string& message);

  SoundSystems& systems_;
  std::shared_ptr<Capture> capture_;
  // shared with the audio callback of player_
  std::shared_ptr<std::atomic<bool>> muted_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<Player> player_;
  std::shared_ptr<const Track> track_;
  std::optional<std::string> stand_in_;  // the track is one; name of the input that was hoped for
  std::optional<ChannelPair> channels_;  // to listen to
  bool output_due_ = false;              // the track is to be heard when there is an output again
  double next_output_s_ = 0.0;
  std::string trouble_;  // what the present input has said last

  // guarded by status_mutex_
  mutable std::mutex status_mutex_;
  ListenerStatus status_;

  Hearing hearing_;  // last: its thread ends after the streams that it reads from
};

}  // namespace ombra::audio
