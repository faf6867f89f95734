// A painter of people: learns two toy figures from a made-up dance, keeps what it learned in a model folder, dances as
// either of them and as anybody between, from any side.

#include "core/interrupt.hpp"
#include "core/rng.hpp"
#include "evaluate/evaluate.hpp"
#include "model/dancers/generator.hpp"
#include "model/layers/model_folder.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/synthetic.hpp"
#include "train/tiny_people.hpp"
#include "train/toy_figure.hpp"
#include "train/train.hpp"
#include "train/train_painter.hpp"
#include "train/train_people.hpp"
#include "train/troupe/build_traits.hpp"
#include "train/troupe/fit_person.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/people_draw.hpp"

#include "footage/prepare/prepare.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <fstream>

namespace ombra::train {
namespace {

using ombra::test::ToyFigure;
using ombra::test::write_toy_figure;
using torch::Tensor;

// One training of a second or two for all of them.
class PeoplePainter : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new std::filesystem::path(std::filesystem::path(testing::TempDir()) / "people_painter");
    const std::filesystem::path& at = *folder_;
    std::filesystem::remove_all(at);
    std::filesystem::create_directories(at / "motion");
    std::filesystem::create_directories(at / "bodies");
    std::ofstream(at / "motion" / "salsa.trc") << test::trc_text(test::dance(12.0, 30.0, 120.0), 30.0);
    std::ofstream(at / "motion" / "other.trc") << test::trc_text(test::dance(8.0, 30.0, 100.0), 30.0);
    std::ofstream(at / "motion" / "held.trc") << test::trc_text(test::dance(6.0, 30.0, 110.0), 30.0);
    std::ofstream(at / "motion" / "manifest.csv")
        << "clip,exact_bpm,style\nsalsa,120,salsa\nother,100,house\nheld,110,house\n";
    write_toy_figure(at / "bodies" / "anna.glb", {});
    ToyFigure small;
    small.scale = 0.8f;
    small.hair = true;
    write_toy_figure(at / "bodies" / "bert.glb", small);
    std::ofstream(at / "recipe.toml") << test::kTinyPeople;
    PrepareOptions prepare_options;
    prepare_options.inputs = {at / "motion"};
    prepare_options.output = at / "data.safetensors";
    prepare_options.yaws = {0.0};
    prepare_options.hold_out = {"held"};
    prepare_options.size = 32;
    prepare(prepare_options);
    train(options(at / "model"));
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(*folder_);
    delete folder_;
  }

  static TrainOptions options(const std::filesystem::path& output) {
    TrainOptions o;
    o.recipe = (*folder_ / "recipe.toml").string();
    o.data = *folder_ / "data.safetensors";
    o.bodies = *folder_ / "bodies";
    o.output = output;
    o.device = "cpu";
    return o;
  }
  static std::filesystem::path at(const char* name) { return *folder_ / name; }

  static std::filesystem::path* folder_;
};
std::filesystem::path* PeoplePainter::folder_ = nullptr;

std::vector<float> figure_of(model::Generator& dancer, const model::FigureControls& controls) {
  std::vector<float> latents(static_cast<std::size_t>(dancer.info().latent_size * dancer.dancers())),
      figures(static_cast<std::size_t>(dancer.info().figure_size * dancer.dancers()));
  dancer.advance({1.0, 2.0, 0.0}, {});
  dancer.pull({1.0, 2.0, 0.0}, {}, latents);
  dancer.embody(latents, 100.0, controls, figures);
  return figures;
}

std::vector<float> field_of(model::Generator& dancer, const model::FigureControls& controls) {
  FieldImage image;
  dancer.decode(figure_of(dancer, controls), 64, image);
  return image.distance;
}

