// Somebody learned from silhouettes that a painter of people drew itself, so that the answer is known.

#include "train/troupe/person_from_footage.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/frames.hpp"
#include "core/interrupt.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/layers/body_tensors.hpp"
#include "model/layers/model_folder.hpp"
#include "model/layers/stroke_field.hpp"
#include "temp_folder.hpp"
#include "train/learn_person.hpp"
#include "train/synthetic.hpp"
#include "train/tiny_people.hpp"
#include "train/train.hpp"
#include "train/train_people.hpp"
#include "train/troupe/outlines.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/person_space.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <numbers>

namespace ombra::train {
namespace {

using torch::Tensor;

constexpr std::int64_t kSize = 48;
constexpr std::size_t kSeen = 48;

// Poses [kSeen, 60] of a dance that is seen from several sides.
Tensor poses_of_a_dance() {
  const std::vector<Pose3> dance = test::dance(8.0, 30.0, 112.0);
  const Tensor poses = torch::empty({static_cast<std::int64_t>(kSeen), model::kSpaceNumbers});
  for (std::size_t i = 0; i < kSeen; ++i) {
    const Pose3 pose = model::test::turned_by(dance[5 * i], 0.8f * std::sin(0.7f * static_cast<float>(i)));
    std::memcpy(poses.data_ptr<float>() + static_cast<std::int64_t>(i) * model::kSpaceNumbers, pose.data(),
                sizeof pose);
  }
  return poses;
}

// A painter whose strokes lie on the bones, and five people of whom each has limbs of other widths.
class FootagePersonTest : public ombra::test::FolderTest {
 protected:
  FootagePersonTest() {
    torch::manual_seed(3);
    write_atomically(folder / "recipe.toml", test::kTinyPeople);
    m = model::make_model(model::read_recipe(folder / "recipe.toml"));
    const torch::NoGradGuard no_grad;
    const auto named = m.painter->decoder().named_parameters();
    const std::string last = std::to_string(m.recipe.painter.decoder.size() - 2);
    begin_on_bones(m.recipe.painter, m.painter->decoder());
    Tensor weight = named[last + ".dense.weight"];
    const std::int64_t widths = weight.size(1) - (m.recipe.painter.people + 1);  // of a person alone
    for (std::int64_t row = 2; row < weight.size(0); row += 3)
      weight[row].narrow(0, widths, m.recipe.painter.people).copy_(0.6 * torch::randn({m.recipe.painter.people}));
    for (Tensor p : m.painter->encoder()->parameters()) p.zero_();  // every picture is the mean pose
    for (Tensor p : m.painter->parameters()) p.set_requires_grad(false);
    poses = poses_of_a_dance();
    m.painter->fit_code(poses);
    m.people.names = {"anna", "bert", "cleo", "dora", "emil"};
    m.people.vectors = torch::randn({5, m.recipe.painter.people});
    m.painter->set_person(m.people.vectors.mean(0));
    friend_ = 0.55 * m.people.vectors[1] + 0.45 * m.people.vectors[3];
  }

  Tensor drawn(const Tensor& vector) {
    const Tensor bodies = model::body_numbers(m.painter->code_of(poses), m.painter->pose_code());
    return model::stroke_field(
        m.painter->people_strokes(bodies, vector.unsqueeze(0).expand({bodies.size(0), vector.size(0)})), kSize);
  }
  // What an encoder reads: the poses, roughly
  Tensor read() {
    const Tensor codes = m.painter->code_of(poses);
    return codes + 0.1 * torch::randn_like(codes);
  }
  double off(const Tensor& vector) const { return (vector - friend_).norm().item<double>(); }
  double off_nearest() const { return (m.people.vectors - friend_).norm(2, 1).min().item<double>(); }

