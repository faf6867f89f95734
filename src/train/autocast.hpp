#pragma once
// 16-bit arithmetic where LibTorch thinks it safe. Thread: the one that holds it.

namespace ombra::train {

// bf16 autocast on the CPU while it lives, where on is true (LibTorch 1.13 and 2.x).
class Autocast {
 public:
  explicit Autocast(bool on);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  const bool on_;
};

}  // namespace ombra::train
