#include "show/live/mapping_editor.hpp"

#include "show/keys/mapping_keys.hpp"

#include <SDL.h>
#include <gtest/gtest.h>

namespace ombra::show {
namespace {

using Kind = stage::MappingPoint::Kind;

class MappingEditorTest : public testing::Test {
 protected:
  MappingEditorTest() {
    editor_.set_outputs({{{"A", "HDMI-1", 0, 0, true, {}}, 1920, 1080}, {{"B", "", 1920, 0, true, {}}, 1280, 720}});
  }

  bool press(int key, unsigned mods = 0, bool repeat = false) { return press_mapping({key, 0, mods, repeat}, editor_); }
  glm::dvec2 corner(std::size_t i) const { return editor_.mapping().corners[i] * editor_.size(); }

  MappingEditor editor_;
};

TEST_F(MappingEditorTest, ArrowsMoveTheChosenPointByAPixelAndWithShiftByATenth) {
  EXPECT_FALSE(press(SDLK_RIGHT)) << "nothing is edited";
  editor_.edit(true);
  EXPECT_EQ(editor_.selected(), (stage::MappingPoint{Kind::kCorner, 0, 0}));
  EXPECT_TRUE(press(SDLK_RIGHT));
  EXPECT_TRUE(press(SDLK_DOWN, KMOD_LSHIFT));
  EXPECT_NEAR(corner(0).x, 1.0, 1e-9);
  EXPECT_NEAR(corner(0).y, 0.1, 1e-9);
  EXPECT_TRUE(press(SDLK_n));
  EXPECT_TRUE(press(SDLK_LEFT));
  EXPECT_TRUE(press(SDLK_UP, KMOD_RSHIFT));
  EXPECT_NEAR(corner(1).x, 1919.0, 1e-9);
  EXPECT_NEAR(corner(1).y, -0.1, 1e-9);
  EXPECT_TRUE(press(SDLK_PAGEUP));
  EXPECT_TRUE(press(SDLK_p));
  EXPECT_EQ(editor_.selected().index, 3) << "round and round";
  EXPECT_FALSE(press(SDLK_x)) << "the blackout's key";
  EXPECT_TRUE(press(SDLK_ESCAPE));
  EXPECT_FALSE(editor_.editing());
  EXPECT_FALSE(press(SDLK_ESCAPE)) << "now it is the show's";
}

TEST_F(MappingEditorTest, UndoneAndDoneAgain) {
  editor_.edit(true);
  press(SDLK_RIGHT), press(SDLK_RIGHT), press(SDLK_DOWN);
  const stage::Mapping last = editor_.mapping();
  EXPECT_TRUE(press(SDLK_z, KMOD_LCTRL));
  EXPECT_NEAR(corner(0).y, 0.0, 1e-9);
  EXPECT_NEAR(corner(0).x, 2.0, 1e-9);
  press(SDLK_z, KMOD_LCTRL), press(SDLK_z, KMOD_LCTRL);
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
  EXPECT_FALSE(editor_.can_undo());
  press(SDLK_z, KMOD_LCTRL);
  press(SDLK_y, KMOD_LCTRL), press(SDLK_z, KMOD_LCTRL | KMOD_LSHIFT), press(SDLK_y, KMOD_LCTRL);
  EXPECT_EQ(editor_.mapping(), last);
  press(SDLK_z, KMOD_LCTRL);
  press(SDLK_LEFT);
  EXPECT_FALSE(editor_.can_redo()) << "another way was taken";
}

TEST_F(MappingEditorTest, ADragAndAHeldKeyAreOneStep) {
  editor_.select({Kind::kCorner, 2, 0});
  editor_.hold();
  for (int i = 0; i < 50; ++i) editor_.move_selected({1.0 - 0.001 * i, 1.0});
  editor_.release();
  editor_.edit(true);
  editor_.select({Kind::kCorner, 2, 0});
  press(SDLK_UP);
  for (int i = 0; i < 30; ++i) press(SDLK_UP, 0, true);
  EXPECT_NEAR(corner(2).y, 1080.0 - 31.0, 1e-9);
  editor_.change([](stage::Mapping& m) { m.flip_x = true; });
  editor_.undo();
  EXPECT_NEAR(corner(2).y, 1080.0 - 31.0, 1e-9) << "what is not the key is a step of its own";
  editor_.undo();
  EXPECT_NEAR(corner(2).y, 1080.0, 1e-9);
  editor_.undo();
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
  EXPECT_FALSE(editor_.can_undo());
}

TEST_F(MappingEditorTest, StepsAreBoundedAndThoseOfEachOutputItsOwn) {
  editor_.edit(true);
  for (int i = 0; i < 300; ++i) press(i % 2 ? SDLK_RIGHT : SDLK_DOWN);
  editor_.choose_output(1);
  EXPECT_FALSE(editor_.can_undo());
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
  press(SDLK_RIGHT);
  EXPECT_NEAR(corner(0).x, 1.0, 1e-9) << "a pixel of this output";
  editor_.choose_output(0);
  int undone = 0;
  for (; editor_.can_undo(); ++undone) editor_.undo();
  EXPECT_EQ(undone, static_cast<int>(MappingEditor::kMaxSteps));
}

TEST_F(MappingEditorTest, AnOutputThatComesBackKeepsWhatWasEdited) {
  editor_.edit(true);
  press(SDLK_RIGHT);
  const stage::Mapping edited = editor_.mapping();
  editor_.set_outputs({{{"B", "", 1920, 0, true, {}}, 1280, 720}, {{"A", "HDMI-1", 0, 0, true, {}}, 1920, 1080}});
  EXPECT_EQ(editor_.output(), 1u);
  EXPECT_EQ(editor_.mapping(), edited);
  editor_.undo();
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
  const std::uint64_t before = editor_.revision();
  editor_.set_outputs({});
  EXPECT_GT(editor_.revision(), before);
  EXPECT_FALSE(editor_.editing());
  EXPECT_FALSE(press(SDLK_RIGHT));
  editor_.undo(), editor_.add_mask(), editor_.remove_mask(0), editor_.select_next(), editor_.set_mesh(3, 3);
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
}

TEST_F(MappingEditorTest, AMeshKeepsItsBendWhenItGetsMorePoints) {
  editor_.set_mesh(3, 3);
  editor_.change([](stage::Mapping& m) { m.mesh.bend.assign(9, {0.0, 0.0}), m.mesh.bend[4] = {0.0, 0.1}; });
  editor_.set_mesh(5, 5);
  EXPECT_EQ(editor_.mapping().mesh.columns, 5);
  EXPECT_NEAR(editor_.mapping().mesh.at(2, 2).y, 0.1, 1e-9);
  EXPECT_GT(editor_.mapping().mesh.at(1, 2).y, 0.03);
  editor_.reset(MappingPart::kMesh);
  EXPECT_TRUE(editor_.mapping().mesh.straight());
  EXPECT_EQ(editor_.mapping().mesh.columns, 5);
}

TEST_F(MappingEditorTest, MasksGainAndLosePoints) {
  editor_.add_mask();
  ASSERT_EQ(editor_.selected(), (stage::MappingPoint{Kind::kMask, 0, 0}));
  editor_.add_mask_point(0, 3);
  EXPECT_EQ(editor_.mapping().masks[0].points.size(), 5u);
  EXPECT_EQ(editor_.selected().index, 4);
  for (int i = 0; i < 9; ++i) editor_.remove_selected();
  EXPECT_EQ(editor_.mapping().masks[0].points.size(), stage::kMinMaskPoints);
  for (int i = 0; i < 40; ++i) editor_.add_mask();
  EXPECT_EQ(editor_.mapping().masks.size(), stage::kMaxMasks);
  editor_.remove_mask(0);
  EXPECT_EQ(editor_.mapping().masks.size(), stage::kMaxMasks - 1);
  editor_.reset(MappingPart::kAll);
  EXPECT_TRUE(stage::is_plain(editor_.mapping()));
}

TEST_F(MappingEditorTest, ACornerThatWouldFoldTheSurfaceStaysWhereItCanBe) {
  editor_.select({Kind::kCorner, 0, 0});
  editor_.hold();
  editor_.move_selected({0.3, 0.3});
  editor_.move_selected({0.9, 0.9});
  EXPECT_EQ(editor_.mapping().corners[0], glm::dvec2(0.3, 0.3));
}

TEST(MappingEditor, EditingEndsWithItsOutput) {
  const MappedOutput one{{.display = "one"}, 640, 480}, two{{.display = "two"}, 640, 480};
  MappingEditor editor;
  editor.set_outputs({one, two});
  editor.choose_output(1);
  editor.edit(true);
  editor.hold();
  editor.set_outputs({one, two});
  EXPECT_TRUE(editor.editing());
  EXPECT_TRUE(editor.held()) << "what happens to other windows takes no point from the hand";
  editor.set_outputs({one});
  EXPECT_FALSE(editor.editing());
  editor.edit(true);
  editor.set_outputs({});
  editor.set_outputs({one});
  EXPECT_FALSE(editor.editing()) << "no test card comes up by itself";
}

}  // namespace
}  // namespace ombra::show
