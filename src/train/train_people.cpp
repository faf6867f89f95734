#include "train/train_people.hpp"

#include "core/frames.hpp"
#include "model/body/body_sense.hpp"
#include "model/body/usual_body.hpp"
#include "model/figure/decoder_plan.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/train_painter.hpp"
#include "train/troupe/loose_strokes.hpp"

#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kHeld = 96;  // pictures of a check
constexpr double kLoose = 0.1;      // of the loss, a pixel of 96 by which strokes are apart
// of the encoder
constexpr double kMixed = 0.5;    // share of the pictures that show somebody between two of the cast
constexpr double kFramed = 0.03;  // deviation of their size, log
constexpr double kOthers = 0.05;  // of the loss, of all guesses but the nearest
constexpr double kShare = 0.05;   // of the loss, of which guess that is
constexpr auto kMetres = static_cast<float>(kPictureMetres);

// A stroke as it begins: along a bone of the usual body, shares of its length, radii, m.
struct Beginning {
  std::string bone;
  float from, to, radius_from, radius_to;
};

std::vector<Beginning> beginnings() {
  std::vector<Beginning> all = {{"hips", 0, 1, .13f, .13f},     {"spine", 0, 1, .13f, .12f},
                                {"chest", 0, .5f, .12f, .12f},  {"chest", .5f, 1, .12f, .06f},
                                {"neck", 0, 1, .055f, .05f},    {"head", -.1f, .5f, .07f, .08f},
                                {"head", .5f, .9f, .085f, .08f}};
  for (const std::string side : {"_l", "_r"}) {
    const auto add = [&](const char* bone, float from, float to, float ra, float rb) {
      all.push_back({bone + side, from, to, ra, rb});
    };
    add("shoulder", 0, 1, .06f, .06f);
    add("upper_arm", 0, .5f, .055f, .045f), add("upper_arm", .5f, 1, .045f, .04f);
    add("lower_arm", 0, .5f, .042f, .04f), add("lower_arm", .5f, 1, .036f, .028f);
    add("hand", 0, .7f, .028f, .035f);
    for (const char* finger : {"thumb", "index", "middle", "ring", "pinky"}) {
      add((std::string(finger) + "_1").c_str(), 0, 1, .010f, .009f);
      add((std::string(finger) + "_2").c_str(), 0, 1, .009f, .007f);
    }
    add("upper_leg", -.1f, .35f, .085f, .085f), add("upper_leg", .35f, .7f, .08f, .07f);
    add("upper_leg", .7f, 1, .065f, .055f);
    add("lower_leg", 0, .4f, .055f, .055f), add("lower_leg", .4f, .75f, .055f, .045f);
    add("lower_leg", .75f, 1, .042f, .038f);
    add("foot", -.3f, .4f, .038f, .036f), add("foot", .4f, 1, .036f, .032f), add("toes", 0, 1, .03f, .025f);
  }
  for (const char* link : {"hair_1", "hair_2", "hair_3"}) all.push_back({link, 0, 1, .04f, .04f});
  for (const char* chain : {"skirt_front", "skirt_back", "skirt_left", "skirt_right"}) {
    all.push_back({std::string(chain) + "_1", 0, 1, .06f, .05f});
    all.push_back({std::string(chain) + "_2", 0, 1, .05f, .04f});
  }
  return all;
}

// The raw number of a radius, m (model/figure/decoder_plan.hpp).
double raw_radius(float radius) {
  const double r = static_cast<double>(radius / kMetres / model::kStrokeRadius);
  return std::log(std::expm1(r)) - static_cast<double>(model::kStrokeRadiusShift);
}

