#pragma once
// One off-screen OpenGL context for all tests of a program; tests are skipped, with the reason, where there is none.

#include "core/error.hpp"
#include "gfx/window.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace ombra::gfx {

struct TestContext {
  std::unique_ptr<Window> window;
  std::string reason;

  static TestContext& instance() {
    static TestContext context = [] {
      TestContext made;
      try {
        made.window =
            std::make_unique<Window>(WindowOptions{.width = 320, .height = 180, .vsync = false, .offscreen = true});
      } catch (const Error& problem) {
        made.reason = problem.what();
      }
      return made;
    }();
    return context;
  }
};

// Fixture of every test that draws. No error may be left behind.
class GlTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!TestContext::instance().window) GTEST_SKIP() << "no OpenGL 4.3 here: " << TestContext::instance().reason;
  }
  void TearDown() override {
    if (TestContext::instance().window) {
      EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
    }
  }
};

}  // namespace ombra::gfx
