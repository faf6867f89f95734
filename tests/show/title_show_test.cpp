// Title and logo in the whole show: typed on the desk, dropped on the window, in renders and in takes drawn again.

#include "audio/beat/hindsight.hpp"
#include "audio/signals.hpp"
#include "drawing/png.hpp"
#include "pictures.hpp"
#include "show/offline/offline.hpp"
#include "show/offline/take_show.hpp"
#include "show/operated_show.hpp"
#include "temp_folder.hpp"

#include <filesystem>

namespace ombra::show {
namespace {

class TitleShow : public test::FolderTest {};

void key(SDL_Keycode code, SDL_Scancode place) {
  SDL_Event event{};
  event.key.keysym.sym = code, event.key.keysym.scancode = place;
  for (const Uint32 type : {SDL_KEYDOWN, SDL_KEYUP}) {
    event.type = type;
    SDL_PushEvent(&event);
  }
}

Show desk_with_titles() {
  Show show({"desk/shown=on", "desk/scale=0.6"}, 480, 1500);
  show.frames(3);
  show.click(show.spot("Title"));
  show.frames(2);
  return show;
}

TEST_F(TitleShow, ATitleIsTypedAndEntered) {
  Show show = desk_with_titles();
  ShowParams& p = show.session->params();
  show.click(show.spot("title/text", 0.6f));
  show.frames(3);
  for (const char* letter : {"G", "r", "ö", "ß", "e", " ", "Ж"}) type_text(letter);
  press(SDLK_x);  // the key of a letter controls nothing else meanwhile
  show.frames(2);
  EXPECT_EQ(p.get(p.title_text), "") << "not before it is entered";
  key(SDLK_RETURN, SDL_SCANCODE_RETURN);
  show.frames(3);
  EXPECT_EQ(p.get(p.title_text), "Größe Ж");
  EXPECT_FALSE(p.get(p.blackout));
}

TEST_F(TitleShow, EscTakesBackWhatWasTypedAndAClickElsewhereKeepsIt) {
  Show show = desk_with_titles();
  ShowParams& p = show.session->params();
  show.click(show.spot("title/text", 0.6f));
  show.frames(3);
  type_text("never");
  show.frames(2);
  key(SDLK_ESCAPE, SDL_SCANCODE_ESCAPE);
  show.frames(3);
  EXPECT_EQ(p.get(p.title_text), "");
  show.click(show.spot("title/text", 0.6f));
  show.frames(3);
  type_text("kept");
  show.frames(2);
  show.click(show.spot("title/on", 0.35f));
  show.frames(2);
  EXPECT_EQ(p.get(p.title_text), "kept");
  EXPECT_TRUE(p.get(p.title));
}

TEST_F(TitleShow, APngThatIsDroppedIsTheLogo) {
  const auto logo = folder / "logo.PNG";
  write_png(logo, 2, 2, 4, std::vector<std::uint8_t>(16, 255));
  Show show;
  show.frames(2);
  drop_file(logo.c_str());
  show.frames(2);
  EXPECT_EQ(show.session->params().get(show.session->params().logo_file), logo.string());
}

TEST_F(TitleShow, ATitleIsPartOfWhatLeaves) {
  Show show({"desk/shown=off", "title/text=HHHH", "title/size=0.4", "title/y=0.5", "title/fade=0"});
  show.frames(20);
  const gfx::Image before = show.picture();
  ShowParams& p = show.session->params();
  p.set(p.title.index, 1.0);
  double most = 0.0;
  for (int i = 0; i < 300 && most < 8.0; ++i)
    most = std::max(most, test::difference(before.pixels, show.picture().pixels));
  EXPECT_GT(most, 8.0);
}

std::vector<gfx::Image> rendered(std::vector<std::string> sets) {
  static const auto music = audio::analyse_whole(test::house_beat(120.0, 3.0, 0.1), 48000);
  OfflineOptions options;
  options.dancer = capsule_dancers();
  options.model = "capsules";
  options.width = 320, options.height = 180, options.fps = 10.0;
  options.to_s = 0.5;
  options.sets = std::move(sets);
  OfflineShow show(std::move(options), music);
  std::vector<gfx::Image> pictures;
  gfx::Image picture;
  while (show.next(picture)) pictures.push_back(picture);
  return pictures;
}

TEST_F(TitleShow, ARenderHasItFromTheFirstPictureOnAndAlwaysTheSame) {
  const std::vector<std::string> sets = {"title/on=on", "title/text=Größe", "title/size=0.4", "title/colour=#ff0000"};
  const auto without = rendered({}), with = rendered(sets), again = rendered(sets);
  ASSERT_EQ(with.size(), 5u);
  for (std::size_t i = 0; i < with.size(); ++i) {
    EXPECT_GT(test::difference(with[i].pixels, without[i].pixels), 2.0) << i;
    EXPECT_EQ(with[i].pixels, again[i].pixels) << i;
  }
}

TEST_F(TitleShow, ATakeIsDrawnAgainWithATitle) {
  const auto take = folder / "take";
  {
    SessionOptions options = headless_options();
    options.input = "bundled track";
    options.take = take;
    options.take_dancer.model = options.model;
    options.version = "test";
    Session session(options);
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(session.frame());
  }
  const auto drawn = [&](std::vector<std::string> sets) {
    TakeShowOptions options;
    options.folder = take, options.fps = 0.0;
    options.dancer = [](const TakeDancer&) { return capsule_dancers(); };
    options.sets = std::move(sets);
    TakeShow show(options);
    gfx::Image picture;
    EXPECT_TRUE(show.next(picture));
    return picture;
  };
  const gfx::Image plain = drawn({});
  EXPECT_GT(test::difference(drawn({"title/on=on", "title/text=HHHH", "title/size=0.5"}).pixels, plain.pixels), 2.0);
}

}  // namespace
}  // namespace ombra::show
