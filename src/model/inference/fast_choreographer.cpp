#include "model/inference/fast_choreographer.hpp"

#include "model/inference/dense_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ombra::model {
namespace {

void point_at(std::vector<float>& numbers, std::size_t rows, std::size_t width, std::vector<float*>& to) {
  numbers.resize(std::max(numbers.size(), rows * width));
  to.resize(rows);
  for (std::size_t r = 0; r < rows; ++r) to[r] = numbers.data() + r * width;
}

void add(std::span<const float> from, float* to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

DensePlan dense_plan(const WeightSource& source, const std::string& weight, const std::string& bias, std::int64_t in,
                     std::int64_t out) {
  return {static_cast<std::size_t>(in), static_cast<std::size_t>(out), source(weight, {out, in}), source(bias, {out})};
}

}  // namespace

std::int64_t conditions_of(const ChoreographerSpec& spec) {
  return static_cast<std::int64_t>(FastChoreographer::kMoods + spec.styles.size());
}

ChoreographerPlan choreographer_plan(const ChoreographerSpec& spec, std::int64_t books, std::int64_t entries,
                                     const WeightSource& source) {
  const auto table = [&](const std::string& name, std::int64_t rows, std::int64_t width) {
    return ChoreographerPlan::Table{static_cast<std::size_t>(width), source(name + ".weight", {rows, width})};
  };
  const std::int64_t conditions = conditions_of(spec);
  const std::int64_t hidden = spec.hidden, context = hidden + conditions + spec.place_embedding;
  ChoreographerPlan plan;
  plan.conditions = static_cast<std::size_t>(conditions);
  plan.place = table("place", spec.places, spec.place_embedding);
  if (spec.phrase > 0) plan.phrase = table("phrase", spec.phrase + 1, spec.place_embedding);
  plan.input =
      dense_plan(source, "input.weight", "input.bias", spec.embedding + conditions + spec.place_embedding, hidden);
  for (std::int64_t i = 0; i < spec.layers; ++i) {
    const auto gates = [&](const char* of) {
      return dense_plan(source, fmt::format("lstm.weight_{}_l{}", of, i), fmt::format("lstm.bias_{}_l{}", of, i),
                        hidden, 4 * hidden);
    };
    plan.layers.push_back({gates("ih"), gates("hh")});
  }
  for (std::int64_t q = 0; q < books; ++q) {
    plan.codes.push_back(table(fmt::format("code{}", q), entries + 1, spec.embedding));
    const auto layer = [&](int number, std::int64_t in, std::int64_t out) {
      const std::string name = fmt::format("head{}.{}", q, number);
      return dense_plan(source, name + ".weight", name + ".bias", in, out);
    };
    plan.heads.push_back({layer(0, context + spec.embedding * q, hidden), layer(2, hidden, entries)});
  }
  return plan;
}

FastChoreographer::FastChoreographer(const ChoreographerPlan& plan)
    : codes_(plan.codes), place_(plan.place), phrase_(plan.phrase), input_(plan.input), conditions_(plan.conditions) {
  for (const ChoreographerPlan::Recurrent& layer : plan.layers) {
    DensePlan input = layer.input;
    for (std::size_t i = 0; i < input.bias.size(); ++i) input.bias[i] += layer.hidden.bias[i];
    layers_.push_back({PackedDense(input), PackedDense(layer.hidden, 0, layer.hidden.in, false)});
  }
  hidden_ = input_.out();
  context_ = hidden_ + conditions_ + place_.width;
  for (const ChoreographerPlan::Head& head : plan.heads) {
    heads_.push_back({PackedDense(head.first, 0, context_, true),
                      PackedDense(head.first, context_, head.first.in - context_, false), PackedDense(head.second)});
  }
  entries_ = plan.heads.front().second.out;
}

void FastChoreographer::forward(std::span<const Step> steps) {
  const std::size_t n = steps.size(), told = codes_.front().width, in = told + conditions_ + place_.width;
  point_at(x_, n, in, from_);
  point_at(contexts_, n, context_, to_);
  for (std::size_t s = 0; s < n; ++s) {
    std::fill_n(from_[s], in, 0.0f);
    for (std::size_t q = 0; q < codes_.size(); ++q) add(codes_[q].row(steps[s].move[q]), from_[s]);
    std::copy_n(steps[s].conditions.begin(), conditions_, from_[s] + told);
    float* where = from_[s] + told + conditions_;
    add(place_.row(steps[s].place), where);
    if (phrase_.width > 0) {
      const auto untold = static_cast<std::int64_t>(phrase_.rows.size() / phrase_.width) - 1;
      add(phrase_.row(steps[s].phrase_place >= 0 ? steps[s].phrase_place : untold), where);
    }
    std::copy_n(from_[s] + told, conditions_ + place_.width, to_[s] + hidden_);
    steps[s].memory->state.resize(layers_.size() * 2 * hidden_, 0.0f);
  }
  input_.apply(from_, to_);  // its hidden_ numbers stand where each context begins
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    point_at(gates_, n, 4 * hidden_, from_);
    layers_[i].input.apply(to_, from_);
    states_.clear();
    for (const Step& step : steps) states_.push_back(step.memory->state.data() + i * 2 * hidden_);
    layers_[i].hidden.apply(states_, from_, true);
    for (std::size_t s = 0; s < n; ++s) {
      dense_kernels().lstm(from_[s], hidden_, states_[s] + hidden_, states_[s]);
      std::copy_n(states_[s], hidden_, to_[s]);
    }
  }
}

std::span<const float> FastChoreographer::logits(std::size_t book, std::span<const Query> queries) {
  const Head& head = heads_[book];
  const std::size_t n = queries.size(), width = head.context.out();
  point_at(first_, n, width, to_);
  // of queries about one dancer, which stand side by side, the context's share once
  from_.clear();
  states_.clear();
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0 && queries[i].step == queries[i - 1].step) continue;
    from_.push_back(contexts_.data() + queries[i].step * context_);
    states_.push_back(to_[i]);
  }
  head.context.apply(from_, states_);
  for (std::size_t i = 1; i < n; ++i) {
    if (queries[i].step == queries[i - 1].step) std::copy_n(to_[i - 1], width, to_[i]);
  }
  if (book > 0) {
    point_at(told_, n, head.codes.in(), from_);
    for (std::size_t i = 0; i < n; ++i) {
      float* to = from_[i];
      for (std::size_t j = 0; j < book; ++j) {
        const auto row = codes_[j].row(queries[i].chosen[j]);
        to = std::copy(row.begin(), row.end(), to);
      }
    }
    head.codes.apply(from_, to_, true);
  }
  dense_kernels().activate(ActivationKind::kSilu, first_.data(), n * width);
  point_at(logits_, n, entries_, from_);
  head.second.apply(to_, from_);
  return {logits_.data(), n * entries_};
}

}  // namespace ombra::model
