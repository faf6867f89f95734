#include "model/layers/choreographer.hpp"

#include "model/layers/tensors.hpp"

namespace ombra::model {

using torch::Tensor;

ChoreographerImpl::ChoreographerImpl(const ChoreographerSpec& spec, std::int64_t books, std::int64_t entries)
    : spec_(spec),
      books_(books),
      entries_(entries),
      places_(spec.places),
      phrase_(spec.phrase),
      dropout_(spec.dropout) {
  namespace nn = torch::nn;
  place_ = register_module("place", nn::Embedding(spec.places, spec.place_embedding));
  if (phrase_ > 0) phrase_place_ = register_module("phrase", nn::Embedding(phrase_ + 1, spec.place_embedding));
  input_ = register_module("input", nn::Linear(spec.embedding + conditions() + spec.place_embedding, spec.hidden));
  lstm_ = register_module("lstm", nn::LSTM(nn::LSTMOptions(spec.hidden, spec.hidden)
                                               .num_layers(spec.layers)
                                               .batch_first(true)
                                               .dropout(spec.layers > 1 ? spec.dropout : 0.0)));
  for (std::int64_t q = 0; q < books; ++q) {
    codes_.push_back(register_module(fmt::format("code{}", q), nn::Embedding(entries + 1, spec.embedding)));
    heads_.push_back(register_module(
        fmt::format("head{}", q),
        nn::Sequential(nn::Linear(spec.hidden + conditions() + spec.place_embedding + spec.embedding * q, spec.hidden),
                       nn::SiLU(), nn::Linear(spec.hidden, entries))));
  }
}

Tensor ChoreographerImpl::forward(const Tensor& moves, const Tensor& conditions, const Tensor& place,
                                  const Tensor& phrase, State* state) {
  Tensor told;
  for (std::int64_t q = 0; q < books_; ++q) {
    const Tensor e = codes_[static_cast<std::size_t>(q)](moves.select(2, q));
    told = told.defined() ? told + e : e;
  }
  Tensor where = place_(place);
  if (phrase_ > 0) where = where + phrase_place_(phrase.defined() ? phrase : torch::full_like(place, phrase_));
  const Tensor x = input_(torch::cat({torch::dropout(told, dropout_, is_training()), conditions, where}, -1));
  Tensor y;
  if (state && state->h.defined()) {
    auto [out, next] = lstm_(x, std::make_tuple(state->h, state->c));
    y = out;
    *state = {std::get<0>(next), std::get<1>(next)};
  } else {
    auto [out, next] = lstm_(x);
    y = out;
    if (state) *state = {std::get<0>(next), std::get<1>(next)};
  }
  return torch::cat({torch::dropout(y, dropout_, is_training()), conditions.to(y.dtype()), where.to(y.dtype())}, -1);
}

Tensor ChoreographerImpl::logits(const Tensor& context, const Tensor& chosen, std::int64_t q) {
  std::vector<Tensor> parts = {context};
  for (std::int64_t j = 0; j < q; ++j)
    parts.push_back(codes_[static_cast<std::size_t>(j)](chosen.select(-1, j)).to(context.dtype()));
  return heads_[static_cast<std::size_t>(q)]->forward(torch::cat(parts, -1));
}

ChoreographerPlan ChoreographerImpl::plan() const {
  const auto weights = named_parameters();
  return choreographer_plan(spec_, books_, entries_,
                            [&](const std::string& name, const Shape&) { return numbers_of(weights[name]); });
}

}  // namespace ombra::model
