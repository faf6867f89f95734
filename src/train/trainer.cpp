#include "train/trainer.hpp"

#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "model/layers/threads.hpp"
#include "train/curves.hpp"
#include "train/step_tuner.hpp"

#include <cmath>
#include <cstring>
#include <optional>
#include <thread>

namespace ombra::train {

using torch::Tensor;

namespace {

std::uint64_t seed_of(const Job& job, const Where& where, std::int64_t step) {
  return where.seed * 0x9e3779b97f4a7c15u ^
         (std::hash<std::string>{}(job.name) + static_cast<std::uint64_t>(step) * 0xd1342543de82ef95u);
}

// One step's randomness depends on the seed and the step alone, which is what makes resuming exact.
Tensor loss_at(const Job& job, const Where& where, std::int64_t step, bool bf16) {
  const std::uint64_t seed = seed_of(job, where, step);
  Rng rng(seed);
  torch::manual_seed(seed & 0x7fffffff);
  const Autocast autocast(bf16);
  return job.loss(rng, step);
}

int cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

// The best of three steps in a setting; gives up where the first is slower than three times `known_s`.
double time_setting(const Job& job, const Where& where, const StepSetting& setting, double known_s) {
  model::use_threads(setting.threads);
  double best_s = INFINITY;
  for (int i = 0; i < 3 && !interrupted(); ++i) {
    const double start = where.clock();
    loss_at(job, where, i, setting.bf16).backward();
    for (Tensor p : job.network->parameters()) p.mutable_grad() = Tensor();
    best_s = std::min(best_s, where.clock() - start);
    if (best_s > 3.0 * known_s) break;
  }
  return best_s;
}

// Calls f and leaves the network's buffers as they were.
template <typename F>
void keeping_buffers(torch::nn::Module& network, F f) {
  std::vector<Tensor> buffers = network.buffers(), kept;
  for (const Tensor& b : buffers) kept.push_back(b.clone());
  f();
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < buffers.size(); ++i) buffers[i].copy_(kept[i]);
}

// Of a run by steps: times a few steps on one and on all threads, with and without bf16, and leaves no trace of them,
// so that it can be repeated.
StepSetting fastest(const Job& job, const Where& where) {
  if (!where.device.is_cpu()) return {cores(), false, 0};
  std::vector<StepSetting> settings;
  for (const int threads : cores() > 1 ? std::vector<int>{1, cores()} : std::vector<int>{1}) {
    for (const bool bf16 : job.autocast_allowed ? std::vector<bool>{true, false} : std::vector<bool>{false})
      settings.push_back({threads, bf16, 0});
  }
  StepSetting best = settings.front();
  double best_s = INFINITY;
  keeping_buffers(*job.network, [&] {
    for (const StepSetting& setting : settings) {
      if (interrupted()) break;
      const double step_s = time_setting(job, where, setting, best_s);
      log::info("{}: {} thread{}, {}: {:.0f} ms a step", job.name, setting.threads, setting.threads > 1 ? "s" : "",
                setting.bf16 ? "bf16" : "fp32", step_s * 1e3);
      if (step_s < best_s) best_s = step_s, best = setting;
    }
  });
  return best;
}

// What a run has come to; written to the checkpoint and read back.
struct RunState {
  std::int64_t step = 0;
  double trained_s = 0.0;
  StepSetting setting;
  bool settled = false, finished = false;  // settled: the setting is the one to go on with
  Curves curves;
};

std::vector<Tensor> moved_to(const torch::Device& device, torch::nn::Module& network) {
  network.to(device);
  return network.parameters();
}

// What a run was begun for; a checkpoint fits no other.
std::string run_length(const model::TrainSpec& spec) {
  return spec.budget_s > 0.0 ? fmt::format("{} in {} s", spec.steps, spec.budget_s) : std::to_string(spec.steps);
}

void save(const std::filesystem::path& path, const Job& job, const Optimiser& optimiser, const RunState& state) {
  model::SafetensorsWriter writer;
  model::add_module(writer, "network", *job.network, false);
  optimiser.save(writer);
  model::add_tensor(
      writer, "state",
      torch::tensor({static_cast<double>(state.step), state.trained_s, static_cast<double>(state.setting.threads),
                     state.setting.bf16 ? 1.0 : 0.0, static_cast<double>(state.setting.batch),
                     state.settled ? 1.0 : 0.0, state.finished ? 1.0 : 0.0},
                    torch::kDouble));
  writer.set_metadata("curves", state.curves.csv());
  writer.set_metadata("steps", run_length(job.spec));
  writer.write(path);
}

RunState load(const std::filesystem::path& path, const Job& job, Optimiser& optimiser) {
  const model::SafetensorsFile file(path);
  model::load_module(file, "network", *job.network);
  if (file.metadata("steps") != run_length(job.spec)) {
    throw error("{}: this run was started with {} steps, now it has {}\nhint: remove the folder to start anew",
                path.string(), file.metadata("steps"), run_length(job.spec));
  }
  optimiser.load(file);
  double numbers[7] = {0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0};
  const bool older = file.tensor("state").shape == std::vector<std::int64_t>{4};  // without batch and end
  const model::TensorView& view = file.tensor("state", model::DType::kF64, std::vector<std::int64_t>{older ? 4 : 7});
  std::memcpy(numbers, view.bytes.data(), view.bytes.size());
  RunState state{.step = static_cast<std::int64_t>(numbers[0]),
                 .trained_s = numbers[1],
                 .setting = {static_cast<int>(numbers[2]), numbers[3] > 0.5, static_cast<std::int64_t>(numbers[4])},
                 .settled = numbers[5] > 0.5,
                 .finished = numbers[6] > 0.5,
                 .curves = Curves::parse(file.metadata("curves"))};
  if (older) state.finished = job.spec.budget_s > 0.0 && state.trained_s >= job.spec.budget_s;
  return state;
}

constexpr double kUnits = 400.0;    // of the progress bar, and points of a curve
constexpr double kChecking = 0.05;  // of a budget that one check may take
constexpr int kMaxLost = 10;        // losses in a row that are no numbers

// One network's training, from where it stands to its end.
class Run {
 public:
  Run(const Job& job, const Where& where)
      : job_(job),
        where_(where),
        timed_(job.spec.budget_s > 0.0),
        checkpoint_(where.folder / (job.name + ".safetensors")),
        entered_s_(where.clock()),
        optimiser_(moved_to(where.device, *job.network), job.spec) {}

