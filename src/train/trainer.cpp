#include "train/trainer.hpp"

#include "core/clock.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "model/threads.hpp"
#include "train/curves.hpp"

#include <cmath>
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

struct Setting {
  int threads = 1;
  bool bf16 = false;
};

void apply(const Setting& setting) { model::use_threads(setting.threads); }

// The best of three steps in a setting; gives up where the first is slower than three times `known_s`.
double time_setting(const Job& job, const Where& where, const Setting& setting, double known_s) {
  apply(setting);
  double best_s = INFINITY;
  for (int i = 0; i < 3 && !interrupted(); ++i) {
    const double start = now_s();
    loss_at(job, where, i, setting.bf16).backward();
    for (Tensor p : job.network->parameters()) p.mutable_grad() = Tensor();
    best_s = std::min(best_s, now_s() - start);
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

// Times a few steps on one and on all threads, with and without bf16. A run with a budget spends little of it on this.
Setting fastest(const Job& job, const Where& where) {
  constexpr double kShare = 0.03;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (!where.device.is_cpu()) return {cores, false};
  std::vector<Setting> settings;
  for (const int threads : cores > 1 ? std::vector<int>{1, cores} : std::vector<int>{1}) {
    for (const bool bf16 : job.autocast_allowed ? std::vector<bool>{true, false} : std::vector<bool>{false})
      settings.push_back({threads, bf16});
  }
  Setting best = settings.front();
  double best_s = INFINITY;
  const double begun = now_s();
  keeping_buffers(*job.network, [&] {
    for (const Setting& setting : settings) {
      if (interrupted() || (job.spec.budget_s > 0.0 && now_s() - begun > kShare * job.spec.budget_s)) break;
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
  Setting setting;
  Curves curves;
};

// What a run was begun for; a checkpoint fits no other.
std::string run_length(const model::TrainSpec& spec) {
  return spec.budget_s > 0.0 ? fmt::format("{} in {} s", spec.steps, spec.budget_s) : std::to_string(spec.steps);
}

void save(const std::filesystem::path& path, const Job& job, const Optimiser& optimiser, const RunState& state) {
  model::SafetensorsWriter writer;
  model::add_module(writer, "network", *job.network, false);
  optimiser.save(writer);
  model::add_tensor(writer, "state",
                    torch::tensor({static_cast<double>(state.step), state.trained_s,
                                   static_cast<double>(state.setting.threads), state.setting.bf16 ? 1.0 : 0.0},
                                  torch::kDouble));
  writer.set_metadata("curves", state.curves.csv());
  writer.set_metadata("steps", run_length(job.spec));
  writer.write(path);
}

RunState load(const std::filesystem::path& path, const Job& job, Optimiser& optimiser) {
  const model::SafetensorsFile file(path);
  model::load_module(file, "network", *job.network);
  if (file.metadata("steps") != run_length(job.spec)) {
    throw error("{}: this run was begun for {} steps, now it is {}\nhint: remove the folder to begin anew",
                path.string(), file.metadata("steps"), run_length(job.spec));
  }
  optimiser.load(file);
  const model::TensorView& view = file.tensor("state", model::DType::F64, std::vector<std::int64_t>{4});
  double numbers[4];
  std::memcpy(numbers, view.bytes.data(), sizeof numbers);
  RunState state{
      static_cast<std::int64_t>(numbers[0]), numbers[1], {static_cast<int>(numbers[2]), numbers[3] > 0.5}, {}};
  state.curves = Curves::parse(file.metadata("curves"));
  return state;
}

}  // namespace

double seconds_a_step(const Job& job, const Where& where) {
  double step_s = INFINITY;
  job.network->train();
  keeping_buffers(*job.network, [&] {
    const bool bf16 = job.autocast_allowed && where.device.is_cpu();
    step_s = time_setting(job, where, {1, bf16}, INFINITY);
  });
  return step_s;
}

RunResult run(const Job& job, const Where& where) {
  const std::filesystem::path checkpoint = where.folder / (job.name + ".safetensors");
  job.network->to(where.device);
  job.network->train();
  Optimiser optimiser(job.network->parameters(), job.spec);
  RunState state;
  if (std::filesystem::exists(checkpoint)) {
    state = load(checkpoint, job, optimiser);
    log::info("{}: taking up at step {}", job.name, state.step);
  } else {
    state.setting = fastest(job, where);
  }
  apply(state.setting);
  at::globalContext().setFlushDenormal(true);
  const auto check = [&] {
    if (!job.validate) return;
    const torch::NoGradGuard no_grad;
    job.network->eval();
    for (const auto& [name, value] : job.validate()) state.curves.add(state.step, name, value);
    job.network->train();
  };

  const bool timed = job.spec.budget_s > 0.0;
  const auto steps = static_cast<double>(job.spec.steps);
  const double begun = now_s() - state.trained_s;
  // how far the run has come, 0..1: by steps, so that it can be repeated; by the clock only where that was asked for
  const auto share = [&] {
    return timed ? (now_s() - begun) / job.spec.budget_s : static_cast<double>(state.step) / steps;
  };
  constexpr double kUnits = 400.0;  // of the progress bar, and points of a curve
  Progress progress(job.name, timed ? static_cast<std::int64_t>(kUnits) : job.spec.steps);
  double next_check = now_s() + where.validate_every_s, next_save = now_s() + where.checkpoint_every_s;
  double mean_loss = 0.0, seen = 0.0, next_point = share() + 1.0 / kUnits;
  int lost = 0;
  for (double done = share(); done < 1.0 && !interrupted(); done = share()) {
    progress.set(timed ? static_cast<std::int64_t>(done * kUnits) : state.step);
    const Tensor loss = loss_at(job, where, state.step, state.setting.bf16);
    loss.backward();
    const double value = loss.item<double>();
    optimiser.step(timed ? done * steps : static_cast<double>(state.step));
    lost = std::isfinite(value) ? 0 : lost + 1;
    if (lost >= 10)
      throw error("{}: the loss is not a number any more at step {}\nhint: lower `rate` in the recipe", job.name,
                  state.step);
    if (std::isfinite(value)) mean_loss += value, seen += 1.0;
    ++state.step;
    const bool point = timed ? share() >= next_point
                             : state.step % std::max<std::int64_t>(1, job.spec.steps / std::llround(kUnits)) == 0;
    if (point && seen > 0.0) {
      state.curves.add(state.step, "loss", mean_loss / seen);
      progress.note(fmt::format("loss {:.4f}", mean_loss / seen));
      mean_loss = seen = 0.0;
      next_point = share() + 1.0 / kUnits;
    }
    if (now_s() > next_check) {
      check();
      next_check = now_s() + where.validate_every_s;
      state.curves.write(where.folder, job.name);
    }
    if (now_s() > next_save) {
      state.trained_s = now_s() - begun;
      save(checkpoint, job, optimiser, state);
      next_save = now_s() + where.checkpoint_every_s;
    }
  }
  const bool finished = share() >= 1.0;
  progress.set(timed ? static_cast<std::int64_t>(kUnits) : state.step);
  state.trained_s = timed && finished ? std::max(job.spec.budget_s, state.trained_s) : now_s() - begun;
  if (finished) check();
  save(checkpoint, job, optimiser, state);
  state.curves.write(where.folder, job.name);
  job.network->eval();
  return {finished, state.step, state.trained_s};
}

}  // namespace ombra::train
