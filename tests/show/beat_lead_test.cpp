// The parameters beat/* on the conductor.

#include "show/live/beat_lead.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::show {
namespace {

constexpr double kFrameS = 1.0 / 60.0;

struct Desk {
  ShowParams params{{"lantern"}};
  BeatLead lead{""};
  BeatGrid heard;
  BeatGrid grid;
  double now_s = 10.0;

  Desk() { heard.bpm = 120.0, heard.confidence = 0.8f; }
  void run(double seconds) {
    for (const double end = now_s + seconds; now_s < end; now_s += kFrameS) {
      const LeadStep step = lead.step(params, heard, now_s, kFrameS);
      grid = step.grid;
      if (step.typed) params.set(params.typed_bpm.index, 0.0);
      if (step.freed) params.set(params.free_run.index, 0.0);
      params.end_triggers();
    }
  }
  void press(TriggerParam p) { params.fire(p.index); }
};

TEST(BeatLead, PassesTheEarsOn) {
  Desk desk;
  desk.run(2.0);
  EXPECT_NEAR(desk.grid.beat_at(desk.now_s), desk.heard.beat_at(desk.now_s), 1e-9);
  EXPECT_EQ(lead_text(desk.lead.status()), "ears");
}

TEST(BeatLead, TapsLeadAndAreGivenBack) {
  Desk desk;
  desk.run(1.0);
  for (int i = 0; i < 6; ++i) {
    desk.press(desk.params.tap);
    desk.run(0.6);
  }
  EXPECT_EQ(desk.lead.status().lead.lead, audio::Lead::kHand);
  EXPECT_NEAR(desk.lead.status().lead.bpm, 100.0, 1.5);
  desk.press(desk.params.beat_reset);
  desk.run(4.0);
  EXPECT_EQ(desk.lead.status().lead.lead, audio::Lead::kTracker);
  EXPECT_NEAR(desk.grid.bpm, 120.0, 0.01);
}

TEST(BeatLead, ATypedTempoIsForgottenWhenTheHandGoes) {
  Desk desk;
  desk.run(1.0);
  desk.params.set_text("beat/bpm", "101.5");
  desk.run(3.0);
  EXPECT_NEAR(desk.grid.bpm, 101.5, 0.01);
  EXPECT_NEAR(desk.params.base(desk.params.typed_bpm.index), 101.5, 1e-9);
  desk.press(desk.params.beat_reset);
  desk.run(0.1);
  EXPECT_EQ(desk.params.base(desk.params.typed_bpm.index), 0.0);
}

TEST(BeatLead, SaysWhyATapDoesNothing) {
  Desk desk;
  desk.params.set_text("beat/lead", "ears");
  desk.run(1.0);
  EXPECT_EQ(desk.lead.status().message, "");
  desk.press(desk.params.tap);
  desk.run(0.1);
  EXPECT_NE(desk.lead.status().message.find("locked to ears"), std::string::npos) << desk.lead.status().message;
  EXPECT_EQ(lead_text(desk.lead.status()), "ears, locked");
  desk.run(6.0);
  EXPECT_EQ(desk.lead.status().message, "");
}

TEST(BeatLead, SaysWhyALockedLeadIsSilent) {
  Desk desk;
  desk.params.set_text("beat/lead", "link");
  desk.run(1.0);
  EXPECT_NE(desk.lead.status().message.find("switch it on"), std::string::npos) << desk.lead.status().message;
  desk.params.set_text("beat/lead", "midi");
  desk.run(1.0);
  EXPECT_NE(desk.lead.status().message.find("no input is open"), std::string::npos) << desk.lead.status().message;
  EXPECT_NEAR(desk.grid.bpm, 120.0, 0.01) << "the last tempo goes on";
}

TEST(BeatLead, NudgesHalvesAndRunsFree) {
  Desk desk;
  desk.run(1.0);
  for (int i = 0; i < 3; ++i) {
    desk.press(desk.params.earlier);
    desk.run(kFrameS);
  }
  desk.press(desk.params.later);
  desk.run(3.0);
  EXPECT_NEAR(desk.lead.status().lead.nudge_ms, 20.0, 1e-9);
  EXPECT_NEAR((desk.grid.beat_at(desk.now_s) - desk.heard.beat_at(desk.now_s)) * 0.5, 0.020, 1e-4);
  desk.press(desk.params.half);
  desk.run(6.0);
  EXPECT_NEAR(desk.grid.bpm, 60.0, 0.01);
  desk.params.set(desk.params.free_run.index, 1.0);
  desk.heard.bpm = 133.0;
  desk.run(5.0);
  EXPECT_NEAR(desk.grid.bpm, 60.0, 0.01);
  EXPECT_EQ(lead_text(desk.lead.status()), "runs free");
  desk.press(desk.params.beat_reset);
  desk.run(6.0);
  EXPECT_FALSE(desk.params.get(desk.params.free_run));
  EXPECT_NEAR(desk.grid.bpm, 133.0, 0.01);
}

TEST(BeatLead, PresetsKeepTheLeadAndNoMomentaryAct) {
  const ShowParams params{{"lantern"}};
  for (const char* path : {"beat/lead", "beat/link"}) EXPECT_FALSE(params.declaration(params.find(path)).transient);
  for (const char* path : {"beat/tap", "beat/earlier", "beat/later", "beat/resync", "beat/double", "beat/half",
                           "beat/reset", "beat/bpm", "beat/free", "beat/link_lead"}) {
    EXPECT_TRUE(params.declaration(params.find(path)).transient) << path;
  }
}

}  // namespace
}  // namespace ombra::show
