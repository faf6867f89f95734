#pragma once
// The choreographer: an LSTM over moves. Which move comes next, given the moves so far, the place in two beats and in
// the phrase of eight, and the energy and pulse that are wanted? It predicts the first book's entry, then the second
// given the first, and so on. B batch, M moves, Q books, H hidden, E entries. Thread: one owner.

#include "model/inference/fast_choreographer.hpp"
#include "model/layers/layers.hpp"

namespace ombra::model {

class ChoreographerImpl : public torch::nn::Module {
 public:
  ChoreographerImpl(const ChoreographerSpec& spec, std::int64_t books, std::int64_t entries);

  struct State {
    torch::Tensor h, c;  // [layers, B, H]; undefined: a fresh start
  };
  // moves so far [B, M, Q] (entry `hidden_entry()`: not told); of the move to come: conditions [B, M, C] (energy and
  // pulse in standard deviations of the footage, then the share of each style; 0 where not told), place [B, M] (0 ..
  // places - 1) and place in the phrase [B, M] (0 .. phrase - 1; phrase() where not told, an undefined tensor where
  // nothing is told)
  // -> context [B, M, H + C + place embedding]
  torch::Tensor forward(const torch::Tensor& moves, const torch::Tensor& conditions, const torch::Tensor& place,
                        const torch::Tensor& phrase, State* state);
  // logits of book q given the context and the entries already chosen for books 0 .. q-1, chosen [.., Q]
  torch::Tensor logits(const torch::Tensor& context, const torch::Tensor& chosen, std::int64_t q);

  std::int64_t conditions() const { return conditions_of(spec_); }

  ChoreographerPlan plan() const;  // its weights as they are now

  std::int64_t hidden_entry() const { return entries_; }
  std::int64_t places() const { return places_; }
  std::int64_t phrase() const { return phrase_; }  // moves; 0: it does not know phrases

 private:
  const ChoreographerSpec spec_;
  std::int64_t books_, entries_, places_, phrase_;
  double dropout_;
  std::vector<torch::nn::Embedding> codes_;
  torch::nn::Embedding place_{nullptr}, phrase_place_{nullptr};
  torch::nn::Linear input_{nullptr};
  torch::nn::LSTM lstm_{nullptr};
  std::vector<torch::nn::Sequential> heads_;
};
TORCH_MODULE(Choreographer);

}  // namespace ombra::model