  RunResult go() {
    job_.network->train();
    take_up();
    if (!state_.finished) train();
    job_.network->eval();
    return {state_.finished, state_.step, job_.batch ? *job_.batch : 0, state_.trained_s};
  }

 private:
  double now_s() const { return where_.clock(); }
  double spent_s() const { return before_s_ + now_s() - entered_s_; }
  // how far the run has come, 0..1: by steps, so that it can be repeated; by the clock only where that was asked for
  double share() const {
    return timed_ ? std::min(1.0, spent_s() / length_s_)
                  : static_cast<double>(state_.step) / static_cast<double>(job_.spec.steps);
  }
  bool over() const {
    if (!timed_) return state_.step >= job_.spec.steps;
    if (state_.step == 0) return false;  // a network without a step cannot be used
    return spent_s() + 0.5 * step_s_ + save_s_ + (affords_check() ? check_cost_s() : 0.0) >= length_s_;
  }
  // What a check takes: as the last one did; before the first, at most as training on so many items does.
  double check_cost_s() const {
    if (check_s_ >= 0.0 || !job_.batch) return std::max(0.0, check_s_);
    return job_.validate_items / static_cast<double>(std::max<std::int64_t>(1, *job_.batch)) * step_s_;
  }
  bool affords_check() const { return job_.validate && (!timed_ || check_cost_s() <= kChecking * length_s_); }

  void take_up() {
    if (std::filesystem::exists(checkpoint_)) {
      state_ = load(checkpoint_, job_, optimiser_);
      if (job_.batch && state_.settled && state_.setting.batch > 0) *job_.batch = state_.setting.batch;
      log::info("{}: resuming at step {}", job_.name, state_.step);
    }
    before_s_ = state_.trained_s;
    length_s_ = !timed_ ? INFINITY : where_.left_s ? before_s_ + where_.left_s() : job_.spec.budget_s;
    length_s_ = std::max(length_s_, 1e-9);
    if (timed_ && !state_.settled) {
      tuner_.emplace(TunerOptions{.budget_s = length_s_,
                                  .batch = job_.batch ? *job_.batch : 0,
                                  .worthwhile = job_.worthwhile,
                                  .threads = cores(),
                                  .bf16_allowed = job_.autocast_allowed && where_.device.is_cpu()});
    } else if (!state_.settled) {
      state_.setting = fastest(job_, where_);
      state_.settled = true;
    }
    at::globalContext().setFlushDenormal(true);
  }

