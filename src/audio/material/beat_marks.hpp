#pragma once
// Where the beats of a piece are, and what the ear is to say of each hop. Thread: any.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::audio {

struct BeatMark {
  double time_s = 0.0;
  int in_bar = 0;         // 0: a downbeat
  int beats_per_bar = 0;  // 0: where bars begin is not known
};

// Labels of hops whose ends lie at first_s + (k + 1) * hop_s. marks: in order of time, two or more; before the first
// and behind the last the tempo goes on. -> place[k]: 0 <= place < beats per bar, or 0 .. 1 where bars are not known;
// beats_per_bar[k].
void label(std::span<const BeatMark> marks, double first_s, double hop_s, std::span<float> place,
           std::span<std::uint8_t> beats_per_bar);

// The same with changes: at each of these times another record takes over, whose beats go on backwards to there.
void label_records(std::span<const BeatMark> marks, std::span<const double> changes_s, double hop_s,
                   std::span<float> place, std::span<std::uint8_t> beats_per_bar);

}  // namespace ombra::audio