// The last dense layer's weights [K * 6, H + (F + 1) (P + 1)] and bias: strokes on the bones of the usual body, whoever
// is drawn; strokes beyond those begin in the trunk, free to go where they are missed.
void lay_on_bones(const Tensor& weight, const Tensor& bias, std::int64_t people, Rng& rng) {
  const torch::NoGradGuard no_grad;
  const std::vector<Beginning> all = beginnings();
  const std::int64_t strokes = weight.size(0) / 6, columns = (model::kBodyNumbers + 1) * (people + 1),
                     hidden = weight.size(1) - columns;
  weight.narrow(1, 0, hidden).mul_(0.1);
  weight.narrow(1, hidden, columns).zero_();
  bias.zero_();
  const auto end = [&](std::int64_t row, const std::vector<float>& point) {
    for (std::int64_t v = 0; v < model::kBodyVectors; ++v) {
      for (std::int64_t axis = 0; axis < 2; ++axis) {
        const std::int64_t column = hidden + (3 * v + axis) * (people + 1) + people;
        weight[row + axis][column] = point[static_cast<std::size_t>(v)] / kMetres / model::kOuterShare;
      }
    }
    bias[row + 1] = (model::kHipsAtRest + static_cast<float>(kFloorMetres)) / kMetres - model::kStrokeMiddle;
  };
  const model::BoneTree& body = model::usual_body();
  const auto index_of = [&](const std::string& name) {
    for (std::size_t i = 0; i < body.bones.size(); ++i) {
      if (body.bones[i].name == name) return static_cast<int>(i);
    }
    throw error("no bone {}", name);
  };
  for (std::int64_t k = 0; k < strokes; ++k) {
    Beginning b{"chest", static_cast<float>(rng.uniform()), static_cast<float>(rng.uniform()), .06f, .06f};
    if (k < static_cast<std::int64_t>(all.size())) b = all[static_cast<std::size_t>(k)];
    end(6 * k, model::point_on_bone(index_of(b.bone), b.from));
    end(6 * k + 3, model::point_on_bone(index_of(b.bone), b.to));
    bias[6 * k + 2] = raw_radius(b.radius_from);
    bias[6 * k + 5] = raw_radius(b.radius_to);
  }
}

// Everybody, or somebody on the way to another one: vectors [N, P], who [B] -> [B, P]
Tensor between(const Tensor& vectors, const Tensor& who, Rng& rng) {
  const std::int64_t batch = who.size(0);
  Tensor others = torch::empty({batch}, torch::kLong), way = torch::empty({batch, 1});
  for (std::int64_t b = 0; b < batch; ++b) {
    others[b] = rng.below(static_cast<int>(vectors.size(0)));
    way[b][0] = rng.uniform() < kMixed ? rng.uniform() : 0.0;
  }
  return torch::lerp(vectors.index_select(0, who.to(vectors.device())),
                     vectors.index_select(0, others.to(vectors.device())), way.to(vectors.device()));
}

// Strokes [B, K, 6], each figure a little larger or smaller, standing where it stood: how large somebody is in a
// picture is guessed.
Tensor framed(const Tensor& strokes, Rng& rng) {
  Tensor scale = torch::empty({strokes.size(0), 1, 1});
  for (std::int64_t b = 0; b < scale.size(0); ++b) scale[b] = std::exp(kFramed * rng.normal());
  scale = scale.to(strokes.device());
  const Tensor floor =
      torch::tensor({0.0f, 1.0f, 0.0f, 0.0f, 1.0f, 0.0f}).to(strokes) * (kFloorMetres / kPictureMetres);
  return strokes * scale + floor * (1.0 - scale);
}

// Codes wanted [B, Z] -> the nearest guess's distance, a little of the others', and how unlikely that one was said.
Tensor guess_loss(const model::Guesses& guesses, const Tensor& wanted) {
  const Tensor off =
      torch::smooth_l1_loss(guesses.codes, wanted.unsqueeze(1).expand_as(guesses.codes), at::Reduction::None, 0.1)
          .mean(2);  // [B, G]
  const auto [least, nearest] = off.min(1);
  return (least + kOthers * off.mean(1) + kShare * guesses.costs.gather(1, nearest.unsqueeze(1)).squeeze(1)).mean();
}

