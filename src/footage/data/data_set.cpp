#include "footage/data/data_set.hpp"

#include "core/error.hpp"
#include "core/frames.hpp"
#include "footage/motion/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ombra::train {
namespace {

using model::DType;
using nlohmann::json;

constexpr std::int64_t kBlockFrames = 512;  // drawn and written at a time
constexpr const char* kFormat = "ombra-data-set";
constexpr const char* kVersion = "2";

static_assert(sizeof(Pose2) == kJoints * 2 * sizeof(float) && sizeof(Pose3) == kJoints * 3 * sizeof(float),
              "a pose is stored as it lies in memory");

json to_json(const DataClip& c) {
  return {{"name", c.name},
          {"source", c.source},
          {"licence", c.licence},
          {"style", c.style},
          {"pair", c.pair},
          {"person", c.person},
          {"fps", c.fps},
          {"yaw", c.yaw},
          {"mirrored", c.mirrored},
          {"held_out", c.held_out},
          {"bpm", c.bpm},
          {"beat_source", c.beat_source},
          {"beat_confidence", c.beat_confidence},
          {"beat_aligned", c.beat_aligned},
          {"beat_shifted", c.beat_shifted},
          {"phrase_confidence", c.phrase_confidence},
          {"dims", c.dims},
          {"party_score", c.party_score}};
}

DataClip from_json(const json& j) {
  DataClip c;
  c.name = j.at("name").get<std::string>();
  c.source = j.at("source").get<std::string>();
  c.licence = j.at("licence").get<std::string>();
  c.style = j.value("style", std::string());
  c.pair = j.value("pair", std::string());
  c.person = j.value("person", std::string());
  c.fps = j.at("fps").get<double>();
  c.yaw = j.at("yaw").get<double>();
  c.mirrored = j.at("mirrored").get<bool>();
  c.held_out = j.at("held_out").get<bool>();
  c.bpm = j.at("bpm").get<double>();
  c.beat_source = j.at("beat_source").get<std::string>();
  c.beat_confidence = j.at("beat_confidence").get<double>();
  c.beat_aligned = j.at("beat_aligned").get<double>();
  c.beat_shifted = j.at("beat_shifted").get<double>();
  c.phrase_confidence = j.value("phrase_confidence", 0.0);
  c.dims = j.at("dims").get<int>();
  c.party_score = j.at("party_score").get<int>();
  return c;
}

double number_in(const model::SafetensorsFile& file, const char* key, double low, double high) {
  double value = 0.0;
  if (!parse_number(file.metadata(key), value) || !(value >= low && value <= high)) {
    throw error("{}: {} is '{}', expected {} to {}\nhint: run `ombra prepare` again", file.name(), key,
                file.metadata(key), low, high);
  }
  return value;
}

// -> the tensor's bytes as numbers; the writer aligns them, a foreign file may not
template <typename T>
std::span<const T> numbers(const model::SafetensorsFile& file, const char* name, DType dtype,
                           std::initializer_list<std::int64_t> shape) {
  const model::TensorView& tensor = file.tensor(name, dtype, std::vector<std::int64_t>(shape));
  if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(T) != 0) {
    throw error("{}: tensor '{}' is not aligned\nhint: run `ombra prepare` again", file.name(), name);
  }
  return {reinterpret_cast<const T*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T)};
}

}  // namespace

