#pragma once
// Is told what the dance does, step by step, before it does it. Thread: the dance thread calls.

#include "show/dance/dance.hpp"

#include <filesystem>

namespace ombra::show {

class DanceObserver {
 public:
  virtual ~DanceObserver() = default;
  // drawn: Dance::step, else Dance::advance
  virtual void steps(const DanceRequest& request, bool drawn) = 0;
  // Another dancer takes over, made from this folder; not called for the first one.
  virtual void swaps(const std::filesystem::path& model) = 0;
};

}  // namespace ombra::show
