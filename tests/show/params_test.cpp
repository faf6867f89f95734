#include "core/error.hpp"
#include "show/params/show_params.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::show {
namespace {

ShowParams make() { return ShowParams({"ember", "paper", "neon"}); }

std::string usage_error(ShowParams& params, std::string_view path, std::string_view text) {
  try {
    params.set_text(path, text);
  } catch (const UsageError& fault) {
    return fault.what();
  }
  return "";
}

TEST(Params, StartsAtItsDefaultsAndInsideItsRanges) {
  const ShowParams params = make();
  EXPECT_FLOAT_EQ(params.get(params.temperature), 0.65f);
  EXPECT_EQ(params.name(params.look), "ember");
  EXPECT_EQ(params.get(params.count), 1);
  for (int i = 0; i < params.size(); ++i) {
    const Declaration& d = params.declaration(i);
    EXPECT_GE(d.initial, d.low) << d.path;
    EXPECT_LE(d.initial, d.high) << d.path;
    EXPECT_FALSE(d.help.empty()) << d.path;
    EXPECT_EQ(params.find(d.path), i) << "declared twice: " << d.path;
    EXPECT_EQ(std::count(d.path.begin(), d.path.end(), '/'), 1) << d.path;
  }
}

TEST(Params, ReadsEveryKindFromText) {
  ShowParams params = make();
  EXPECT_EQ(params.set_text("dancer/temperature", "1.25"), "");
  EXPECT_FLOAT_EQ(params.get(params.temperature), 1.25f);
  params.set_text("dancer/count", "3");
  EXPECT_EQ(params.get(params.count), 3);
  params.set_text("look/mirror", "On");
  EXPECT_TRUE(params.get(params.mirror));
  params.set_text("look/name", "NEON");
  EXPECT_EQ(params.name(params.look), "neon");
  params.set_text("dancer/speed", "double");
  EXPECT_DOUBLE_EQ(params.speed_factor(), 2.0);
  params.set_text("look/light", "#ff8000");
  EXPECT_NEAR(params.get(params.light).g, 128.0f / 255.0f, 1e-6f);
  EXPECT_FALSE(params.fired(params.jump));
  params.set_text("dancer/jump", "on");
  EXPECT_TRUE(params.fired(params.jump));
  params.end_triggers();
  EXPECT_FALSE(params.fired(params.jump));
}

TEST(Params, EveryTextItWritesReadsBackToTheSameValue) {
  ShowParams params = make();
  for (int i = 0; i < params.size(); ++i) {
    const Declaration& d = params.declaration(i);
    if (d.kind == Kind::kTrigger) continue;
    if (d.kind == Kind::kColour) params.set_colour(i, {0.2f, 0.4f, 0.6f});
    if (d.kind == Kind::kText) params.set_line(i, "\"Größe\" = 0.7");
    if (d.kind != Kind::kColour) params.set(i, params.from_unit(i, 0.7));
    const double before = params.base(i);
    const std::string text = params.text(i);
    params.reset(i);
    params.set_text(d.path, text);
    EXPECT_NEAR(params.base(i), before, 1e-5 * (1.0 + std::abs(before))) << d.path;
    EXPECT_EQ(params.text(i), text) << d.path;
  }
}

TEST(Params, ClampsAndSaysSo) {
  ShowParams params = make();
  EXPECT_NE(params.set_text("dancer/temperature", "9").find("taken as 1.6"), std::string::npos);
  EXPECT_FLOAT_EQ(params.get(params.temperature), 1.6f);
  params.set_text("dancer/count", "-4");
  EXPECT_EQ(params.get(params.count), 1);
  params.set(params.temperature.index, std::numeric_limits<double>::quiet_NaN());
  EXPECT_FLOAT_EQ(params.get(params.temperature), 1.6f) << "not a number must change nothing";
  params.set(params.temperature.index, std::numeric_limits<double>::infinity());
  EXPECT_FLOAT_EQ(params.get(params.temperature), 1.6f);
}

TEST(Params, RefusesWhatIsNoValue) {
  ShowParams params = make();
  EXPECT_NE(usage_error(params, "dancer/temperature", "warm").find("not a number"), std::string::npos);
  EXPECT_NE(usage_error(params, "dancer/temperature", "nan").find("not a number"), std::string::npos);
  EXPECT_NE(usage_error(params, "dancer/temperature", "1.0x").find("not a number"), std::string::npos);
  EXPECT_NE(usage_error(params, "look/name", "disco").find("ember, paper, neon"), std::string::npos);
  EXPECT_NE(usage_error(params, "look/light", "#ff80").find("#ff8040"), std::string::npos);
  EXPECT_NE(usage_error(params, "look/light", "red").find("#ff8040"), std::string::npos);
  EXPECT_NE(usage_error(params, "look/mirror", "maybe").find("on or off"), std::string::npos);
  EXPECT_FLOAT_EQ(params.get(params.temperature), 0.65f);
  EXPECT_THROW(params.assign("dancer/temperature"), UsageError);
  EXPECT_EQ(params.assign("dancer/temperature=0.5"), "");
}

TEST(Params, SuggestsTheNearestPath) {
  ShowParams params = make();
  EXPECT_NE(usage_error(params, "dancer/temprature", "1").find("dancer/temperature"), std::string::npos);
  EXPECT_NE(usage_error(params, "glow", "1").find("look/glow"), std::string::npos);
  EXPECT_NE(usage_error(params, "Look/Trail", "1").find("look/trails"), std::string::npos);
  EXPECT_LT(usage_error(params, std::string(100000, 'x'), "1").size(), 300u) << "a hostile name is quoted short";
}

TEST(Params, EditDistanceCountsChanges) {
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("same", "same"), 0);
}