double mean_apart(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

TEST_F(PeoplePainter, DrawsTheFiguresThatItLearned) {
  model::Model m = model::load_model(at("model"), torch::kCPU);
  EXPECT_EQ(m.people.names, (std::vector<std::string>{"anna", "bert"}));
  const torch::NoGradGuard no_grad;
  const DataSet data(at("data.safetensors"));
  PeopleDraw held(data, read_troupe(at("bodies")), true);
  ASSERT_FALSE(held.empty());
  Rng rng(3);
  const DrawnPeople wanted = held.draw(0, 16, 64, rng);
  const Tensor strokes = m.painter->people_strokes(wanted.bodies, m.people.vectors.index_select(0, wanted.who));
  EXPECT_GT(intersection_over_union(model::stroke_field(strokes, 64), wanted.fields), 0.55);
}

TEST_F(PeoplePainter, DancesAsAnybodyFromAnySide) {
  model::Generator dancer(at("model"), "cpu", 1);
  ASSERT_EQ(dancer.info().people.size(), 2u);
  EXPECT_EQ(dancer.info().figure_size, static_cast<int>(model::kBodyNumbers) + 4);
  const std::vector<float> anna = field_of(dancer, {.person = 1.0f}), bert = field_of(dancer, {.person = 2.0f}),
                           between = field_of(dancer, {.person = 1.5f});
  EXPECT_GT(mean_apart(anna, bert), 1e-4);
  EXPECT_LT(mean_apart(anna, between), mean_apart(anna, bert));
  EXPECT_EQ(field_of(dancer, {.person = 1.0f, .other = 2.0f, .morph = 1.0f}), bert);
  EXPECT_EQ(field_of(dancer, {.person = 3.0f}), anna);  // begins anew
  EXPECT_GT(mean_apart(anna, field_of(dancer, {.yaw = 90.0f})), 1e-3);
  // who goes round by a whole turn sees the same; a dancer that turns against the camera does, too
  EXPECT_LT(mean_apart(anna, field_of(dancer, {.orbit = 360.0f})), 1e-5);
  FieldImage pictures = dancer.people_pictures(48, 1);
  EXPECT_EQ(pictures.dancers, 2);
}

TEST_F(PeoplePainter, SeveralDancersAreSeveralPeopleUnlessAllAreToBeTheSame) {
  model::Generator dancer(at("model"), "cpu", 1, 3);
  const auto person = [&](const std::vector<float>& figures, std::size_t d) {
    const auto size = static_cast<std::size_t>(dancer.info().figure_size);
    return std::vector<float>(figures.begin() + static_cast<std::ptrdiff_t>((d + 1) * size - 4),
                              figures.begin() + static_cast<std::ptrdiff_t>((d + 1) * size));
  };
  const std::vector<float> each = figure_of(dancer, {}), same = figure_of(dancer, {.cast = 1});
  EXPECT_NE(person(each, 0), person(each, 1));
  EXPECT_EQ(person(each, 0), person(each, 2));
  EXPECT_EQ(person(same, 0), person(same, 1));
}

TEST_F(PeoplePainter, ARunThatIsFinishedIsLeftAsItIs) {
  const auto weights = [](const std::filesystem::path& model) {
    std::ifstream file(model / "weights.safetensors", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const TrainOptions again = options(at("again"));
  ASSERT_TRUE(train(again));
  const std::string before = weights(at("again"));
  ASSERT_TRUE(train(again));
  EXPECT_EQ(weights(at("again")), before);
}

TEST_F(PeoplePainter, AnInterruptedRunEndsBitForBitAsAnUnbrokenOne) {
  const DataSet data(at("data.safetensors"));
  const Troupe troupe = read_troupe(at("bodies"));
  model::Recipe recipe = model::read_recipe(at("recipe.toml"));
  recipe.painter.train.steps = 12;
  const auto learned = [&](const char* folder, bool broken) {
    torch::manual_seed(3);
    const model::Model m = model::make_model(recipe);
    const Tensor vectors = torch::randn({2, 4}).set_requires_grad(true);
    begin_on_bones(recipe.painter, m.painter->decoder());
    // a clock that stands still: which setting is the fastest is not left to the machine
    Where where{.folder = at(folder), .clock = [] { return 0.0; }};
    std::filesystem::create_directories(where.folder);
    const auto job_of = [&] {
      return people_job(recipe, m.painter, vectors, std::make_shared<PeopleDraw>(data, troupe, false),
                        std::make_shared<PeopleDraw>(data, troupe, true));
    };
    if (broken) {
      Job job = job_of();
      job.loss = [plain = job.loss](Rng& rng, std::int64_t step) {
        if (step == 7) set_interrupted(true);
        return plain(rng, step);
      };
      EXPECT_FALSE(run(job, where).finished);
      set_interrupted(false);
      const torch::NoGradGuard no_grad;
      for (Tensor weight : m.painter->parameters()) weight.zero_();  // it is the checkpoint that counts
      vectors.zero_();
    }
    EXPECT_TRUE(run(job_of(), where).finished);
    std::vector<Tensor> all = {vectors.detach().clone()};
    for (const Tensor& weight : m.painter->decoder().parameters()) all.push_back(weight.detach().clone());
    return all;
  };
  const std::vector<Tensor> whole = learned("unbroken", false), broken = learned("broken off", true);
  ASSERT_EQ(whole.size(), broken.size());
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_TRUE(torch::equal(whole[i], broken[i])) << i;
}

TEST_F(PeoplePainter, WhoeverGoesOnFromAModelBeginsWithItsCast) {
  TrainOptions o = options(at("further"));
  o.from = at("model");
  o.keep = {"painter", "mover", "choreographer"};
  ASSERT_TRUE(train(o));
  const model::Model before = model::load_model(at("model"), torch::kCPU),
                     after = model::load_model(o.output, torch::kCPU);
  EXPECT_EQ(after.people.names, before.people.names);
  EXPECT_TRUE(torch::allclose(after.people.vectors, before.people.vectors, 1e-3, 1e-3)) << "kept, not begun anew";
}

TEST_F(PeoplePainter, KicksAreForLearningOnly) {
  const DataSet data(at("data.safetensors"));
  const Troupe troupe = read_troupe(at("bodies"));
  const auto highest = [&](bool held_out) {
    PeopleDraw draw(data, troupe, held_out);
    Rng rng(3);
    float high = 0.0f;
    for (int i = 0; i < 20; ++i) {
      const Tensor joints = draw.pose(i * 40, 64, rng).poses.view({-1, model::kJoints, 3});
      high = std::max({high, joints.select(1, model::kLAnkle).select(1, 1).max().item<float>(),
                       joints.select(1, model::kRAnkle).select(1, 1).max().item<float>()});
    }
    return high;
  };
  EXPECT_GT(highest(false), 0.7f) << "a foot at the height of the hips";
  EXPECT_LT(highest(true), 0.5f);
}

TEST_F(PeoplePainter, WithoutFiguresOrWithAStrangersNameItSaysSo) {
  TrainOptions o = options(at("none"));
  o.bodies.clear();
  EXPECT_THROW(train(o), UsageError);
  o = options(at("none2"));
  o.without = {"nobody"};
  EXPECT_THROW(train(o), UsageError);
}

TEST_F(PeoplePainter, IsHeldAgainstItsFiguresAndAgainstOneThatItHasNeverSeen) {
  TrainOptions o = options(at("anna alone"));
  o.without = {"bert"};
  ASSERT_TRUE(train(o));
  EvaluateOptions e;
  e.model = o.output;
  e.data = o.data;
  e.bodies = o.bodies;
  e.output = at("evaluation");
  e.frames = 1600;
  e.temperatures = {0.8};
  const std::string text = evaluate(e);
  const auto report = nlohmann::json::parse(std::ifstream(e.output / "evaluation.json"));
  ASSERT_EQ(report["people"].size(), 2u);
  for (const auto& person : report["people"]) {
    EXPECT_EQ(person["learned"].get<bool>(), person["name"] == "anna");
    EXPECT_GT(person["iou"].get<double>(), person["name"] == "anna" ? 0.4 : 0.2) << person["name"];
    EXPECT_LT(person["iou"].get<double>(), 1.0);
    EXPECT_GT(person["outline_error_px_1080"].get<double>(), 0.5);
    EXPECT_GT(person["joint_error_cm"].get<double>(), 0.5);
  }
  EXPECT_GT(report["mannequin"]["iou"].get<double>(), 0.2);
  EXPECT_NE(text.find("bert"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(e.output / "people.png"));
  // and its dance by the joints
  EXPECT_GE(report["joints"].size(), 2u);
  for (const auto& dance : report["joints"]) EXPECT_GE(dance["sliding_cm_s"].get<double>(), 0.0);
  ASSERT_EQ(report["styles"].size(), 2u);
  EXPECT_GT(report["held"]["pictures"].get<int>(), 100);
  EXPECT_TRUE(std::filesystem::exists(e.output / "styles.png"));
}

TEST_F(PeoplePainter, AVectorForAFigureIsFoundInWhatItShows) {
  model::Model m = model::load_model(at("model"), torch::kCPU);
  const DataSet data(at("data.safetensors"));
  const Troupe troupe = read_troupe(at("bodies"), {"anna"});
  PeopleDraw seen(data, troupe, false), held(data, troupe, true);
  model::Model wide = with_own_axis(m);
  const Tensor found = fit_person(wide, seen, 60, 40);
  const torch::NoGradGuard no_grad;
  Rng rng(3);
  const DrawnPeople wanted = held.draw(0, 16, 64, rng);
  const auto overlap = [&](const Tensor& vector) {
    model::Painter painter = vector.size(0) == 4 ? m.painter : wide.painter;
    const Tensor strokes = painter->people_strokes(wanted.bodies, vector.unsqueeze(0).expand({16, vector.size(0)}));
    return intersection_over_union(model::stroke_field(strokes, 64), wanted.fields);
  };
  EXPECT_GT(overlap(found), overlap(m.people.vectors[0])) << "bert is drawn better than as anna";
  EXPECT_GT(overlap(found), overlap(m.people.vectors[1]) - 0.02) << "and as well as by the vector that was learned";
}

TEST_F(PeoplePainter, AFolderWhoseCastIsBrokenIsRefusedWithItsName) {
  std::filesystem::copy(at("model"), at("broken"), std::filesystem::copy_options::recursive);
  std::string text;
  {
    std::ifstream file(at("broken") / "weights.safetensors", std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  const std::size_t comma = text.find(',', text.find("anna"));
  ASSERT_LT(comma, text.size());
  text[comma] = ';';  // no list any more
  std::ofstream(at("broken") / "weights.safetensors", std::ios::binary) << text;
  EXPECT_THROW(model::Generator(at("broken"), "cpu", 1), Error);
}

// A post of one bone, so tall and so thick.
std::shared_ptr<const Person> post(float height, float radius) {
  auto person = std::make_shared<Person>();
  Bone bone;
  bone.length = height;
  bone.role = model::BoneRole{model::BodyBone::kSpine};
  person->bones.push_back(bone);
  for (const float y : {0.0f, height}) {
    for (const float side : {-1.0f, 1.0f}) {
      person->vertices.push_back({side * radius, y, 0.0f});
      SkinWeights skin;
      skin.weight[0] = 1.0f;
      person->skin.push_back(skin);
    }
  }
  return person;
}

TEST(BuildTraits, FindTheDirectionsThatMakeSomebodyTallerAndStouter) {
  Rng rng(4);
  Troupe troupe;
  std::vector<double> heights, widths;
  for (int i = 0; i < 12; ++i) {
    const double height = 1.7 + 0.1 * rng.normal(), share = 0.1 + 0.01 * rng.normal();
    troupe.push_back(post(static_cast<float>(height), static_cast<float>(height * share)));
    EXPECT_NEAR(build_of(*troupe.back()).height, height, 1e-5);
    EXPECT_NEAR(build_of(*troupe.back()).stoutness, share, 1e-5);
    heights.push_back(height), widths.push_back(share);
  }
  const auto standard = [](const std::vector<double>& x) {
    const Tensor t = torch::tensor(x);
    return (t - t.mean()) / t.std();
  };
  const Tensor tall = standard(heights), stout = standard(widths);
  const Tensor vectors = torch::stack({2.0 * tall, 0.5 * stout - tall, 0.3 + 0.0 * tall}, 1);
  const Tensor found = build_directions(troupe, vectors);
  const Tensor wanted = torch::tensor({{2.0f, -1.0f, 0.0f}, {0.0f, 0.5f, 0.0f}});
  EXPECT_LT((found - wanted).abs().max().item<double>(), 0.01);
  EXPECT_FALSE(build_directions({post(1.7f, 0.1f), post(1.8f, 0.1f)}, vectors.narrow(0, 0, 2)).defined());
}

}  // namespace
}  // namespace ombra::train
