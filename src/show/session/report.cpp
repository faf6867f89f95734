// The report of a session as one line of JSON.
#include "show/session/report.hpp"

#include "core/process.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace ombra::show {

std::string to_json(const SessionReport& r) {
  const auto number = [](double x) { return std::isfinite(x) ? std::round(x * 1000.0) / 1000.0 : 0.0; };
  const nlohmann::ordered_json json = {{"frames", r.frames},
                                       {"seconds", number(r.seconds)},
                                       {"fps", number(r.fps)},
                                       {"p50_ms", number(r.p50_ms)},
                                       {"p95_ms", number(r.p95_ms)},
                                       {"p99_ms", number(r.p99_ms)},
                                       {"dropped", r.dropped},
                                       {"draw_ms", number(r.draw_ms)},
                                       {"render_scale", number(r.render_scale)},
                                       {"refreshes", r.refreshes},
                                       {"governed", r.governed},
                                       {"first_picture_s", number(r.first_picture_s)},
                                       {"memory_mb", number(r.memory_mb)},
                                       {"level_mean", number(r.level_mean)},
                                       {"level_max", number(r.level_max)},
                                       {"onsets", r.onsets},
                                       {"drops", r.drops},
                                       {"beats", number(r.beats)},
                                       {"tempo_bpm", number(r.tempo_bpm)},
                                       {"lead", r.lead},
                                       {"link_peers", r.link_peers},
                                       {"tempo_confidence", number(r.confidence)},
                                       {"temperature_mean", number(r.temperature_mean)},
                                       {"energy_mean", number(r.energy_mean)},
                                       {"glow_mean", number(r.glow_mean)},
                                       {"moves", r.moves},
                                       {"jumps", r.jumps},
                                       {"freezes", r.freezes},
                                       {"misses", r.misses},
                                       {"faults", r.faults},
                                       {"overruns", r.overruns},
                                       {"decoder", r.decoder},
                                       {"decode_ms", number(r.decode_ms)},
                                       {"network_ms", number(r.network_ms)},
                                       {"latency_ms", number(r.latency_ms)},
                                       {"recording", r.recording},
                                       {"encoder", r.encoder},
                                       {"recorded", r.recorded},
                                       {"repeated", r.repeated},
                                       {"left_out", r.left_out},
                                       {"take", r.take},
                                       {"take_bytes", r.take_bytes},
                                       {"source", r.source},
                                       {"channels", r.channels},
                                       {"message", r.message},
                                       {"look", r.look},
                                       {"model", r.model},
                                       {"renderer", r.renderer}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void ReportSums::add(const AudioFrame& audio, const ShowParams& params, double step_s) {
  ++frames_;
  level_ += audio.level;
  level_max_ = std::max<double>(level_max_, audio.level);
  temperature_ += params.get(params.temperature);
  energy_ += params.get(params.energy);
  glow_ += params.get(params.glow);
  beats_ += step_s * audio.grid.bpm / 60.0;
}

void ReportSums::shown() {
  if (first_picture_s_ == 0.0) first_picture_s_ = process_age_s();
}

void ReportSums::governed() { ++governed_; }

void ReportSums::report(SessionReport& to) const {
  const double n = std::max<double>(1.0, static_cast<double>(frames_));
  to.frames = frames_, to.governed = governed_, to.first_picture_s = first_picture_s_, to.beats = beats_;
  to.level_mean = level_ / n, to.level_max = level_max_;
  to.temperature_mean = temperature_ / n, to.energy_mean = energy_ / n, to.glow_mean = glow_ / n;
}

}  // namespace ombra::show
