// What an outlet says of itself when its work ends, by a fault or because it is asked to.

#include "media/share/outlet.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace ombra::media {
namespace {

using State = OutletStatus::State;

bool until(const std::function<bool()>& done, double seconds = 10.0) {
  for (const double end_s = now_s() + seconds; now_s() < end_s && !done();)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return done();
}

// Serves until it is hurried, and takes that for a fault. How it ends is seen before it is told more.
class Hurried final : public OutletWork {
 public:
  Hurried() : OutletWork("peer", 16, 16, 3, 1.0) {}

 protected:
  void serve() override {
    until([this] { return hurried_.load(); });
    throw error("peer: nobody answers");
  }
  void hurry() override {
    hurried_ = true;
    until([this] { return status().state == State::kWaiting; }, 0.3);
  }

 private:
  std::atomic<bool> hurried_{false};
};

TEST(Outlets, SayNoFaultWhenTheyAreStopped) {
  Outlet outlet(std::make_shared<Hurried>(), 30.0);
  ASSERT_TRUE(until([&] { return outlet.status().state == State::kTrying; }));
  outlet.stop();
  EXPECT_TRUE(until([&] { return outlet.ended(); }));
  EXPECT_EQ(outlet.status().message, "");
  EXPECT_NE(outlet.status().state, State::kWaiting);
}

class Silent final : public OutletWork {
 public:
  Silent() : OutletWork("peer", 16, 16, 3, 0.01) {}

 protected:
  void serve() override {}
};

TEST(Outlets, SayWhatHasHappenedWhereTheirWorkDoesNot) {
  Outlet outlet(std::make_shared<Silent>(), 30.0);
  ASSERT_TRUE(until([&] { return outlet.status().state == State::kWaiting; }));
  EXPECT_EQ(outlet.status().message, "peer: it has ended");
}

}  // namespace
}  // namespace ombra::media