void write_data_set(const std::filesystem::path& path, const DataTable& table,
                    const std::function<void(std::int64_t, std::span<std::uint8_t>)>& draw) {
  const auto frames = static_cast<std::int64_t>(table.pose.size());
  OMBRA_ASSERT(table.beat.size() == table.pose.size() && table.energy.size() == table.pose.size());
  std::vector<std::int64_t> start, length;
  json clips = json::array();
  for (const DataClip& clip : table.clips) {
    start.push_back(clip.start);
    length.push_back(clip.length);
    clips.push_back(to_json(clip));
  }
  const auto count = static_cast<std::int64_t>(table.clips.size());
  model::SafetensorsWriter writer;
  writer.add("clip_start", DType::kI64, {count}, std::as_bytes(std::span(start)));
  writer.add("clip_length", DType::kI64, {count}, std::as_bytes(std::span(length)));
  writer.add("pose", DType::kF32, {frames, kJoints, 2}, std::as_bytes(std::span(table.pose)));
  if (table.pose3.size() == table.pose.size())
    writer.add("pose3", DType::kF32, {frames, kJoints, 3}, std::as_bytes(std::span(table.pose3)));
  writer.add("beat", DType::kF32, {frames}, std::as_bytes(std::span(table.beat)));
  if (table.beat_confidence.size() == table.beat.size())
    writer.add("beat_sure", DType::kF32, {frames}, std::as_bytes(std::span(table.beat_confidence)));
  writer.add("energy", DType::kF32, {frames}, std::as_bytes(std::span(table.energy)));
  const bool signed_bytes = table.picture == PictureKind::kDistance;
  std::vector<std::int64_t> shape = {frames, table.height, table.width};
  if (table.channels() > 1) shape.push_back(table.channels());
  writer.add_stream("frames", signed_bytes ? DType::kI8 : DType::kU8, shape, [&](const auto& append) {
    std::vector<std::uint8_t> block;
    for (std::int64_t first = 0; first < frames; first += kBlockFrames) {
      block.resize(static_cast<std::size_t>(std::min(kBlockFrames, frames - first)) * table.picture_bytes());
      draw(first, block);
      append(std::as_bytes(std::span(block)));
    }
  });
  writer.set_metadata("format", kFormat);
  writer.set_metadata("version", kVersion);
  writer.set_metadata("fps", fmt::format("{}", table.fps));
  writer.set_metadata("picture", model::name_of(table.picture));
  writer.set_metadata("width", fmt::format("{}", table.width));
  writer.set_metadata("height", fmt::format("{}", table.height));
  writer.set_metadata("metres", fmt::format("{}", kPictureMetres));
  writer.set_metadata("clips", clips.dump(-1, ' ', false, json::error_handler_t::replace));
  writer.write(path);
}

DataSet::DataSet(const std::filesystem::path& path) : file_(path) {
  const auto& meta = file_.metadata();
  const auto format = meta.find("format"), version = meta.find("version");
  if (format == meta.end() || version == meta.end() || format->second != kFormat || version->second != kVersion) {
    throw error("{}: no data set of version {}\nhint: make one with `ombra prepare`", file_.name(), kVersion);
  }
  fps_ = number_in(file_, "fps", 1.0, 1000.0);
  metres_ = number_in(file_, "metres", 0.1, 100.0);
  width_ = static_cast<int>(number_in(file_, "width", 8.0, 4096.0));
  height_ = static_cast<int>(number_in(file_, "height", 8.0, 4096.0));
  try {
    kind_ = model::picture_kind(file_.metadata("picture"));
  } catch (const UsageError& e) {
    throw error("{}: {}", file_.name(), e.what());
  }
  const DType type = kind_ == PictureKind::kDistance ? DType::kI8 : DType::kU8;
  pictures_ = kind_ == PictureKind::kRgb ? numbers<std::uint8_t>(file_, "frames", type, {-1, height_, width_, 3})
                                         : numbers<std::uint8_t>(file_, "frames", type, {-1, height_, width_});
  frames_ = file_.tensor("frames").shape[0];
  poses_ = numbers<Pose2>(file_, "pose", DType::kF32, {frames_, kJoints, 2});
  if (file_.has("pose3")) poses_in_space_ = numbers<Pose3>(file_, "pose3", DType::kF32, {frames_, kJoints, 3});
  beat_ = numbers<float>(file_, "beat", DType::kF32, {frames_});
  if (file_.has("beat_sure")) beat_confidence_ = numbers<float>(file_, "beat_sure", DType::kF32, {frames_});
  energy_ = numbers<float>(file_, "energy", DType::kF32, {frames_});
  const auto start = numbers<std::int64_t>(file_, "clip_start", DType::kI64, {-1});
  const auto length =
      numbers<std::int64_t>(file_, "clip_length", DType::kI64, {static_cast<std::int64_t>(start.size())});
  try {
    for (const json& clip : json::parse(file_.metadata("clips"))) clips_.push_back(from_json(clip));
  } catch (const json::exception& e) {
    throw error("{}: its list of clips is damaged ({})\nhint: run `ombra prepare` again", file_.name(), e.what());
  }
  if (clips_.size() != start.size()) {
    throw error("{}: {} clips described, {} in clip_start\nhint: run `ombra prepare` again", file_.name(),
                clips_.size(), start.size());
  }
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    if (start[i] < 0 || length[i] < 1 || start[i] > frames_ || length[i] > frames_ - start[i]) {
      throw error("{}: clip '{}' has frames {} + {} of {}\nhint: run `ombra prepare` again", file_.name(),
                  clips_[i].name, start[i], length[i], frames_);
    }
    clips_[i].start = start[i];
    clips_[i].length = length[i];
  }
}

std::span<const std::uint8_t> DataSet::picture(std::int64_t i) const {
  const auto bytes =
      static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * static_cast<std::size_t>(channels());
  return pictures_.subspan(static_cast<std::size_t>(i) * bytes, bytes);
}

}  // namespace ombra::train