// What a job trains: the decoder and the vectors, under names of their own.
struct PeopleLearner : torch::nn::Module {
  PeopleLearner(const model::Painter& painter, const Tensor& vectors) {
    register_module("painter", painter.ptr());
    register_parameter("people", vectors);
  }
};

}  // namespace

void begin_on_bones(const model::PainterSpec& spec, const model::NetworkImpl& decoder) {
  Rng rng(11);
  const auto parameters = decoder.named_parameters();
  const std::string last = std::to_string(spec.decoder.size() - 2);
  lay_on_bones(parameters[last + ".dense.weight"], parameters[last + ".dense.bias"], spec.people, rng);
}

Job people_job(const model::Recipe& recipe, model::Painter painter, Tensor vectors,
               std::shared_ptr<PeopleDraw> training, std::shared_ptr<PeopleDraw> held_out) {
  const model::PainterSpec spec = recipe.painter;
  if (training->empty())
    throw error("the data set has no clip with joints in space to learn from\nhint: ombra prepare it anew");
  const auto learner = std::make_shared<PeopleLearner>(painter, vectors);
  Job job{.name = "painter", .spec = spec.train, .network = learner};
  job.autocast_allowed = false;  // 8 bits of a place are not enough
  job.batch = std::make_shared<std::int64_t>(spec.train.batch);
  job.loss = [=, batch = job.batch](Rng& rng, std::int64_t step) mutable {
    const DrawnPeople drawn = training->draw(step, *batch, spec.picture, rng);
    const auto device = vectors.device();
    const Tensor persons = vectors.index_select(0, drawn.who.to(device));
    const Tensor strokes = painter->people_strokes(drawn.bodies.to(device), persons);
    const Tensor loss = picture_loss(recipe, model::stroke_field(strokes, spec.picture), drawn.fields.to(device));
    return loss + kLoose * 96.0 * loose_strokes(strokes).mean();
  };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    if (held_out->empty()) return figures;
    Rng rng(5);
    const DrawnPeople drawn = held_out->draw(0, kHeld, 2 * spec.picture, rng);
    const auto device = vectors.device();
    const Tensor strokes =
        painter->people_strokes(drawn.bodies.to(device), vectors.index_select(0, drawn.who.to(device)));
    const Tensor fields = model::stroke_field(strokes, 2 * spec.picture);
    figures.emplace_back("IoU, held out", intersection_over_union(fields, drawn.fields.to(device)));
    return figures;
  };
  return job;
}

Job people_encoder_job(const model::Recipe& recipe, model::Painter painter, Tensor vectors,
                       std::shared_ptr<PeopleDraw> training, std::shared_ptr<PeopleDraw> held_out) {
  Job job{.name = "encoder", .spec = recipe.painter.encoder_train, .network = painter->encoder()};
  job.batch = std::make_shared<std::int64_t>(job.spec.batch);
  const std::int64_t size = recipe.frames.height;
  vectors = vectors.detach().to(painter->device());
  job.loss = [=, batch = job.batch](Rng& rng, std::int64_t step) mutable {
    const DrawnPeople posed = training->pose(step, *batch, rng, PeopleDraw::Camera::kInFront);
    const Tensor fields = [&] {
      const torch::NoGradGuard no_grad;
      const Tensor persons = between(vectors, posed.who, rng);
      const Tensor strokes = painter->people_strokes(posed.bodies.to(painter->device()), persons);
      return model::stroke_field(framed(strokes, rng), size);
    }();
    return guess_loss(painter->raw_guesses(fields), painter->code_of(posed.poses).to(painter->device()));
  };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    if (held_out->empty()) return figures;
    Rng rng(5);
    const DrawnPeople drawn = held_out->draw(0, kHeld, size, rng, PeopleDraw::Camera::kInFront);
    const Tensor apart = painter->pose_of(painter->encode(drawn.fields.to(painter->device()))).cpu() - drawn.poses;
    figures.emplace_back("joint error cm, held out",
                         100.0 * apart.view({-1, model::kJoints, 3}).norm(2, -1).mean().item<double>());
    return figures;
  };
  return job;
}

}  // namespace ombra::train
