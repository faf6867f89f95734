// A take holds the show: drawn again it is what was seen; cut off, damaged or somebody else's it is refused
// or read as far as it goes.

#include "show/offline/take_show.hpp"

#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/rng.hpp"
#include "gfx/framebuffer.hpp"
#include "media/read/audio_reader.hpp"
#include "show/headless_show.hpp"
#include "temp_folder.hpp"

#include <sys/mount.h>

#include <cmath>

namespace ombra::show {
namespace {

namespace fs = std::filesystem;

class Takes : public test::FolderTest {
 protected:
  Takes() {
    fs::remove(folder);  // a take makes its own
    options.input = "bundled track";
    options.take = folder;
    options.take_dancer.model = options.model, options.take_dancer.seed = 7;
    options.version = "test";
    again.folder = folder;
    again.dancer = [](const TakeDancer&) { return capsule_dancers(); };
  }

  // Plays a show of n frames; -> what was seen
  std::vector<gfx::Image> play(int n, const std::function<void(Session&, int)>& act = {}) {
    std::vector<gfx::Image> seen;
    Session session(options);
    for (int i = 0; i < n; ++i) {
      if (act) act(session, i);
      EXPECT_TRUE(session.frame());
      seen.push_back(gfx::read_pixels(0, options.width, options.height));
    }
    return seen;
  }
  std::vector<gfx::Image> drawn_again() {
    std::vector<gfx::Image> all;
    TakeShow show(again);
    gfx::Image picture;
    while (show.next(picture)) all.push_back(picture);
    EXPECT_EQ(static_cast<std::int64_t>(all.size()), show.frames());
    return all;
  }
  // -> pictures in which a pixel differs by more than one level of 255: a window is drawn upside down, which rounds
  // otherwise here and there
  static int different(const std::vector<gfx::Image>& a, const std::vector<gfx::Image>& b) {
    int n = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      n += std::equal(a[i].pixels.begin(), a[i].pixels.end(), b[i].pixels.begin(), b[i].pixels.end(),
                      [](int x, int y) { return std::abs(x - y) <= 1; })
               ? 0
               : 1;
    }
    return n;
  }