TEST(Params, LogCurveRunsInRatios) {
  Params params;
  const FloatParam p = params.add_float({.path = "a/b", .low = 0.5, .high = 8.0, .initial = 2.0, .curve = Curve::kLog});
  EXPECT_NEAR(params.to_unit(p.index, 2.0), 0.5, 1e-12);
  EXPECT_NEAR(params.from_unit(p.index, 0.25), 1.0, 1e-12);
  EXPECT_NEAR(params.from_unit(p.index, params.to_unit(p.index, 3.3)), 3.3, 1e-12);
  EXPECT_DOUBLE_EQ(params.from_unit(p.index, 2.0), 8.0);
}

TEST(Params, ACircleHasNoEnds) {
  Params params;
  const FloatParam p = params.add_float({.path = "a/b", .low = -180.0, .high = 180.0, .wraps = true});
  for (const auto& [value, same] : {std::pair{270.0, -90.0},
                                    {-270.0, 90.0},
                                    {180.0, 180.0},
                                    {-180.0, -180.0},
                                    {3600.0 + 45.0, 45.0},
                                    {-1e9, -1e9 + 360.0 * 2777778.0}}) {
    params.set(p.index, value);
    EXPECT_NEAR(params.base(p.index), same, 1e-6) << value;
    params.set_now(p.index, value);
    EXPECT_NEAR(params.now(p.index), same, 1e-6) << value;
  }
  EXPECT_NEAR(params.from_unit(p.index, 1.25), -90.0, 1e-9);
  EXPECT_NEAR(params.from_unit(p.index, -0.25), 90.0, 1e-9);
  EXPECT_EQ(params.from_unit(p.index, 1.0), 180.0);
  EXPECT_EQ(params.from_unit(p.index, 0.0), -180.0);
  EXPECT_NE(params.set_text("a/b", "270").find("taken as -90"), std::string::npos);
}

TEST(Params, CountsChangesOfWhatIsKept) {
  ShowParams params = make();
  const auto before = params.changes();
  params.set(params.hold.index, 1.0);
  params.set(params.temperature.index, params.base(params.temperature.index));
  EXPECT_EQ(params.changes(), before) << "a momentary act and an equal value are no change";
  params.set(params.temperature.index, 1.0);
  EXPECT_GT(params.changes(), before);
}

TEST(Params, ReferencePageNamesEveryParameter) {
  const ShowParams params = make();
  const std::string page = reference_page(params);
  for (int i = 0; i < params.size(); ++i) {
    EXPECT_NE(page.find("| `" + params.declaration(i).path + "` |"), std::string::npos) << params.declaration(i).path;
  }
  EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), params.size() + static_cast<int>(params.families().size()) + 2);
  EXPECT_NE(page.find("ember, paper, neon"), std::string::npos);
}

std::string paths_in(const ShowParams& params, Section section) {
  std::string paths;
  for (int i = 0; i < params.size(); ++i) {
    const Declaration& d = params.declaration(i);
    if (d.stands_in(section)) paths += d.path.substr(d.path.find('/') + 1) + " ";
  }
  return paths;
}

