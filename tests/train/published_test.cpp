// The published systems (models/recipes/) at work: each learns from a small made-up dance, is saved, loaded and dances;
// and what their papers report of failure and success happens here too.
#include "core/file.hpp"
#include "model/dancers/generator.hpp"
#include "model/layers/model_folder.hpp"
#include "temp_folder.hpp"
#include "train/train.hpp"
#include "train/train_frames.hpp"
#include "train/train_painter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using model::FrameDancer;
using model::Recipe;
using torch::Tensor;

// ---- a dance in black on white

constexpr int kWidth = 96, kHeight = 54;
constexpr double kFps = 30.0;

// Distance of (x, y) to the segment from (ax, ay) to (bx, by).
double to_segment(double x, double y, double ax, double ay, double bx, double by) {
  const double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
  const double t = square > 0.0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / square, 0.0, 1.0) : 0.0;
  return std::hypot(x - ax - t * dx, y - ay - t * dy);
}

// A stout figure whose arms and legs swing; two rates, so that it takes long to repeat itself. Were it slim, squares of
// differences under a sigmoid (deepdance-2020) would be content with white.
void draw(double time_s, std::span<std::uint8_t> picture) {
  const double a = std::sin(2.0 * std::numbers::pi * 0.8 * time_s),
               b = std::sin(2.0 * std::numbers::pi * 0.33 * time_s);
  const double x = 48.0 + 10.0 * b, hip = 30.0 + 2.0 * a;
  for (int row = 0; row < kHeight; ++row) {
    for (int column = 0; column < kWidth; ++column) {
      const double u = column + 0.5, v = row + 0.5;
      const double body = to_segment(u, v, x, 16.0, x, hip) - 8.0, head = std::hypot(u - x - a, v - 9.0) - 7.0;
      const double arms = std::min(to_segment(u, v, x, 17.0, x + 14.0, 18.0 + 12.0 * a),
                                   to_segment(u, v, x, 17.0, x - 14.0, 18.0 - 12.0 * b)) -
                          4.0;
      const double legs = std::min(to_segment(u, v, x, hip, x + 6.0 + 4.0 * a, 51.0),
                                   to_segment(u, v, x, hip, x - 6.0 + 4.0 * b, 51.0)) -
                          5.0;
      const bool figure = std::min({body, head, arms, legs}) < 0.0;
      picture[static_cast<std::size_t>(row * kWidth + column)] = figure ? 0 : 255;
    }
  }
}

// Footage of `clips` dances of `seconds` each, as `ombra prepare` would store it.
void write_footage(const fs::path& file, int clips, double seconds) {
  DataTable table;
  table.fps = kFps;
  table.width = kWidth, table.height = kHeight;
  table.picture = PictureKind::kBinary;
  const auto length = static_cast<std::int64_t>(seconds * kFps);
  for (int c = 0; c < clips; ++c) {
    DataClip clip;
    clip.name = "made up " + std::to_string(c);
    clip.source = "drawn by a test", clip.licence = "CC0", clip.beat_source = "none";
    clip.fps = kFps;
    clip.start = c * length, clip.length = length;
    table.clips.push_back(clip);
  }
  const auto frames = static_cast<std::size_t>(length) * static_cast<std::size_t>(clips);
  Pose2 unknown;
  unknown.fill({NAN, NAN});
  table.pose.assign(frames, unknown);
  table.beat.assign(frames, NAN);
  table.energy.assign(frames, 1.0f);
  write_data_set(file, table, [](std::int64_t first, std::span<std::uint8_t> pictures) {
    constexpr std::size_t kBytes = kWidth * kHeight;
    for (std::size_t i = 0; i < pictures.size() / kBytes; ++i)
      draw(static_cast<double>(first + static_cast<std::int64_t>(i)) / kFps, pictures.subspan(i * kBytes, kBytes));
  });
}

fs::path file_of(const std::string& name) { return fs::path(OMBRA_SOURCE) / "models/recipes" / (name + ".toml"); }

// The recipe's text with the value of `key` in table `[where]` replaced.
std::string with(std::string text, const std::string& where, const std::string& key, const std::string& value) {
  const auto table = text.find("\n[" + where + "]\n");
  const auto line = text.find("\n" + key + " = ", table);
  EXPECT_TRUE(table != std::string::npos && line != std::string::npos) << where << " " << key;
  return text.replace(line + 1, text.find('\n', line + 1) - line - 1, key + " = " + value);
}

// ---- each of them learns, is saved, loaded, and dances

// Few steps of small batches: the recipe is otherwise as it is.
struct Lesson {
  const char* name;
  int painter_steps, painter_batch, dancer_steps, dancer_batch;
  double picture_loss = 0.5, dancer_loss = 0.7;  // at most this share of what the untrained networks have
  int clips = 1;
  double seconds = 3.0;
};

