#include "audio/material/beat_marks.hpp"

#include "core/arithmetic.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::audio {

void label(std::span<const BeatMark> marks, double first_s, double hop_s, std::span<float> place,
           std::span<std::uint8_t> beats_per_bar) {
  OMBRA_ASSERT(place.size() == beats_per_bar.size());
  if (marks.size() < 2) {
    std::ranges::fill(place, std::numeric_limits<float>::quiet_NaN());
    std::ranges::fill(beats_per_bar, std::uint8_t{0});
    return;
  }
  std::size_t i = 0;  // of the mark before the hop's end, or the first, or the last but one
  for (std::size_t k = 0; k < place.size(); ++k) {
    const double t = first_s + static_cast<double>(k + 1) * hop_s;
    while (i + 2 < marks.size() && marks[i + 1].time_s <= t) ++i;
    const double beats = (t - marks[i].time_s) / (marks[i + 1].time_s - marks[i].time_s);
    const int whole = static_cast<int>(std::floor(beats));
    const BeatMark& mark = whole > 0 ? marks[i + 1] : marks[i];
    const int bar = std::max(1, mark.beats_per_bar);
    const int in_bar = floor_mod(mark.in_bar + (whole > 0 ? whole - 1 : whole), bar);
    // the nearest float below a whole number may be that number
    place[k] =
        std::min(static_cast<float>(in_bar + beats - whole), std::nextafter(static_cast<float>(in_bar + 1), 0.0f));
    beats_per_bar[k] = static_cast<std::uint8_t>(mark.beats_per_bar);
  }
}

void label_records(std::span<const BeatMark> marks, std::span<const double> changes_s, double hop_s,
                   std::span<float> place, std::span<std::uint8_t> beats_per_bar) {
  std::size_t hop = 0, mark = 0;
  for (std::size_t r = 0; r <= changes_s.size(); ++r) {
    const double end_s = r < changes_s.size() ? changes_s[r] : std::numeric_limits<double>::infinity();
    std::size_t end_mark = mark, end_hop = hop;
    while (end_mark < marks.size() && marks[end_mark].time_s < end_s) ++end_mark;
    while (end_hop < place.size() && static_cast<double>(end_hop + 1) * hop_s < end_s) ++end_hop;
    label(marks.subspan(mark, end_mark - mark), static_cast<double>(hop) * hop_s, hop_s,
          place.subspan(hop, end_hop - hop), beats_per_bar.subspan(hop, end_hop - hop));
    mark = end_mark;
    hop = end_hop;
  }
}

}  // namespace ombra::audio
