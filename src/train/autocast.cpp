#include "train/autocast.hpp"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>
#include <torch/version.h>

namespace ombra::train {
namespace {

void set_autocast(bool on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_enabled(at::kCPU, on);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
#else
  at::autocast::set_cpu_enabled(on);
  at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
#endif
}

}  // namespace

Autocast::Autocast(bool on) : on_(on) {
  if (on_) set_autocast(true);
}

Autocast::~Autocast() {
  if (!on_) return;
  at::autocast::clear_cache();
  set_autocast(false);
}

}  // namespace ombra::train
