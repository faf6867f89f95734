#include "model/layers/mover.hpp"

#include "model/layers/tensors.hpp"

namespace ombra::model {

using torch::Tensor;

MoverImpl::MoverImpl(const MoverSpec& spec, std::int64_t code, const std::string& file)
    : books_(spec.books), entries_(spec.entries), width_(spec.width), frames_per_move_(spec.frames_per_move) {
  encoder_ =
      register_module("encoder", Network(read_layers(spec.encoder, Shape{-1, code}, code, file, "[mover] encoder")));
  decoder_ = register_module("decoder",
                             Network(read_layers(spec.decoder, Shape{-1, spec.width}, code, file, "[mover] decoder")));
  const auto check = [&](const Network& network, std::int64_t channels, const char* which) {
    if (network->output() != Shape{-1, channels}) {
      throw UsageError(fmt::format("{}: [mover] {} gives {}, expected [-1, {}]", file, which,
                                   shape_text(network->output()), channels));
    }
  };
  check(encoder_, spec.width, "encoder");
  check(decoder_, code, "decoder");
  // A dry run over two beats: the strides must make one vector of each move, and of each vector a move's frames again.
  const torch::NoGradGuard no_grad;
  const std::int64_t frames = 2 * spec.frames_per_beat, moves = frames / spec.frames_per_move;
  const auto check_length = [&](Network& network, const Tensor& x, std::int64_t expected, const char* which) {
    std::int64_t got = 0;
    network->eval();
    try {
      got = network->forward(x).size(1);
    } catch (const std::exception&) {  // LibTorch: a stride that does not divide its input
    }
    network->train();
    if (got != expected) {
      throw UsageError(
          fmt::format("{}: [mover] {}: {} ticks must become {} through strides and factors, for frames_per_move = {}",
                      file, which, x.size(1), expected, spec.frames_per_move));
    }
  };
  check_length(encoder_, torch::zeros({1, frames, code}), moves, "encoder");
  check_length(decoder_, torch::zeros({1, moves, spec.width}), frames, "decoder");
  book_ = register_buffer("book", torch::randn({books_, entries_, width_}) * 0.3);
  count_ = register_buffer("count", torch::ones({books_, entries_}));
  total_ = register_buffer("total", book_.clone());
}

std::pair<Tensor, Tensor> MoverImpl::quantise(const Tensor& h, Rng* rng) {
  const torch::NoGradGuard no_grad;
  Tensor rest = h.reshape({-1, width_}).to(torch::kFloat), sum = torch::zeros_like(rest);
  std::vector<Tensor> moves;
  for (std::int64_t q = 0; q < books_; ++q) {
    Tensor book = book_[q];
    // |r - e|^2 without the term that is the same for all e
    const Tensor nearest = (book.pow(2).sum(1) - 2.0 * rest.matmul(book.t())).argmin(1);
    if (rng) {  // the books follow the mean of what chose them
      Tensor count = count_[q], total = total_[q];
      count.mul_(kDecay).index_add_(0, nearest, torch::full({rest.size(0)}, 1.0 - kDecay, rest.options()));
      total.mul_(kDecay).index_add_(0, nearest, rest * (1.0 - kDecay));
      book.copy_(total / count.clamp_min(1e-3).unsqueeze(1));
      const Tensor dead = (count < 1.0 - kDecay).nonzero().flatten();
      if (dead.numel() > 0) {  // re-seeded with vectors of this batch
        std::vector<std::int64_t> picks;
        for (std::int64_t i = 0; i < dead.numel(); ++i) picks.push_back(rng->below(static_cast<int>(rest.size(0))));
        const Tensor fresh = rest.index_select(0, torch::tensor(picks, torch::kLong).to(rest.device()));
        book.index_copy_(0, dead, fresh);
        total.index_copy_(0, dead, fresh);
        count.index_fill_(0, dead, 1.0);
      }
    }
    const Tensor entry = book.index_select(0, nearest);
    sum = sum + entry;
    rest = rest - entry;
    moves.push_back(nearest.view({h.size(0), -1}));
  }
  return {sum.view({h.size(0), -1, width_}), torch::stack(moves, -1)};
}

MoverImpl::Output MoverImpl::forward(const Tensor& codes, Rng& rng) {
  const Tensor h = encoder_->forward(codes).to(torch::kFloat);
  auto [quantised, moves] = quantise(h, is_training() ? &rng : nullptr);
  const Tensor commit = torch::mse_loss(h, quantised);
  const Tensor straight_through = h + (quantised - h).detach();
  return {decoder_->forward(straight_through).to(torch::kFloat), commit, moves};
}

Tensor MoverImpl::moves_of(const Tensor& codes) {
  return quantise(encoder_->forward(codes).to(torch::kFloat), nullptr).second;
}

Tensor MoverImpl::entries_of(const Tensor& moves) {
  Tensor sum;
  for (std::int64_t q = 0; q < books_; ++q) {
    const Tensor entry =
        book_[q].index_select(0, moves.select(2, q).flatten()).view({moves.size(0), moves.size(1), width_});
    sum = sum.defined() ? sum + entry : entry;
  }
  return sum;
}

Tensor MoverImpl::codes_of(const Tensor& moves) { return decoder_->forward(entries_of(moves)).to(torch::kFloat); }

Tensor MoverImpl::last_codes_of(const Tensor& moves, std::int64_t count) {
  return decoder_->forward_end(entries_of(moves), count * frames_per_move_).to(torch::kFloat);
}

std::vector<float> MoverImpl::book() const { return numbers_of(book_); }

}  // namespace ombra::model
