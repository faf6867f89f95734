#include "show/dance/dance_thread.hpp"

#include "core/clock.hpp"
#include "show/capsule_dancer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

namespace ombra::show {
namespace {

// Posts requests at 100 Hz until done() or seconds are over. -> did it get done?
bool dance_until(DanceThread& thread, const std::function<bool()>& done, double seconds = 5.0,
                 DanceRequest request = {}) {
  request.field_size = 32;
  const double end_s = now_s() + seconds;
  while (now_s() < end_s) {
    request.seen_s = now_s() + 0.02;
    thread.post(request);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (done()) return true;
  }
  return false;
}

TEST(DanceThread, DrawsWhatIsPosted) {
  DanceThread thread(capsule_dancers(), "one");
  EXPECT_EQ(thread.picture().dancers, 0);
  EXPECT_TRUE(dance_until(thread, [&] { return thread.status().frames > 20; }));
  EXPECT_EQ(thread.picture().dancers, 1);
  EXPECT_NEAR(thread.picture().seen_s, now_s(), 1.0);
  EXPECT_EQ(thread.status().info.name, "one");
  ASSERT_TRUE(thread.seeds());
  EXPECT_EQ(thread.seeds()->dancers, CapsuleDancer::kSeeds);
}

TEST(DanceThread, HasPicturesOfThePeopleThatADancerKnows) {
  DanceThread thread(capsule_dancers(), "one");
  ASSERT_TRUE(thread.people());
  EXPECT_EQ(thread.people()->dancers, 0);
  const auto before = thread.people();
  thread.load("people");
  ASSERT_TRUE(dance_until(thread, [&] { return !thread.status().info.people.empty(); }));
  EXPECT_NE(thread.people(), before);
  EXPECT_EQ(thread.people()->dancers, 3 * kPeoplePoses);
}

TEST(DanceThread, StylesAreForTheDancerInWhoseOrderTheyStand) {
  DanceThread thread(capsule_dancers(), "styles");
  EXPECT_EQ(thread.offer().styles, (std::vector<std::string>{"hip hop", "salsa"}));
  DanceRequest request;
  request.field_size = 32;
  request.controls.styles[1] = 0.5f;
  request.styles_of = thread.offer().dancer;
  ASSERT_TRUE(dance_until(
      thread, [&] { return thread.status().counters.styles[1] == 0.5f; }, 5.0, request));
  thread.load("other styles");
  ASSERT_TRUE(dance_until(
      thread, [&] { return thread.status().info.name == "other styles"; }, 5.0, request));
  const auto frames = thread.status().frames;
  ASSERT_TRUE(dance_until(
      thread, [&] { return thread.status().frames > frames + 3; }, 5.0, request));
  EXPECT_EQ(thread.status().counters.styles, model::DanceControls{}.styles) << "krump was never asked for";
  EXPECT_EQ(thread.offer().styles, (std::vector<std::string>{"salsa", "krump"}));
  request.styles_of = thread.offer().dancer;
  EXPECT_TRUE(dance_until(
      thread, [&] { return thread.status().counters.styles[1] == 0.5f; }, 5.0, request));
}

TEST(DanceThread, FailsToStartWithAModelThatIsBroken) { EXPECT_THROW(DanceThread(capsule_dancers(), "broken"), Error); }

TEST(DanceThread, GoesOnInTheDarkWhenNobodyAsksForPictures) {
  auto script = std::make_shared<CapsuleDancer::Script>();
  DanceThread thread(capsule_dancers(script), "one");
  ASSERT_TRUE(dance_until(thread, [&] { return thread.status().frames > 2; }));
  const auto pulls = script->pulls.load(), advances = script->advances.load();
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_LE(script->pulls.load(), pulls + 2);
  EXPECT_GT(script->advances.load(), advances + 3);
}

TEST(DanceThread, CountsTheFramesThatItMisses) {
  auto script = std::make_shared<CapsuleDancer::Script>();
  script->decode_ms = 45;
  DanceThread thread(capsule_dancers(script), "one");
  EXPECT_TRUE(dance_until(thread, [&] { return thread.status().misses > 5; }));
}

TEST(DanceThread, SaysWhyItFailedAndRecovers) {
  auto script = std::make_shared<CapsuleDancer::Script>();
  DanceThread thread(capsule_dancers(script), "one");
  ASSERT_TRUE(dance_until(thread, [&] { return thread.status().frames > 2; }));
  script->throws = true;
  EXPECT_TRUE(dance_until(thread, [&] { return !thread.status().message.empty(); }));
  EXPECT_NE(thread.status().message.find("told to fail"), std::string::npos);
  EXPECT_EQ(thread.picture().dancers, 1) << "the last picture stays";
  script->throws = false;
  EXPECT_TRUE(dance_until(thread, [&] { return thread.status().message.empty(); }));
  EXPECT_GT(thread.status().faults, 0u);
}

TEST(DanceThread, LoadsAnotherModelWhileItDances) {
  DanceThread thread(capsule_dancers(), "one");
  const auto before = thread.seeds();
  thread.load("two");
  EXPECT_TRUE(dance_until(thread, [&] { return thread.status().info.name == "two"; }));
  EXPECT_NE(thread.seeds(), before);
  EXPECT_EQ(thread.load_message(), "");
  EXPECT_TRUE(dance_until(thread, [&] { return !thread.loading(); }));
  thread.load("broken");
  EXPECT_TRUE(dance_until(thread, [&] { return !thread.loading(); }));
  EXPECT_NE(thread.load_message().find("weights.safetensors"), std::string::npos);
  const auto frames = thread.status().frames;
  EXPECT_TRUE(dance_until(thread, [&] { return thread.status().frames > frames + 5; }));
  EXPECT_EQ(thread.status().info.name, "two") << "the old dancer stays";
}

}  // namespace
}  // namespace ombra::show
