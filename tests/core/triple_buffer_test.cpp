#include "core/triple_buffer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

namespace ombra {
namespace {

TEST(TripleBuffer, ReadsTheInitialValueUntilOneIsPublished) {
  TripleBuffer<int> buffer(5);
  bool fresh = true;
  EXPECT_EQ(buffer.read(&fresh), 5);
  EXPECT_FALSE(fresh);
  buffer.write(6);
  EXPECT_EQ(buffer.read(&fresh), 6);
  EXPECT_TRUE(fresh);
  EXPECT_EQ(buffer.read(&fresh), 6);
  EXPECT_FALSE(fresh);
}

TEST(TripleBuffer, ReadsTheNewestOfSeveral) {
  TripleBuffer<int> buffer;
  for (int i = 1; i <= 10; ++i) buffer.write(i);
  EXPECT_EQ(buffer.read(), 10);
}

TEST(TripleBuffer, TwoThreadsNeverSeeAHalfWrittenOrAnOlderValue) {
  struct Value {
    std::array<int, 64> copies{};
  };
  constexpr int kCount = 100000;
  TripleBuffer<Value> buffer;
  std::jthread writer([&buffer] {
    for (int i = 1; i <= kCount; ++i) {
      buffer.back().copies.fill(i);
      buffer.publish();
    }
  });
  int last = 0;
  while (last < kCount) {
    const Value& value = buffer.read();
    for (const int copy : value.copies) ASSERT_EQ(copy, value.copies[0]);
    ASSERT_GE(value.copies[0], last);
    last = value.copies[0];
  }
}

}  // namespace
}  // namespace ombra
