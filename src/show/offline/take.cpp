#include "show/offline/take.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "media/record/live_sound.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <system_error>

namespace ombra::show {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kEvery = std::chrono::milliseconds(500);
constexpr double kLateS = 2.0;                  // sound that has not come by then is silence
constexpr std::size_t kMaxPending = 64u << 20;  // bytes that wait for a disk that does not answer
constexpr std::uintmax_t kMinFree = 500'000'000;

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

void write_facts(const fs::path& folder, const TakeFacts& facts) {
  const json j = {{"ombra", facts.version},
                  {"started", facts.started},
                  {"model", facts.dancer.model.string()},
                  {"weights", facts.weights},
                  {"device", facts.dancer.device},
                  {"seed", facts.dancer.seed},
                  {"continue", facts.dancer.video.string()},
                  {"figure", facts.dancer.figure},
                  {"start_s", facts.start_s},
                  {"looks", facts.looks}};
  write_atomically(folder / "take.json", j.dump(2) + "\n");
}

void make_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw error("{}: cannot be made: {}\nhint: choose another folder", folder.string(), code.message());
  if (!fs::is_empty(folder, code)) {
    throw error("{}: is not empty\nhint: a take needs a folder of its own; name a new one", folder.string());
  }
}

}  // namespace

bool is_take(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "take.json", ignored);
}

TakeFacts read_take_facts(const fs::path& folder) {
  const fs::path path = folder / "take.json";
  const json j = json::parse(read_text(path, 1u << 20), nullptr, false);
  TakeFacts facts;
  try {
    facts.version = j.at("ombra").get<std::string>();
    facts.started = j.at("started").get<std::string>();
    facts.dancer = {j.at("model").get<std::string>(), j.at("device").get<std::string>(),
                    j.at("seed").get<std::uint64_t>(), j.at("continue").get<std::string>(),
                    j.value("figure", "largest")};  // takes of earlier versions know none
    facts.weights = j.at("weights").get<std::string>();
    facts.start_s = j.at("start_s").get<double>();
    facts.looks = j.at("looks").get<std::vector<std::string>>();
  } catch (const json::exception&) {
    throw error("{}: does not describe a take\nhint: `ombra perform --take FOLDER` makes one", path.string());
  }
  return facts;
}

std::string checksum_of(const fs::path& model) {
  const fs::path weights = model / "weights.safetensors";
  std::error_code ignored;
  if (!fs::is_regular_file(weights, ignored)) return "";
  std::uint64_t sum = 0xcbf29ce484222325;  // FNV-1a (Fowler, Noll and Vo)
  const MappedFile file(weights);
  for (const std::byte b : file.bytes()) sum = (sum ^ static_cast<std::uint64_t>(b)) * 0x100000001b3;
  return fmt::format("{:016x}", sum);
}

Take::Take(const fs::path& folder, TakeDancer dancer, std::string version)
    : folder_(fs::absolute(folder)), start_s_(now_s()) {
  make_folder(folder_);
  dancer.model = fs::absolute(dancer.model);
  if (!dancer.video.empty()) dancer.video = fs::absolute(dancer.video);
  const std::string weights = checksum_of(dancer.model);
  write_facts(folder_, {std::move(version), local_time(), std::move(dancer), weights, start_s_, stage::Stage::looks()});
  status_.folder = folder_.string();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Take::~Take() = default;

void Take::add(RecordKind kind, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (!status_.message.empty()) return;
  packer_.pack(kind, bytes, pending_);
}

void Take::steps(const DanceRequest& request, bool drawn) {
  add(drawn ? RecordKind::kStep : RecordKind::kUndrawn, packed(request));
}

void Take::swaps(const fs::path& model) { add(RecordKind::kModel, fs::absolute(model).string()); }

void Take::frame(const FrameRecord& record) { add(RecordKind::kFrame, packed(record)); }

void Take::sound(const audio::HeardSound& piece) {
  const std::lock_guard lock(mutex_);
  if (status_.message.empty()) pieces_.push_back(piece);
}

TakeStatus Take::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Take::run(const std::stop_token& stop) {
  name_thread("ombra-take");
  try {
    ScoreWriter score(folder_ / "score.bin");
    media::LiveSound sound(folder_ / "sound.flac", start_s_);
    std::string bytes;
    std::vector<audio::HeardSound> pieces;
    for (bool last = false; !last;) {
      last = stop.stop_requested();  // once more, for what came before it
      if (!last) std::this_thread::sleep_for(kEvery);
      bytes.clear(), pieces.clear();
      {
        const std::lock_guard lock(mutex_);
        if (pending_.size() > kMaxPending) throw error("{}: the disk is too slow", folder_.string());
        bytes.swap(pending_), pieces.swap(pieces_);
      }
      if (!bytes.empty()) score.write(bytes);
      for (const audio::HeardSound& p : pieces) sound.push(p.stereo, p.rate_hz, p.end_s);
      sound.no_sound_before(now_s() - kLateS);
      std::error_code unknown;
      const fs::space_info space = fs::space(folder_, unknown);
      if (!unknown && space.available < kMinFree) throw error("{}: the disk is nearly full", folder_.string());
      const std::lock_guard lock(mutex_);
      status_.bytes = score.bytes() + sound.bytes();
      status_.seconds = now_s() - start_s_;
    }
    sound.finish();
  } catch (const std::exception& fault) {
    log::warn("the take has ended: {}", fault.what());
    const std::lock_guard lock(mutex_);
    status_.message = std::string("The take has ended: ") + fault.what();
    pending_.clear(), pieces_.clear();
  }
}

}  // namespace ombra::show