  model::Model m;
  Tensor poses, friend_;
};

TEST_F(FootagePersonTest, AMixtureOfTwoIsFoundBetterThanWhoeverIsNearest) {
  const Tensor fields = drawn(friend_);
  const FootagePerson found = person_from_footage(m, fields, {}, read());
  EXPECT_LT(off(found.vector), 0.35 * off_nearest());
  EXPECT_GT(found.overlap, 0.95);
  EXPECT_EQ(found.left_out, 0);
  EXPECT_EQ(found.used, static_cast<std::int64_t>(kSeen));
  // the same poses, drawn as the person that was found and as everybody else
  const double as_found = overlaps(drawn(found.vector), fields).mean().item<double>();
  for (std::int64_t i = 0; i < 5; ++i) {
    const double as_known = overlaps(drawn(m.people.vectors[i]), fields).mean().item<double>();
    EXPECT_GT(as_found, as_known) << i;
  }
}

TEST_F(FootagePersonTest, TheFramingOfTheFootageIsNoTraitOfThePerson) {
  const Tensor bodies = model::body_numbers(m.painter->code_of(poses), m.painter->pose_code());
  Tensor strokes = m.painter->people_strokes(bodies, friend_.unsqueeze(0).expand({bodies.size(0), friend_.size(0)}));
  const double floor = kFloorMetres / kPictureMetres;
  strokes = strokes * 1.08 + torch::tensor({0.0, -0.08 * floor, 0.0, 0.0, -0.08 * floor, 0.0}).to(torch::kFloat);
  const FootagePerson found = person_from_footage(m, model::stroke_field(strokes, kSize), {}, read());
  EXPECT_NEAR(found.scale, 1.08, 0.02);
  EXPECT_LT(off(found.vector), 0.5 * off_nearest());
}

TEST_F(FootagePersonTest, FramesThatShowNoSuchFigureAreLeftOut) {
  Tensor fields = drawn(friend_);
  const Tensor far = torch::full({1, kSize, kSize}, 0.05);
  far.narrow(1, 0, 20).fill_(-0.02);  // a curtain
  for (std::int64_t i = 0; i < 40; i += 8) fields[i].copy_(far);
  const FootagePerson found = person_from_footage(m, fields, {}, read());
  EXPECT_EQ(found.left_out, 5);
  EXPECT_LT(off(found.vector), 0.5 * off_nearest());
  for (std::int64_t i = 0; i < 40; ++i) fields[i].copy_(far);
  EXPECT_THROW(person_from_footage(m, fields, {}, read()), Error);
}

TEST_F(FootagePersonTest, WhatNobodyOfTheCastHasIsLearnedOnAnAxisOfItsOwn) {
  // a hat: one of the free strokes sits on the head
  const auto with_hat = [&](model::Model& of) {
    const torch::NoGradGuard no_grad;
    const Tensor bodies = model::body_numbers(of.painter->code_of(poses), of.painter->pose_code());
    Tensor strokes =
        of.painter->people_strokes(bodies, friend_.unsqueeze(0).expand({bodies.size(0), friend_.size(0)})).clone();
    const Tensor head = strokes.select(1, 6);
    Tensor hat = strokes.select(1, -1);
    for (const std::int64_t end : {0, 3}) {
      hat.select(1, end).copy_(head.select(1, 3) + (end == 0 ? -0.09 : 0.09));
      hat.select(1, end + 1).copy_(head.select(1, 4) + 0.03);
      hat.select(1, end + 2).fill_(0.02);
    }
    return model::stroke_field(strokes, kSize);
  };
  const Tensor fields = with_hat(m), codes = read();
  const FootagePerson plain = person_from_footage(m, fields, {}, codes);
  model::Model wide = with_own_axis(m);
  const FootagePerson own = person_from_footage(wide, fields, {.own_axis = true}, codes);
  EXPECT_EQ(own.vector.size(0), plain.vector.size(0) + 1);
  EXPECT_GT(own.overlap, plain.overlap + 0.01) << plain.overlap;
  EXPECT_GT(own.overlap, 0.95);
}

TEST_F(FootagePersonTest, ANewAxisDrawsNothingYet) {
  const torch::NoGradGuard no_grad;
  model::Model wide = with_own_axis(m);
  EXPECT_NE(wide.recipe.text.find("people = 5"), std::string::npos);
  EXPECT_EQ(wide.people.vectors.size(1), 5);
  const Tensor bodies = model::body_numbers(m.painter->code_of(poses.narrow(0, 0, 5)), m.painter->pose_code()),
               before = m.painter->people_strokes(bodies, m.people.vectors);
  EXPECT_LT((wide.painter->people_strokes(bodies, wide.people.vectors) - before).abs().max().item<double>(), 1e-5);
  const Tensor on_it = on_own_axis(wide.people.vectors);
  EXPECT_LT((wide.painter->people_strokes(bodies, on_it) - before).abs().max().item<double>(), 1e-5);
  model::Recipe odd = m.recipe;
  odd.text = "name = \"no such line\"";
  EXPECT_THROW(set_people(odd, 7), Error);
}

TEST_F(FootagePersonTest, StoppedItSaysWhatItHas) {
  int asked = 0;
  FootageFit how;
  how.stop = [&] { return ++asked > 12; };
  const FootagePerson found = person_from_footage(m, drawn(friend_), how, read());
  EXPECT_EQ(found.vector.size(0), m.recipe.painter.people);
  EXPECT_LE(asked, 20);
}

// The same as a user asks for it: a model folder, a data set of silhouettes without joints, a new model folder.
class TrainPerson : public FootagePersonTest {
 protected:
  TrainPerson() {
    m.people.directions = torch::randn({2, m.recipe.painter.people});
    m.style_middles = torch::zeros({2, m.recipe.painter.code});
    m.seeds = {{"somewhere"},
               torch::zeros({1, 24, m.recipe.painter.code}),
               torch::zeros({1, 8, 2}, torch::kLong),
               torch::zeros({1})};
    m.metadata["credits"] = "somewhere: CC0\n";
    model::save_model(m, folder / "known");
    film(8.0);
  }
  void film(double seconds) {
    const std::int64_t size = m.recipe.frames.height, n = std::llround(30.0 * seconds);
    poses = poses.repeat({1 + n / poses.size(0), 1}).narrow(0, 0, n);
    const Tensor bodies = model::body_numbers(m.painter->code_of(poses), m.painter->pose_code());
    const Tensor fields =
        model::stroke_field(m.painter->people_strokes(bodies, friend_.unsqueeze(0).expand({n, friend_.size(0)})), size);
    const Tensor units = (fields * size * kUnitsPerPixel).round().clamp(-kMaxUnits, kMaxUnits).to(torch::kChar);
    DataTable table;
    table.width = table.height = static_cast<int>(size);
    DataClip clip;
    clip.name = "living room", clip.licence = "mine", clip.fps = 30.0, clip.length = n;
    clip.bpm = 112.0, clip.beat_source = "soundtrack", clip.beat_confidence = 1.0;
    table.clips = {clip};
    const auto count = static_cast<std::size_t>(n);
    table.pose.assign(count, Pose2{});
    for (Pose2& pose : table.pose) pose.fill({NAN, NAN});
    for (std::size_t i = 0; i < count; ++i) table.beat.push_back(static_cast<float>(i) * 112.0f / 1800.0f);
    table.beat_confidence.assign(count, 1.0f), table.energy.assign(count, 1.0f);
    write_data_set(folder / "friend.safetensors", table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
      std::memcpy(pictures.data(), units.data_ptr<std::int8_t>() + first * size * size, pictures.size());
    });
  }
  TrainOptions options() const {
    TrainOptions o;
    o.recipe = (folder / "recipe.toml").string();
    o.data = folder / "friend.safetensors";
    o.from = folder / "known";
    o.output = folder / "more";
    o.device = "cpu";
    o.keep = {"mover", "choreographer"};
    return o;
  }
  // the strokes of everybody whom both know
  double cast_apart(const model::Model& a, const model::Model& b) const {
    const torch::NoGradGuard no_grad;
    const std::int64_t known = std::min(a.people.vectors.size(0), b.people.vectors.size(0));
    const auto strokes = [&](const model::Model& of) {
      model::Painter painter = of.painter;
      const Tensor bodies = model::body_numbers(painter->code_of(poses.narrow(0, 0, known)), painter->pose_code());
      return painter->people_strokes(bodies, of.people.vectors.narrow(0, 0, known));
    };
    return (strokes(a) - strokes(b)).abs().max().item<double>();
  }
  static double apart(const torch::nn::Module& a, const torch::nn::Module& b) {
    double most = 0.0;
    for (const auto& named : a.named_parameters())
      most = std::max(most, (named.value() - b.named_parameters()[named.key()]).abs().max().item<double>());
    return most;
  }
};

TEST_F(TrainPerson, TheDancerOfFootageJoinsTheCast) {
  ASSERT_TRUE(train(options()));
  const model::Model known = model::load_model(folder / "known", torch::kCPU);
  model::Model more = model::load_model(folder / "more", torch::kCPU);
  EXPECT_EQ(more.people.names, (std::vector<std::string>{"anna", "bert", "cleo", "dora", "emil", "friend"}));
  EXPECT_EQ(more.recipe.painter.people, known.recipe.painter.people + 1) << "an axis of its own";
  const auto without_it = [&](const Tensor& vectors) { return vectors.narrow(-1, 0, known.recipe.painter.people); };
  EXPECT_LT((without_it(more.people.vectors.narrow(0, 0, 5)) - known.people.vectors).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(more.people.vectors.select(1, -1).narrow(0, 0, 5).abs().sum().item<double>(), 0.0);
  EXPECT_EQ(more.people.vectors[5][-1].item<double>(), 1.0);
  EXPECT_LT(off(without_it(more.people.vectors[5])), off_nearest());
  EXPECT_TRUE(without_it(more.people.directions).equal(known.people.directions));
  EXPECT_LT(cast_apart(more, known), 1e-5) << "everybody else is drawn as before";
  EXPECT_EQ(apart(*more.mover, *known.mover) + apart(*more.choreographer, *known.choreographer), 0.0);
  EXPECT_EQ(more.seeds.names, known.seeds.names);
  EXPECT_EQ(more.metadata["credits"], "living room: mine; \nsomewhere: CC0\n");
  more.painter->set_person(more.people.vectors[5]);
  EXPECT_TRUE((more.painter->decode(torch::zeros({1, 17}), 64) < 0).any().item<bool>());

  const std::string weights = read_text(folder / "more/weights.safetensors", std::size_t{1} << 30);
  ASSERT_TRUE(train(options())) << "the same once more: the person is remembered";
  EXPECT_EQ(read_text(folder / "more/weights.safetensors", std::size_t{1} << 30), weights);
}

TEST_F(TrainPerson, ItsDanceIsLearnedUnlessTheModelsIsKept) {
  TrainOptions o = options();
  o.keep.clear(), o.person = "My Friend", o.effort = 0.5;
  ASSERT_TRUE(train(o));
  const model::Model known = model::load_model(folder / "known", torch::kCPU),
                     more = model::load_model(folder / "more", torch::kCPU);
  EXPECT_EQ(more.people.names.back(), "My Friend");
  EXPECT_LT(cast_apart(more, known), 1e-5);
  EXPECT_GT(apart(*more.mover, *known.mover), 0.0);
  EXPECT_EQ(more.seeds.names.front(), "living room");
  EXPECT_TRUE(more.style_middles.equal(known.style_middles)) << "footage without styles teaches none";
}

TEST_F(TrainPerson, OneMoreJoinsThoseWhoJoinedBefore) {
  TrainOptions o = options();
  o.effort = 0.2;
  ASSERT_TRUE(train(o));
  o.from = folder / "more", o.output = folder / "still more", o.person = "another";
  ASSERT_TRUE(train(o)) << "the recipe says nothing of the friend's axis";
  const model::Model more = model::load_model(folder / "more", torch::kCPU),
                     still = model::load_model(o.output, torch::kCPU);
  EXPECT_EQ(still.people.names.size(), 7u);
  EXPECT_EQ(still.recipe.painter.people, more.recipe.painter.people + 1);
  EXPECT_LT(cast_apart(still, more), 1e-5);
  EXPECT_EQ(model::read_dancer(o.output).cast.names.back(), "another");
}

TEST_F(TrainPerson, CtrlCLeavesNoModelAndTheSameCommandGoesOn) {
  set_interrupted(true);
  const bool done = train(options());
  set_interrupted(false);
  EXPECT_FALSE(done);
  EXPECT_FALSE(std::filesystem::exists(folder / "more/weights.safetensors"));
  EXPECT_TRUE(train(options()));
}

TEST_F(TrainPerson, NamesThatCannotBeAreRefusedBeforeAnythingIsWritten) {
  for (const char* name :
       {"bert", "a/b", "two\nlines", "it's", " x", "\xff", "a name of more than forty bytes, which is long"}) {
    TrainOptions o = options();
    o.person = name;
    EXPECT_THROW(train(o), UsageError) << name;
  }
  TrainOptions o = options();
  o.person = "friend", o.from.clear(), o.keep.clear();
  EXPECT_THROW(train(o), UsageError) << "from nowhere";
  o = options(), o.person = "friend", o.bodies = folder;
  EXPECT_THROW(train(o), UsageError) << "figures as well";
  o = options(), o.output = o.from;
  EXPECT_THROW(train(o), UsageError) << "over what it reads";
  EXPECT_FALSE(std::filesystem::exists(folder / "more"));
}

TEST_F(TrainPerson, TooLittleFootageIsSaid) {
  film(2.0);
  try {
    train(options());
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("friend.safetensors: "), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("hint: "), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "more"));
}

TEST(PersonSpace, HoldsTheCastAndNobodyFarFromIt) {
  torch::manual_seed(1);
  const Tensor vectors = torch::randn({4, 6});
  const PersonSpace space(vectors);
  EXPECT_EQ(space.axes(), 3);
  for (std::int64_t i = 0; i < 4; ++i)
    EXPECT_LT((space.vector_of(space.place_of(vectors[i])) - vectors[i]).norm().item<double>(), 1e-4);
  Tensor places = torch::empty({4, 3});
  for (std::int64_t i = 0; i < 4; ++i) places[i].copy_(space.place_of(vectors[i]));
  EXPECT_LT((places.std(0) - 1.0).abs().max().item<double>(), 1e-4) << "a standard deviation is one";
  EXPECT_EQ(PersonSpace(vectors.narrow(0, 0, 1)).axes(), 0);
}

}  // namespace
}  // namespace ombra::train