  SessionOptions options = headless_options();
  TakeShowOptions again;
};

void a_night(Session& session, int frame) {
  ShowParams& p = session.params();
  if (frame == 20) p.set_text("dancer/count", "3");
  if (frame == 35) p.fire(p.jump.index);
  if (frame == 50) p.set_text("look/name", "neon");
  if (frame == 60) p.set_text("look/ink", "#40a0ff");
  if (frame == 70) p.set_text("dancer/hold", "on");
  if (frame == 80) p.set_text("dancer/hold", "off");
  if (frame == 85) p.set_text("show/offset_ms", "120");
  if (frame == 90) p.set_text("dancer/detail", "256");
}

TEST_F(Takes, EveryFrameIsDrawnAgainAsItWasSeen) {
  const std::vector<gfx::Image> seen = play(120, a_night);
  again.fps = 0.0;
  const std::vector<gfx::Image> drawn = drawn_again();
  ASSERT_EQ(drawn.size(), seen.size());
  EXPECT_EQ(different(seen, drawn), 0);
  EXPECT_GT(different(std::vector(seen.begin() + 1, seen.end()), seen), 100) << "a standing picture proves nothing";
}

TEST_F(Takes, ARealDancerDancesTheSameAgain) {
  options.model = data_folder() / "models" / "ombra";
  options.dancer = model_dancers("cpu", 7);
  options.take_dancer.model = options.model;
  const std::vector<gfx::Image> seen = play(150, [](Session& session, int frame) {
    a_night(session, frame);
    session.params().set(session.params().temperature.index, 0.6 + 0.005 * frame);
  });
  again.dancer = [](const TakeDancer& d) { return model_dancers(d.device, d.seed); };
  again.fps = 0.0;
  EXPECT_EQ(different(seen, drawn_again()), 0);
  again.dancer = [](const TakeDancer& d) { return model_dancers(d.device, d.seed + 1); };
  EXPECT_GT(different(seen, drawn_again()), 50) << "the seed decides the dance";
}

TEST_F(Takes, AnotherRateSizeAndPart) {
  Session session(options);
  run_for(session, 5.0);
  again.fps = 100.0, again.width = 640, again.height = 360;
  again.from_s = 1.0, again.to_s = 2.0;
  // cut off as after a kill -9: the show still runs
  std::vector<gfx::Image> drawn;
  TakeShow show(again);
  EXPECT_EQ(show.frames(), 100);
  gfx::Image picture;
  while (show.next(picture)) {
    drawn.push_back(picture);
    EXPECT_NEAR(show.picture_s(), 1.0 + 0.01 * static_cast<double>(drawn.size() - 1), 1e-6);
  }
  ASSERT_EQ(drawn.size(), 100u);
  EXPECT_EQ(drawn[0].width, 640);
  EXPECT_EQ(drawn[0].height, 360);
  EXPECT_GT(different(std::vector(drawn.begin() + 1, drawn.end()), drawn), 90) << "poses between steps";
}

TEST_F(Takes, SoundIsKeptAsItWasHeardAndFilesAreSmall) {
  double seconds = 0.0;
  TakeStatus status;
  {
    Session session(options);
    const double begun_s = now_s();
    while (now_s() - begun_s < 6.0) ASSERT_TRUE(session.frame());
    seconds = now_s() - begun_s;
  }
  const media::Sound sound = media::read_audio(folder / "sound.flac");
  EXPECT_EQ(sound.channels, 2);
  EXPECT_NEAR(sound.seconds(), seconds, 3.0);
  double loudest = 0.0;
  for (const float x : sound.samples) loudest = std::max<double>(loudest, std::abs(x));
  EXPECT_GT(loudest, 0.05) << "silence";
  const double mb_an_hour = static_cast<double>(fs::file_size(folder / "score.bin")) / seconds * 3600.0 / 1e6;
  EXPECT_LT(mb_an_hour, 40.0);
  RecordProperty("score_mb_an_hour", std::to_string(mb_an_hour));
  std::printf("score: %.1f MB an hour\n", mb_an_hour);
}

TEST_F(Takes, IsRefusedWhereItCannotBeRight) {
  play(10);
  EXPECT_THROW(Take(folder, {}, "test"), Error) << "the folder holds a take";
  EXPECT_TRUE(is_take(folder));
  EXPECT_FALSE(is_take(folder / "none"));
  const auto message = [&] {
    try {
      const TakeShow show(again);
      return std::string("nothing");
    } catch (const Error& fault) {
      return std::string(fault.what());
    }
  };
  again.from_s = 100.0;
  EXPECT_NE(message().find("nothing is left"), std::string::npos) << message();
  again.from_s = 0.0;
  std::string facts = read_text(folder / "take.json");
  const auto at = facts.find("\"weights\": \"");
  ASSERT_NE(at, std::string::npos);
  write_atomically(folder / "take.json", facts.substr(0, at + 12) + "00" + facts.substr(at + 12));
  EXPECT_NE(message().find("not the model that danced"), std::string::npos) << message();
  write_atomically(folder / "take.json", "{}");
  EXPECT_NE(message().find("does not describe a take"), std::string::npos) << message();
  write_atomically(folder / "take.json", facts);
  write_atomically(folder / "score.bin", "ombra take 9\n....");
  EXPECT_NE(message().find("another version"), std::string::npos) << message();
}

TEST_F(Takes, AFullDiskEndsTheTakeAndNotTheShow) {
  fs::create_directories(folder);
  if (::mount("none", folder.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "a small disk cannot be mounted here";
  options.take = folder / "night";
  {
    Session session(options);
    std::uint64_t frames = 0;
    for (const double end_s = now_s() + 3.0; now_s() < end_s; ++frames) ASSERT_TRUE(session.frame());
    EXPECT_EQ(session.report().frames, frames);
  }
  again.folder = options.take, again.fps = 0.0;
  EXPECT_TRUE(fs::exists(again.folder / "take.json"));
  EXPECT_LT(fs::file_size(again.folder / "score.bin"), 20000u) << "it went on";
  ::umount(folder.c_str());
}

// ---- the file alone

DanceRequest request_at(double time_s) {
  DanceRequest r;
  r.seen_s = time_s, r.grid.anchor_s = time_s, r.grid.bpm = 120.0 + std::sin(time_s);
  r.controls.energy = static_cast<float>(std::cos(time_s)), r.hold = std::sin(5.0 * time_s) > 0.0;
  return r;
}

// -> how many records come back, each of them checked against what was written where `intact`
int read_all(const fs::path& path, bool intact) {
  ScoreReader reader(path);
  RecordKind kind{};
  std::string_view bytes;
  int n = 0;
  while (reader.next(kind, bytes)) {
    DanceRequest r;
    FrameRecord f;
    if (intact) {
      EXPECT_EQ(kind, RecordKind::kStep);
      EXPECT_EQ(bytes, packed(request_at(0.1 * n)));
      EXPECT_TRUE(unpack(bytes, r));
      EXPECT_EQ(r.seen_s, 0.1 * n);
    } else {
      (void)(kind == RecordKind::kFrame ? unpack(bytes, f) : unpack(bytes, r));
    }
    ++n;
  }
  return n;
}

void write_score(const fs::path& path, int records) {
  ScoreWriter writer(path);
  ScorePacker packer;
  std::string bytes;
  for (int i = 0; i < records; ++i) {
    packer.pack(RecordKind::kStep, packed(request_at(0.1 * i)), bytes);
    if (i % 50 == 49) writer.write(bytes), bytes.clear();
  }
  writer.write(bytes);
}

TEST_F(Takes, AScoreComesBackAndOneThatIsCutOffAsFarAsItGoes) {
  fs::create_directories(folder);
  const fs::path path = folder / "score.bin";
  write_score(path, 500);
  EXPECT_EQ(read_all(path, true), 500);
  const auto size = fs::file_size(path);
  EXPECT_LT(size, 500 * packed(DanceRequest{}).size() / 2) << "hardly compressed";
  fs::resize_file(path, size / 2);
  const int half = read_all(path, true);
  EXPECT_GT(half, 150);
  EXPECT_LT(half, 400);
}

TEST_F(Takes, ADamagedScoreEndsAndNothingElseHappens) {
  fs::create_directories(folder);
  const fs::path path = folder / "score.bin";
  write_score(path, 300);
  const std::string whole = read_text(path);
  Rng rng(9);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = whole;
    for (int k = 0; k < 4; ++k)
      damaged[static_cast<std::size_t>(13 + rng.below(static_cast<int>(whole.size()) - 13))] =
          static_cast<char>(rng.below(256));
    write_atomically(path, damaged);
    EXPECT_LE(read_all(path, false), 1000);
  }
}

TEST_F(Takes, NumbersThatNoShowMakesAreNoRecord) {
  DanceRequest r = request_at(1.0), back;
  EXPECT_TRUE(unpack(packed(r), back));
  r.grid.bpm = NAN;
  EXPECT_FALSE(unpack(packed(r), back));
  r = request_at(1.0), r.dancers = 1000000;
  EXPECT_FALSE(unpack(packed(r), back));
  r = request_at(1.0), r.figure.build = 1e9f;
  EXPECT_FALSE(unpack(packed(r), back));
  r = request_at(1.0), r.field_size = 1 << 30;
  EXPECT_FALSE(unpack(packed(r), back));
  EXPECT_FALSE(unpack(packed(request_at(1.0)) + "x", back));
  FrameRecord f, g;
  f.width = 640, f.height = 360;
  EXPECT_TRUE(unpack(packed(f), g));
  f.width = 1 << 30;
  EXPECT_FALSE(unpack(packed(f), g));
}

}  // namespace
}  // namespace ombra::show
