// The thread that makes pictures of titles and logos: the newest order counts, a file is read again when it changes,
// and what cannot be made is said.

#include "stage/title/overlay_maker.hpp"

#include "core/file.hpp"
#include "drawing/png.hpp"
#include "stage/overlay_pictures.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <limits>
#include <memory>
#include <thread>

namespace ombra::stage {
namespace {

namespace fs = std::filesystem;

TextOrder text(const std::string& words) { return {.text = words, .font = "DejaVu Sans", .size_px = 40}; }

class OverlayMakerTest : public test::FolderTest {
 protected:
  void logo(int width, int height) {
    write_png(file, width, height, 4, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 4), 255));
  }
  MadeOverlay made(const LogoOrder& order) {
    maker.want(order);
    maker.wait();
    return maker.want(order);
  }
  // Is it read again within some seconds? The maker looks once a second.
  template <class Done>
  bool until(const Done& done) {
    for (int i = 0; i < 200 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return done();
  }

  const fs::path file = folder / "logo.png";
  OverlayMaker maker;
};

TEST_F(OverlayMakerTest, KeepsThePictureBeforeUntilTheNextIsReady) {
  MadeOverlay first = maker.want(text("A"));
  EXPECT_FALSE(first.current);
  maker.wait();
  first = maker.want(text("A"));
  ASSERT_TRUE(first.picture);
  EXPECT_TRUE(first.current);
  const MadeOverlay asked = maker.want(text("WWWW"));
  EXPECT_TRUE(asked.picture == first.picture || asked.current);
  maker.wait();
  const MadeOverlay second = maker.want(text("WWWW"));
  EXPECT_TRUE(second.current);
  EXPECT_GT(second.picture->width, 2.0 * first.picture->width);
  EXPECT_EQ(maker.want(text("WWWW")).picture, second.picture) << "nothing is made twice";
}

TEST_F(OverlayMakerTest, OfManyOrdersTheNewestCounts) {
  for (int i = 0; i < 300; ++i) maker.want(text(std::string(static_cast<std::size_t>(1 + i % 50), 'i')));
  maker.want(text("M"));
  maker.wait();
  const MadeOverlay made = maker.want(text("M"));
  EXPECT_TRUE(made.current);
  EXPECT_NEAR(made.picture->width, Typesetter().set(text("M")).width, 0.1);
}

TEST_F(OverlayMakerTest, AFileThatChangesIsReadAgain) {
  logo(20, 10);
  const LogoOrder order{file.string(), 10};
  ASSERT_EQ(made(order).picture->levels.front().width, 20);
  logo(30, 10);
  EXPECT_TRUE(until([&] { return maker.want(order).picture->levels.front().width == 30; }));
}

TEST_F(OverlayMakerTest, AFileThatBreaksLeavesTheLastGoodOneAndSaysSo) {
  logo(20, 10);
  const LogoOrder order{file.string(), 10};
  const auto good = made(order).picture;
  EXPECT_EQ(maker.message(), "");
  write_atomically(file, "broken, but long enough to hold the header of a picture");
  ASSERT_TRUE(until([&] { return !maker.message().empty(); }));
  EXPECT_NE(maker.message().find("logo.png: is no PNG"), std::string::npos) << maker.message();
  EXPECT_EQ(maker.want(order).picture, good);
  logo(40, 10);
  EXPECT_TRUE(until([&] { return maker.message().empty(); }));
  EXPECT_EQ(maker.want(order).picture->levels.front().width, 40);
}

TEST_F(OverlayMakerTest, AnotherFileThatIsNotThereShowsNone) {
  logo(20, 10);
  made({file.string(), 10});
  const MadeOverlay none = made({(folder / "other.png").string(), 10});
  EXPECT_FALSE(none.picture);
  EXPECT_TRUE(none.current);
  EXPECT_NE(maker.message().find("other.png: there is no such file"), std::string::npos);
  EXPECT_EQ(maker.message().find('\n'), std::string::npos);
  maker.forget_logo();
  EXPECT_EQ(maker.message(), "") << "what is not asked for is no trouble";
}

TEST_F(OverlayMakerTest, AColourThatIsNoNumberIsWhite) {
  TextOrder order = text("White");
  order.rgb = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1.0f};
  EXPECT_TRUE(until([&] { return maker.want(order).current; })) << "it would be made again and again";
  EXPECT_EQ(maker.want(order).picture, maker.want(text("White")).picture);
}

TEST_F(OverlayMakerTest, NothingIsSaidOfATitleThatIsNotAskedFor) {
  TextOrder order = text("A");
  order.font = "No Such Font At All";
  maker.want(order);
  maker.wait();
  EXPECT_NE(maker.message(), "");
  maker.forget_text();
  EXPECT_EQ(maker.message(), "");
  EXPECT_TRUE(maker.want(order).current) << "it was not made anew";
  EXPECT_NE(maker.message(), "");
}

TEST_F(OverlayMakerTest, AFileIsLookedAtOnceASecondHoweverManyOrdersCome) {
  std::atomic<int> looks = 0;
  OverlayMaker busy({.state = [&](const std::string&) { return ++looks, FileState(); }});
  busy.want(LogoOrder{file.string(), 10});
  busy.wait();
  const int before = looks;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    busy.want(text(std::string(static_cast<std::size_t>(1 + i % 9), 'i')));
    busy.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  EXPECT_LE(looks - before, static_cast<int>(passed.count()) + 1);
}

// A server of files that does not answer: for as long as the test likes.
TEST_F(OverlayMakerTest, EndsWhileAFileSystemHangs) {
  auto answer = std::make_shared<std::promise<void>>();
  auto asked = std::make_shared<std::promise<void>>(), ended = std::make_shared<std::promise<void>>();
  {
    OverlayMaker hanging({.read = [answer, asked, ended](const LogoOrder&) {
      asked->set_value();
      answer->get_future().wait_for(std::chrono::seconds(20));
      ended->set_value();
      return OverlayPicture{};
    }});
    hanging.want(LogoOrder{file.string(), 10});
    ASSERT_EQ(asked->get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  }
  std::future<void> end = ended->get_future();
  EXPECT_EQ(end.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "the maker waited for it";
  answer->set_value();
  EXPECT_EQ(end.wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST_F(OverlayMakerTest, EndsWhileItWorks) {
  for (int i = 0; i < 5; ++i) {
    OverlayMaker short_lived;
    short_lived.want(text("Ende"));
    short_lived.want(LogoOrder{file.string(), 10});
  }
  OverlayMaker idle;
}

}  // namespace
}  // namespace ombra::stage
