#include "core/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

namespace ombra {
namespace {

TEST(Process, GrowsOlder) {
  const double before_s = process_age_s();
  EXPECT_GE(before_s, 0.0);
  EXPECT_LT(before_s, 600.0) << "since the start of the machine?";
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(process_age_s(), before_s + 0.08);
}

TEST(Process, KnowsItsMemory) {
  const double before_mb = resident_mb();
  EXPECT_GT(before_mb, 0.5);
  std::vector<char> more(50'000'000);
  std::memset(more.data(), 1, more.size());
  EXPECT_NEAR(resident_mb() - before_mb, 50.0, 10.0);
  EXPECT_EQ(more[12345], 1);
}

}  // namespace
}  // namespace ombra
