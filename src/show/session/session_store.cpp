#include "show/session/session_store.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <utility>

namespace ombra::show {
namespace {

constexpr double kEveryS = 30.0;

}  // namespace

SessionStore::SessionStore(bool active) : active_(active) {}

std::vector<std::string> SessionStore::restore(Params& params, Modulation& modulation) {
  const std::filesystem::path path = session_path();
  std::error_code ignored;
  if (!active_ || !std::filesystem::is_regular_file(path, ignored)) return {};
  try {
    for (const std::string& remark : load_preset(path, params, modulation, &machine_)) log::warn("{}", remark);
  } catch (const Error& fault) {
    return {fmt::format("the last session was not restored: {}", first_line(fault.what()))};
  }
  return {};
}

std::vector<OutputSettings> SessionStore::restore_outputs(std::vector<std::string>& remarks) {
  try {
    if (active_) outputs_ = load_outputs(outputs_path(), remarks);
  } catch (const Error& fault) {
    remarks.push_back(first_line(fault.what()) + ": mappings are neither read nor written over");
    keeps_outputs_ = false;
  }
  return outputs_;
}

std::string SessionStore::keep_outputs(const std::vector<OutputSettings>& outputs) {
  if (!active_ || !keeps_outputs_ || outputs == outputs_ || outputs_path().empty()) return {};
  try {
    save_outputs(outputs_path(), outputs);
    outputs_ = outputs;
  } catch (const Error& fault) {
    return first_line(fault.what());
  }
  return {};
}

void SessionStore::begin(const Params& params, double now_s) {
  changes_ = params.changes();
  kept_s_ = now_s;
}

bool SessionStore::due(double now_s) const { return active_ && now_s - kept_s_ >= kEveryS; }

std::string SessionStore::keep(Machine machine, const Params& params, const Modulation& modulation, double now_s,
                               bool at_once) {
  const std::filesystem::path path = session_path();
  if (!active_ || path.empty()) return {};
  kept_s_ = now_s;
  machine.record_folder = machine_.record_folder, machine.keys = machine_.keys;
  machine.stream = machine_.stream, machine.camera = machine_.camera;
  if (!at_once && !std::exchange(chosen_, false) && params.changes() == changes_ && machine == machine_) return {};
  changes_ = params.changes();
  machine_ = std::move(machine);
  try {
    save_preset(path, params, modulation, &machine_);
  } catch (const Error& fault) {
    return first_line(fault.what());
  }
  return {};
}

}  // namespace ombra::show
