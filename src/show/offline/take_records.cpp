#include "show/offline/take_records.hpp"

#include "core/frames.hpp"

#include <cmath>
#include <concepts>
#include <limits>

namespace ombra::show {
namespace {

constexpr double kFar = 1e12;  // beyond all times and beats

// Bytes of a file, which may be anybody's: no bool but 0 and 1, no number that is none.
template <class Record>
bool read(std::string_view bytes, Record& record) {
  bool sane = true;
  fields(record, [&](auto& number) {
    using Number = std::remove_reference_t<decltype(number)>;
    if (bytes.size() < sizeof number) return void(sane = false);
    if constexpr (std::same_as<Number, bool>) {
      number = bytes[0] != 0;
    } else {
      std::memcpy(&number, bytes.data(), sizeof number);
      if constexpr (std::floating_point<Number>) {
        sane = sane && std::isfinite(number) && std::abs(static_cast<double>(number)) < kFar;
      }
    }
    bytes.remove_prefix(sizeof number);
  });
  return sane && bytes.empty();
}

bool sane(const BeatGrid& grid) {
  return grid.bpm > 0.0 && grid.bpm < 1000.0 && grid.beats_per_bar > 0 && grid.beats_per_bar < 64;
}

bool sane(const model::FigureControls& figure) {
  constexpr float kMost = 100.0f;  // deviations of the cast, and parts of a person
  return std::abs(figure.inward) < kMost && std::abs(figure.morph) < kMost && std::abs(figure.height) < kMost &&
         std::abs(figure.build) < kMost;
}

}  // namespace

bool unpack(std::string_view bytes, DanceRequest& r) {
  return read(bytes, r) && sane(r.grid) && sane(r.figure) && r.dancers >= 1 && r.dancers <= kMaxDancers &&
         r.field_size >= 1 && r.field_size <= 4096 && r.speed >= 0.0 && r.speed <= 16.0;
}

bool unpack(std::string_view bytes, FrameRecord& r) {
  return read(bytes, r) && sane(r.audio.grid) && r.width >= 1 && r.width <= 32768 && r.height >= 1 &&
         r.height <= 32768 && r.step_s >= 0.0 && r.step_s <= 10.0;
}

}  // namespace ombra::show
