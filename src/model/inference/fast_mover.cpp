#include "model/inference/fast_mover.hpp"

#include "core/error.hpp"
#include "model/inference/dense_kernel.hpp"

#include <algorithm>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

constexpr Kind kKnown[] = {Kind::kDense,  Kind::kActivation,      Kind::kPass,
                           Kind::kConv1d, Kind::kConv1dTranspose, Kind::kResidual1d};

bool convolves(Kind kind) { return kind == Kind::kConv1d || kind == Kind::kResidual1d; }

}  // namespace

std::unique_ptr<FastMover> FastMover::make(const std::vector<LayerPlan>& decoder, std::vector<float> book,
                                           std::size_t books, std::size_t entries, std::size_t ticks_per_move) {
  std::unique_ptr<FastMover> mover(new FastMover);
  std::size_t width = book.size() / (books * entries), rate = 1, loose = 0;
  mover->book_ = std::move(book);
  mover->books_ = books, mover->entries_ = entries, mover->width_ = width;
  for (const LayerPlan& each : decoder) {
    const bool known = std::find(std::begin(kKnown), std::end(kKnown), each.kind) != std::end(kKnown);
    if (!known || (convolves(each.kind) && each.stride > 1)) return nullptr;
    Layer layer{.plan = each,
                .all = {},
                .point = {},
                .past = {},
                .newest = {},
                .in = width,
                .out = width,
                .rate = rate,
                .back = 0,
                .ahead = 0,
                .loose = loose};
    layer.plan.dense.clear();
    if (!each.dense.empty()) {
      layer.all = PackedDense(each.dense[0]);
      layer.out = each.dense[0].out;
    }
    if (convolves(each.kind)) {
      const std::size_t reach = (each.kernel - 1) * each.dilation;
      layer.back = each.causal ? reach : reach / 2;
      layer.ahead = reach - layer.back;
      if (layer.ahead == 0 && loose == 0 && rate == 1 && reach > 0) {
        const std::size_t before = (each.kernel - 1) * width;
        layer.past = PackedDense(each.dense[0], 0, before, true);
        layer.newest = PackedDense(each.dense[0], before, width, false);
      }
    }
    if (each.kind == Kind::kResidual1d) layer.point = PackedDense(each.dense[1]);
    loose += layer.ahead;
    if (each.kind == Kind::kConv1dTranspose) {
      layer.out /= each.factor;
      rate *= each.factor;
      loose *= each.factor;
    }
    width = layer.out;
    mover->layers_.push_back(std::move(layer));
  }
  if (rate != ticks_per_move) return nullptr;
  mover->code_ = width;
  mover->ticks_ = rate;
  mover->loose_ = loose;
  mover->inputs_.resize(mover->layers_.size());
  mover->skipped_.resize(mover->layers_.size());
  return mover;
}

FastMover::Memory FastMover::begin() const {
  Memory memory;
  for (const Layer& layer : layers_)
    memory.rows.emplace_back((layer.kept() + (layer.plan.kind == Kind::kResidual1d ? layer.ahead : 0)) * layer.in);
  memory.codes.assign(((kMoves - 1) * ticks_ - std::min(loose_, (kMoves - 1) * ticks_)) * code_, 0.0f);
  return memory;
}

// to: rows first .. first + rows - 1 of each candidate's `of` rows
void FastMover::point_at(std::vector<float>& numbers, std::size_t first, std::size_t rows, std::size_t of,
                         std::size_t width, std::size_t candidates, std::vector<float*>& to) const {
  to.clear();
  for (std::size_t k = 0; k < candidates; ++k) {
    for (std::size_t r = 0; r < rows; ++r) to.push_back(numbers.data() + (k * of + first + r) * width);
  }
}

