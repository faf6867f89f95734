#include "train/troupe/own_axis.hpp"

#include "core/error.hpp"
#include "model/figure/body_numbers.hpp"

#include <fmt/format.h>

#include <regex>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr double kRate = 0.01, kTowardsNothing = 4e-4;
constexpr std::int64_t kFactors = model::kBodyNumbers + 1;  // F + 1

std::string last_layer(const model::Recipe& recipe) {
  return fmt::format("{}.dense.weight", recipe.painter.decoder.size() - 2);
}

// The last layer's products of body and person, a view [6 K, F + 1, P + 1]
Tensor products(const Tensor& layer, std::int64_t people) {
  const std::int64_t columns = kFactors * (people + 1);
  return layer.narrow(1, layer.size(1) - columns, columns).view({layer.size(0), kFactors, people + 1});
}

Tensor one_number_more(const Tensor& vectors) { return torch::constant_pad_nd(vectors, {0, 1}, 0.0); }

}  // namespace

void set_people(model::Recipe& recipe, std::int64_t people) {
  static const std::regex line("(^|\n)([ \t]*people[ \t]*=[ \t]*)[0-9]+");
  recipe.text =
      std::regex_replace(recipe.text, line, fmt::format("$1$02{}", people), std::regex_constants::format_first_only);
  if (model::parse_recipe(recipe.text, recipe.file).painter.people != people)
    throw error("{}: no line 'people = NUMBER' that could be changed", recipe.file);
  recipe.painter.people = people;
}

model::Model with_own_axis(const model::Model& m) {
  const torch::NoGradGuard no_grad;
  const std::int64_t people = m.recipe.painter.people;
  model::Model wide = m;
  set_people(wide.recipe, people + 1);
  wide.painter = model::Painter(wide.recipe);
  wide.painter->to(m.painter->device());
  wide.painter->eval();
  auto from = m.painter->named_parameters(true);
  for (auto& item : wide.painter->named_parameters(true)) {
    const std::string& name = item.key();
    Tensor to = item.value();
    const Tensor known = from[name];
    to.set_requires_grad(false);
    if (to.sizes() == known.sizes()) {
      to.copy_(known);
    } else if (name == "decoder." + last_layer(m.recipe)) {
      to.zero_();
      const std::int64_t hidden = known.size(1) - kFactors * (people + 1);
      to.narrow(1, 0, hidden).copy_(known.narrow(1, 0, hidden));
      const Tensor of_person = products(to, people + 1), before = products(known, people);
      of_person.narrow(2, 0, people).copy_(before.narrow(2, 0, people));
      of_person.select(2, people + 1).copy_(before.select(2, people));
    } else {  // a layer that is given [body, person]
      to.zero_();
      to.narrow(1, 0, known.size(1)).copy_(known);
    }
  }
  auto buffers = m.painter->named_buffers(true);
  for (auto& item : wide.painter->named_buffers(true)) {
    if (item.value().sizes() == buffers[item.key()].sizes()) item.value().copy_(buffers[item.key()]);
  }
  wide.painter->set_person(one_number_more(m.painter->person()));
  wide.painter->set_foot_pitch(m.people.foot_pitch);
  wide.people.vectors = one_number_more(m.people.vectors);
  if (m.people.directions.defined()) wide.people.directions = one_number_more(m.people.directions);
  return wide;
}

Tensor on_own_axis(const Tensor& vectors) {
  Tensor one = torch::zeros({vectors.size(-1)}).to(vectors);
  one[-1] = 1.0;
  return vectors * (1.0 - one) + one;
}

OwnAxis::OwnAxis(const model::Model& m)
    : people_(m.recipe.painter.people),
      layer_(m.painter->decoder().named_parameters(true)[last_layer(m.recipe)]),
      part_(products(layer_.detach(), people_).select(2, people_ - 1)),
      own_(part_.clone().set_requires_grad(true)),
      descent_(std::vector<Tensor>{own_}, torch::optim::AdamOptions(kRate)) {
  layer_.set_requires_grad(true);
}

OwnAxis::~OwnAxis() {
  layer_.set_requires_grad(false);
  layer_.mutable_grad() = Tensor();
}

void OwnAxis::zero_grad() {
  if (layer_.grad().defined()) layer_.mutable_grad().zero_();
}

void OwnAxis::step(double share) {
  const torch::NoGradGuard no_grad;
  own_.mutable_grad() = products(layer_.grad(), people_).select(2, people_ - 1) + kTowardsNothing * own_;
  descent_.param_groups()[0].options().set_lr(kRate * share);
  descent_.step();
  part_.copy_(own_);
}

void OwnAxis::set_weights(const Tensor& own) {
  const torch::NoGradGuard no_grad;
  own_.copy_(own);
  part_.copy_(own);
}

}  // namespace ombra::train