class PublishedSystem : public ombra::test::FolderTest, public testing::WithParamInterface<Lesson> {};
INSTANTIATE_TEST_SUITE_P(Recipes, PublishedSystem,
                         testing::Values(Lesson{.name = "huang-2017",
                                                .painter_steps = 60,
                                                .painter_batch = 8,
                                                .dancer_steps = 25,
                                                .dancer_batch = 5,
                                                .seconds = 6.0},
                                         Lesson{.name = "huang-2017-fnn",
                                                .painter_steps = 60,
                                                .painter_batch = 8,
                                                .dancer_steps = 200,
                                                .dancer_batch = 32},
                                         Lesson{.name = "dancenet-2018",
                                                .painter_steps = 12,
                                                .painter_batch = 2,
                                                .dancer_steps = 15,
                                                .dancer_batch = 16,
                                                .picture_loss = 0.7,
                                                .dancer_loss = 1.0},
                                         Lesson{.name = "deepdance-2020",
                                                .painter_steps = 24,
                                                .painter_batch = 4,
                                                .dancer_steps = 40,
                                                .dancer_batch = 8,
                                                .picture_loss = 0.65,
                                                .dancer_loss = 0.95,
                                                .seconds = 6.0},
                                         Lesson{.name = "karroqe-2020-simple",
                                                .painter_steps = 200,
                                                .painter_batch = 32,
                                                .dancer_steps = 60,
                                                .dancer_batch = 8},
                                         Lesson{.name = "karroqe-2020-sparse",
                                                .painter_steps = 200,
                                                .painter_batch = 32,
                                                .dancer_steps = 60,
                                                .dancer_batch = 8},
                                         Lesson{.name = "karroqe-2020-deep",
                                                .painter_steps = 200,
                                                .painter_batch = 32,
                                                .dancer_steps = 60,
                                                .dancer_batch = 8},
                                         Lesson{.name = "karroqe-2020-conv",
                                                .painter_steps = 100,
                                                .painter_batch = 8,
                                                .dancer_steps = 12,
                                                .dancer_batch = 4,
                                                .dancer_loss = 0.9},
                                         Lesson{.name = "nguyen-2023",
                                                .painter_steps = 12,
                                                .painter_batch = 2,
                                                .dancer_steps = 30,
                                                .dancer_batch = 16,
                                                .picture_loss = 0.8,
                                                .dancer_loss = 0.95,
                                                .clips = 3,
                                                .seconds = 1.0}),
                         [](const auto& p) {
                           std::string name = p.param.name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(PublishedSystem, LearnsIsSavedLoadedAndDances) {
  const Lesson& lesson = GetParam();
  write_footage(folder / "data.safetensors", lesson.clips, lesson.seconds);
  std::string text = read_text(file_of(lesson.name), 1u << 20);
  text = with(text, "painter.train", "steps", std::to_string(lesson.painter_steps));
  text = with(text, "painter.train", "batch", std::to_string(lesson.painter_batch));
  text = with(text, "dancer.train", "steps", std::to_string(lesson.dancer_steps));
  text = with(text, "dancer.train", "batch", std::to_string(lesson.dancer_batch));
  write_atomically(folder / "recipe.toml", text);
  TrainOptions options;
  options.recipe = (folder / "recipe.toml").string();
  options.data = folder / "data.safetensors";
  options.output = folder / "model";
  options.device = "cpu";
  ASSERT_TRUE(train(options));

  // what was learned, from the files
  const torch::NoGradGuard no_grad;
  model::Model learned = model::load_model(folder / "model", torch::kCPU);
  torch::manual_seed(1);
  model::Model fresh = model::make_model(learned.recipe, learned.alternative);
  for (model::Model* m : {&learned, &fresh}) m->painter->eval(), m->dancer->eval();
  const FrameView view(std::make_shared<const DataSet>(options.data), learned.recipe.frames);
  std::vector<std::int64_t> some;
  for (std::int64_t i = 0; i < 4; ++i) some.push_back(i * (view.frames() - 1) / 3);
  const Tensor pictures = view.pictures(some);
  const auto picture_loss_of = [&](model::Model& m) {
    return picture_loss(m.recipe, m.painter->decode_pictures(m.painter->encode(pictures)), pictures).item<double>();
  };
  const double before = picture_loss_of(fresh), after = picture_loss_of(learned);
  EXPECT_TRUE(std::isfinite(after));
  EXPECT_LT(after, lesson.picture_loss * before) << "pictures come back";

  const std::vector<Passage> passages = encode_clips(view, learned.painter, false);
  const std::int64_t window = learned.recipe.dancer.train.window;
  fresh.dancer->fit_scale(passages.front().codes);
  const Tensor codes = passages.front().codes.narrow(0, 0, window + 1).unsqueeze(0);
  const auto dancer_loss_of = [&](model::Model& m) {
    return m.dancer->loss(codes.narrow(1, 0, window), codes.narrow(1, 1, window)).item<double>();
  };
  EXPECT_LT(dancer_loss_of(learned), lesson.dancer_loss * dancer_loss_of(fresh)) << "the next frame is foreseen better";

  // the dance
  model::Generator dancer(folder / "model", "cpu", 1);
  EXPECT_EQ(dancer.info().kind, "frames");
  EXPECT_EQ(dancer.info().latent_size, learned.recipe.painter.code);
  EXPECT_GT(dancer.info().seeds, 0);
  model::DanceControls controls;
  std::vector<float> latents(static_cast<std::size_t>(dancer.info().latent_size));
  for (int i = 0; i <= 30; ++i) {
    const model::Timestamp now{i / 15.0, i / 7.5};
    dancer.advance(now, controls);
    dancer.pull(now, controls, latents);
    ASSERT_TRUE(std::all_of(latents.begin(), latents.end(), [](float x) { return std::isfinite(x); })) << "at " << i;
  }
  FieldImage image;
  dancer.decode(latents, 48, image);
  EXPECT_TRUE(std::all_of(image.distance.begin(), image.distance.end(), [](float x) { return std::isfinite(x); }));
}

}  // namespace
}  // namespace ombra::train