// What each candidate's move stands for, the sum of its entries, into to_.
void FastMover::add_entries(std::span<const Candidate> candidates) const {
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    std::fill_n(to_[k], width_, 0.0f);
    for (std::size_t q = 0; q < books_; ++q) {
      const float* entry = book_.data() + (q * entries_ + static_cast<std::size_t>(candidates[k].move[q])) * width_;
      for (std::size_t i = 0; i < width_; ++i) to_[k][i] += entry[i];
    }
  }
}

void FastMover::rehearse(std::span<const Candidate> candidates) {
  candidates_.assign(candidates.begin(), candidates.end());
  const std::size_t count = candidates.size();
  std::vector<float>* rows = layers_.empty() ? &codes_ : &inputs_[0];
  const auto layout = [&](std::size_t i) {  // -> where rows that change begin, and how many lie there
    if (i == layers_.size()) return std::pair<std::size_t, std::size_t>(0, loose_ + ticks_);
    return std::pair(layers_[i].kept(), layers_[i].rows());
  };
  const auto room = [&](std::size_t i) {
    rows = i == layers_.size() ? &codes_ : &inputs_[i];
    const std::size_t width = i == layers_.size() ? code_ : layers_[i].in;
    rows->resize(std::max(rows->size(), count * layout(i).second * width));
  };
  room(0);
  point_at(*rows, layout(0).first, 1, layout(0).second, width_, count, to_);
  add_entries(candidates);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const auto activate = dense_kernels().activate;
    if (convolves(layer.plan.kind)) convolve(i, candidates);
    room(i + 1);
    const auto [to_first, to_rows] = layout(i + 1);
    if (layer.plan.kind == Kind::kConv1d) {  // computed already, in wide_
      for (std::size_t k = 0; k < count; ++k)
        std::copy_n(wide_.data() + k * layer.outputs() * layer.out, layer.outputs() * layer.out,
                    rows->data() + (k * to_rows + to_first) * layer.out);
      continue;
    }
    if (layer.plan.kind == Kind::kResidual1d) {
      point_at(wide_, 0, layer.outputs(), layer.outputs(), layer.out, count, from_);
      point_at(*rows, to_first, layer.outputs(), to_rows, layer.out, count, to_);
      for (std::size_t k = 0; k < count; ++k)  // the skip, to which the point is added
        std::copy_n(skipped_[i].data() + k * layer.outputs() * layer.in, layer.outputs() * layer.in,
                    to_[k * layer.outputs()]);
      layer.point.apply(from_, to_, true);
      continue;
    }
    const std::size_t n = layer.loose + layer.rate;
    point_at(inputs_[i], layer.kept(), n, layer.rows(), layer.in, count, from_);
    if (layer.plan.kind == Kind::kConv1dTranspose) {  // a row's ticks lie side by side
      point_at(*rows, to_first, 0, to_rows, layer.out, count, to_);
      for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t r = 0; r < n; ++r)
          to_.push_back(rows->data() + (k * to_rows + to_first + r * layer.plan.factor) * layer.out);
      }
    } else {
      point_at(*rows, to_first, n, to_rows, layer.out, count, to_);
    }
    if (layer.plan.kind == Kind::kDense || layer.plan.kind == Kind::kConv1dTranspose) {
      layer.all.apply(from_, to_);
    } else {
      for (std::size_t r = 0; r < from_.size(); ++r) std::copy_n(from_[r], layer.in, to_[r]);
    }
    if (layer.plan.kind != Kind::kPass) {
      for (float* row : to_) activate(layer.plan.activation, row, layer.out * layer.plan.factor);
    }
  }
}