  void train() {
    model::use_threads(state_.setting.threads);
    Progress progress(job_.name, timed_ ? static_cast<std::int64_t>(kUnits) : job_.spec.steps);
    const auto show = [&] { progress.set(timed_ ? static_cast<std::int64_t>(share() * kUnits) : state_.step); };
    double next_check = now_s() + where_.validate_every_s, next_save = now_s() + checkpoint_every_s();
    next_point_ = share() + 1.0 / kUnits;
    while (!over() && !interrupted()) {
      show();
      step();
      add_point(progress);
      if (now_s() > next_check) {
        check();
        next_check = now_s() + where_.validate_every_s;
        state_.curves.write(where_.folder, job_.name);
      }
      if (now_s() > next_save) {
        keep();
        next_save = now_s() + checkpoint_every_s();
      }
    }
    state_.finished = over();
    if (state_.finished) check();
    show();
    keep();
    state_.curves.write(where_.folder, job_.name);
  }

  // A short run is not to lose all of it to a power cut.
  double checkpoint_every_s() const { return std::min(where_.checkpoint_every_s, timed_ ? 0.2 * length_s_ : INFINITY); }

  void step() {
    if (tuner_) use(tuner_->setting());
    const double start = now_s(), done = share();
    const Tensor loss = loss_at(job_, where_, state_.step, state_.setting.bf16);
    loss.backward();
    const double value = loss.item<double>();
    optimiser_.step(timed_ ? done * static_cast<double>(job_.spec.steps) : static_cast<double>(state_.step));
    lost_ = std::isfinite(value) ? 0 : lost_ + 1;
    if (lost_ >= kMaxLost)
      throw error("{}: the loss is not a number any more at step {}\nhint: lower `rate` in the recipe", job_.name,
                  state_.step);
    if (std::isfinite(value)) sum_ += value, seen_ += 1.0;
    ++state_.step;
    step_s_ = now_s() - start;
    if (tuner_) tune();
  }

  void use(const StepSetting& setting) {
    if (setting.threads != state_.setting.threads) model::use_threads(setting.threads);
    state_.setting = setting;
    if (job_.batch && setting.batch > 0) *job_.batch = setting.batch;
  }

  void tune() {
    tuner_->took(step_s_);
    if (!tuner_->done()) return;
    const std::int64_t most = job_.spec.batch;
    use(tuner_->setting());
    state_.settled = true;
    tuner_.reset();
    log::info("{}: {} thread{}, {}", job_.name, state_.setting.threads, state_.setting.threads > 1 ? "s" : "",
              state_.setting.bf16 ? "bf16" : "fp32");
    if (job_.batch && *job_.batch < most)
      log::info("{}: batch {} instead of {}: more steps in the time", job_.name, *job_.batch, most);
  }

  void add_point(Progress& progress) {
    const bool point = timed_ ? share() >= next_point_
                              : state_.step % std::max<std::int64_t>(1, job_.spec.steps / std::llround(kUnits)) == 0;
    if (!point || seen_ <= 0.0) return;
    state_.curves.add(state_.step, "loss", sum_ / seen_);
    progress.note(fmt::format("loss {:.4f}", sum_ / seen_));
    sum_ = seen_ = 0.0;
    next_point_ = share() + 1.0 / kUnits;
  }

  void check() {
    if (!affords_check()) return;
    const torch::NoGradGuard no_grad;
    const double start = now_s();
    job_.network->eval();
    for (const auto& [name, value] : job_.validate()) state_.curves.add(state_.step, name, value);
    job_.network->train();
    check_s_ = now_s() - start;
  }

  void keep() {
    const double start = now_s();
    state_.trained_s = spent_s();
    save(checkpoint_, job_, optimiser_, state_);
    if (where_.saved) where_.saved();
    save_s_ = now_s() - start;
  }

  // immutable after construction
  const Job& job_;
  const Where& where_;
  const bool timed_;
  const std::filesystem::path checkpoint_;
  const double entered_s_;
  // state
  Optimiser optimiser_;
  RunState state_;
  std::optional<StepTuner> tuner_;          // while batch and setting are looked for
  double before_s_ = 0.0, length_s_ = 1.0;  // trained before this session; of the whole run, where it is timed
  double step_s_ = 0.0, save_s_ = 0.0, check_s_ = -1.0;  // the last ones; under 0: none yet
  double sum_ = 0.0, seen_ = 0.0, next_point_ = 0.0;     // losses since the last point of the curve
  int lost_ = 0;
};

}  // namespace

void claim_run(const std::filesystem::path& folder, const std::string& about) {
  const std::filesystem::path file = folder / "run.toml";
  if (std::filesystem::exists(file) && read_text(file) != about) {
    throw UsageError(
        fmt::format("{}: holds a run with other options, recipe or data\nhint: choose another --output, or remove {}",
                    folder.string(), folder.string()));
  }
  write_atomically(file, about);
}

RunResult run(const Job& job, const Where& where) { return Run(job, where).go(); }

}  // namespace ombra::train