// An operator finds a control where it was.
TEST(ShowParams, StandOnTheDeskInTheOrderOfTheirDeclarations) {
  const ShowParams params = make();
  EXPECT_EQ(paths_in(params, Section::kDance),
            "temperature energy pulse tightness accent smoothness choice count speed hold jump ");
  EXPECT_EQ(paths_in(params, Section::kPictureAndSound), "offset_ms calibrate ");
  EXPECT_EQ(paths_in(params, Section::kLight), "glow swell throb flash trails softness grain ");
  EXPECT_EQ(paths_in(params, Section::kColours), "ink light backdrop ");
  EXPECT_EQ(paths_in(params, Section::kPeople), "person other morph cast ");
  EXPECT_EQ(paths_in(params, Section::kBuild), "height build ");
  EXPECT_EQ(paths_in(params, Section::kTurns), "yaw inward orbit ");
  EXPECT_EQ(paths_in(params, Section::kPlace), "size spread mirror ");
  EXPECT_EQ(paths_in(params, Section::kTitle), "on text font x y size opacity colour behind fade ");
  EXPECT_EQ(paths_in(params, Section::kLogo), "on file x y size opacity behind fade ");
  EXPECT_EQ(paths_in(params, Section::kInOut), "offset_ms blackout_fade ");
  EXPECT_EQ(paths_in(params, Section::kMachine), "governor render_scale detail freeze_guard ");
  EXPECT_EQ(paths_in(params, Section::kRecording), "format height fps quality roll ");
  EXPECT_EQ(paths_in(params, Section::kSharing), "height fps kbps ");
  EXPECT_EQ(paths_in(params, Section::kDesk), "scale opacity key_lock ");
}

// Files of earlier versions may say less.
TEST(ShowParams, TheDeskCoversEnoughOfThePictureToBeRead) {
  ShowParams params = make();
  EXPECT_NE(params.set_text("desk/opacity", "0.3"), "") << "a remark";
  EXPECT_NEAR(params.get(params.desk_opacity), 0.6f, 1e-6f);
}

TEST(ShowParams, AreOnTheDeskUnlessTheyHaveAWidgetOfTheirOwn) {
  const ShowParams params = make();
  const std::vector<int> own = {params.seed.index,           params.tap.index,         params.earlier.index,
                                params.later.index,          params.resync.index,      params.twice.index,
                                params.half.index,           params.beat_reset.index,  params.typed_bpm.index,
                                params.record_on.index,      params.desk_shown.index,  params.blackout.index,
                                params.freeze.index,         params.test_card.index,   params.share_stream.index,
                                params.share_pipewire.index, params.share_camera.index};
  for (int i = 0; i < params.size(); ++i) {
    const bool has_own = std::find(own.begin(), own.end(), i) != own.end();
    EXPECT_EQ(params.declaration(i).sections.empty(), has_own) << params.declaration(i).path;
  }
}

TEST(ShowParams, HandsValuesOfThisMomentToDanceAndStage) {
  ShowParams params = make();
  params.set(params.glow.index, 0.2);
  params.set_now(params.glow.index, 0.9);
  params.set_now(params.temperature.index, 1.1);
  params.set_now(params.energy.index, 99.0);
  EXPECT_FLOAT_EQ(params.look_controls().glow, 0.9f);
  EXPECT_FLOAT_EQ(params.dance_controls().temperature, 1.1f);
  EXPECT_FLOAT_EQ(params.dance_controls().energy, 2.0f) << "a push ends at the range's end";
  EXPECT_DOUBLE_EQ(params.base(params.glow.index), 0.2) << "the operator's value stays";
  EXPECT_EQ(params.field_size(), 192);
}

TEST(ShowParams, HandFiguresWhatTheyAreToLookLike) {
  ShowParams params = make();
  const model::FigureControls initial, untouched = params.figure_controls();
  EXPECT_EQ(untouched.person, initial.person);
  EXPECT_EQ(untouched.other, initial.other);
  EXPECT_EQ(untouched.cast, initial.cast);
  for (const char* each :
       {"dancer/yaw=-30", "dancer/inward=0.5", "look/orbit=200", "dancer/person=3.5", "dancer/other=7",
        "dancer/morph=0.25", "dancer/cast=anyone", "dancer/height=1.5", "dancer/build=-2"})
    params.assign(each);
  params.set_now(params.yaw.index, 40.0);
  const model::FigureControls figure = params.figure_controls();
  EXPECT_EQ(figure.yaw, 40.0f) << "the music pushes it";
  EXPECT_EQ(figure.inward, 0.5f);
  EXPECT_EQ(figure.orbit, -160.0f);
  EXPECT_EQ(figure.person, 3.5f);
  EXPECT_EQ(figure.other, 7.0f);
  EXPECT_EQ(figure.morph, 0.25f);
  EXPECT_EQ(figure.cast, 2);
  EXPECT_EQ(figure.height, 1.5f);
  EXPECT_EQ(figure.build, -2.0f);
}

}  // namespace
}  // namespace ombra::show
