#pragma once
// What a comparison found out about each system, and how it is written down. Inside of evaluate/ only.
// Thread: any (values).

#include "evaluate/evaluate_system.hpp"
#include "evaluate/frame_cost.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace ombra::train {

// Free dance at one temperature.
struct DanceReport {
  double temperature = NAN;  // NaN: the system has none
  bool finite = true;
  NeutralFigures figures;
};

struct SystemReport {
  std::string name;                    // of the model folder
  std::string failure;                 // why it could not be evaluated; empty: it was
  std::string recipe, kind, pictures;  // pictures: "208x120 binary, 7.5 a second"
  std::int64_t parameters = 0, painter_parameters = 0;
  double budget_s = NAN;                                         // of training, as it was asked for
  std::vector<std::pair<std::string, double>> trained_s, steps;  // by network; empty: not noted in the weights
  PainterFigures painter;
  DancerFigures dancer;
  std::vector<DanceReport> dances;
  double jumps_a_minute = NAN;  // of the freeze guard, when it is on
  std::optional<FrameCost> cost;
};

// Two tables, reconstruction with cost, and dance, with real dance as the last rows; '-' where a figure is missing.
std::string comparison_text(const std::vector<SystemReport>& systems, const NeutralFootage& footage);
nlohmann::json comparison_json(const std::vector<SystemReport>& systems, const NeutralFootage& footage);

}  // namespace ombra::train
