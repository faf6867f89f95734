#pragma once
// Ableton Link: tempo, beat and bar shared with other programs and devices on the local network.
// It follows and never sets the session's tempo unless lead() is called. That takes more than keeping still: where two
// sessions meet, Link lets the older one win, and a program that was opened after ours would find us the older. So our
// session says that it is younger than any other (see link_clock.cpp).
// While disabled nothing is sent to the network. Link's clock is that of core/clock.hpp, in whole microseconds.
// Thread: one owner; Link's own threads are inside.

#include "core/frames.hpp"

#include <memory>
#include <optional>

namespace ombra::audio {

class LinkClock {
 public:
  static constexpr int kQuantum = 4;  // beats of the bar that peers agree on

  LinkClock();
  ~LinkClock();
  LinkClock(const LinkClock&) = delete;
  LinkClock& operator=(const LinkClock&) = delete;

  // Joins or leaves the network. Disabling forgets everything.
  void enable(bool on);
  bool enabled() const { return impl_ != nullptr; }
  // -> other programs in the session
  int peers() const;
  // -> the session's line; nothing while there is no peer, or while the session is stopped (and peers use start and
  // stop at all)
  std::optional<BeatGrid> grid(double now_s);
  // Gives the session our tempo and bar: for all peers, so only when the operator wants it. At most twice a second, and
  // only when they differ.
  void lead(const BeatGrid& ours, double bpm, double now_s);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::audio