// The wide part of layer `index`, activated, into wide_ [candidates][outputs()][out]. Completes the rows that it looks
// at: what is remembered before them, zeros after them; a residual layer activates them first.
void FastMover::convolve(std::size_t index, std::span<const Candidate> candidates) {
  const Layer& layer = layers_[index];
  const bool residual = layer.plan.kind == Kind::kResidual1d;
  const std::size_t count = candidates.size(), kept = layer.kept() * layer.in,
                    fresh = (layer.loose + layer.rate) * layer.in, all = layer.rows() * layer.in;
  const auto activate = dense_kernels().activate;
  std::vector<float>& inputs = inputs_[index];
  if (residual) skipped_[index].resize(std::max(skipped_[index].size(), count * layer.outputs() * layer.in));
  for (std::size_t k = 0; k < count; ++k) {
    float* row = inputs.data() + k * all;
    const std::vector<float>& before = candidates[k].memory->rows[index];
    std::copy_n(before.data(), kept, row);
    if (residual) {
      float* skip = skipped_[index].data() + k * layer.outputs() * layer.in;
      std::copy_n(before.data() + kept, layer.ahead * layer.in, skip);
      std::copy_n(row + kept, fresh, skip + layer.ahead * layer.in);
      activate(layer.plan.activation, row + kept, fresh);
    }
    std::fill_n(row + kept + fresh, layer.ahead * layer.in, 0.0f);
  }
  const std::size_t outputs = layer.outputs();
  wide_.resize(std::max(wide_.size(), count * outputs * layer.all.out()));
  point_at(wide_, 0, outputs, outputs, layer.all.out(), count, to_);
  if (layer.past.out() > 0) {  // what the rows before the newest add up to, once for each memory
    shared_.resize(count * layer.all.out());
    from_.clear();
    some_.clear();
    for (std::size_t k = 0; k < count; ++k) {
      if (k > 0 && candidates[k].memory == candidates[k - 1].memory) continue;
      from_.push_back(inputs.data() + k * all);
      some_.push_back(to_[k]);
    }
    layer.past.apply(from_, some_, false, layer.in, layer.plan.dilation * layer.in);
    for (std::size_t k = 1; k < count; ++k) {
      if (candidates[k].memory == candidates[k - 1].memory) std::copy_n(to_[k - 1], layer.all.out(), to_[k]);
    }
    point_at(inputs, layer.back, 1, layer.rows(), layer.in, count, from_);
    layer.newest.apply(from_, to_, true);
  } else {
    point_at(inputs, 0, outputs, layer.rows(), layer.in, count, from_);
    layer.all.apply(from_, to_, false, layer.in, layer.plan.dilation * layer.in);
  }
  activate(layer.plan.activation, wide_.data(), count * outputs * layer.all.out());
}

void FastMover::play(std::size_t index, std::span<float> codes) const {
  const std::vector<float>& before = candidates_[index].memory->codes;
  const std::size_t own = (loose_ + ticks_) * code_, all = kMoves * ticks_ * code_, taken = all - before.size();
  OMBRA_ASSERT(codes.size() == all);
  std::copy(before.begin(), before.end(), codes.begin());
  std::copy_n(codes_.data() + index * own + (own - taken), taken,
              codes.begin() + static_cast<std::ptrdiff_t>(before.size()));
}

void FastMover::take(std::size_t index) {
  Memory& memory = *candidates_[index].memory;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const std::size_t kept = layer.kept() * layer.in;
    std::copy_n(inputs_[i].data() + (index * layer.rows() + layer.rate) * layer.in, kept, memory.rows[i].data());
    if (layer.plan.kind == Kind::kResidual1d)
      std::copy_n(skipped_[i].data() + (index * layer.outputs() + layer.rate) * layer.in, layer.ahead * layer.in,
                  memory.rows[i].data() + kept);
  }
  // two moves back, up to what the next move still changes: older ticks go, those of this candidate come
  const std::size_t kept = memory.codes.size(), going = std::min(kept, ticks_ * code_);
  std::copy(memory.codes.begin() + static_cast<std::ptrdiff_t>(going), memory.codes.end(), memory.codes.begin());
  const float* own = codes_.data() + index * (loose_ + ticks_) * code_;
  std::copy_n(own + ticks_ * code_ - going, going, memory.codes.end() - static_cast<std::ptrdiff_t>(going));
}

}  // namespace ombra::model
