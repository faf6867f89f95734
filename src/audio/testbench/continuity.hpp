#pragma once
// How much of a piece a tracker follows without a slip: continuity of beats (Klapuri, Eronen and Astola 2006; Davies,
// Degara and Plumbley 2009), as mir_eval counts. Thread: any.

#include <span>

namespace ombra::audio {

struct Continuity {
  double correct = 0.0;  // CMLt: share of the beats that are right in phase and period, in the annotated metre
  double allowed = 0.0;  // AMLt: the same where twice or half the tempo or the off-beat is right, too; the best of them
};

// A beat is right when it lies within 17.5 % of a beat of an annotation that no beat before it has taken, and the time
// from its neighbour differs from the annotations' by no more than 17.5 %. beats, truth: in s, rising; both from
// from_s on.
Continuity score_continuity(std::span<const double> beats, std::span<const double> truth, double from_s = 5.0);

}  // namespace ombra::audio
