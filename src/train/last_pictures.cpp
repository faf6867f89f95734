#include "train/last_pictures.hpp"

#include "core/error.hpp"
#include "media/video_reader.hpp"
#include "train/frame_view.hpp"
#include "train/prepare.hpp"
#include "train/prepare_words.hpp"

#include <cmath>
#include <cstdlib>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

// A folder of its own that goes when it is not needed any more.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "ombra-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw error("{}: no folder can be made there\nhint: set TMPDIR", pattern);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

LastPictures last_pictures(const fs::path& video, const fs::path& model) {
  constexpr double kMoves_s = 6.0;  // eight moves of half a beat, at any tempo
  const model::Recipe recipe = model::read_recipe(model / "recipe.toml");
  const double fps = recipe.frames.fps;
  const auto wanted = recipe.kind == "moves" ? static_cast<std::int64_t>(std::ceil(kMoves_s * fps))
                                             : std::max<std::int64_t>(2, recipe.dancer.context);
  const media::VideoInfo info = media::VideoReader(video).info();
  const ScratchFolder scratch;
  PrepareOptions options;
  use_recipe((model / "recipe.toml").string(), options);
  options.inputs = {video};
  options.output = scratch.path() / "end.safetensors";
  options.fps = info.fps > 0.0 ? std::min(std::max(fps, 5.0), info.fps) : fps;
  options.start_s = std::max(0.0, info.duration_s - static_cast<double>(wanted + 2) / fps - 1.0);
  options.hold_out_last = HeldOutEnd{};
  options.mirror = false;
  prepare(options);
  model::FramesSpec seen = recipe.frames;
  const auto data = std::make_shared<const DataSet>(options.output);
  seen.fps = std::min(seen.fps, data->fps());
  const FrameView view(data, seen);
  const std::int64_t count = std::min(wanted, view.frames());
  const torch::Tensor pictures = view.pictures(view.frames() - count, count).contiguous();
  LastPictures last;
  last.count = static_cast<std::size_t>(count);
  last.numbers.assign(pictures.data_ptr<float>(), pictures.data_ptr<float>() + pictures.numel());
  return last;
}

}  // namespace ombra::train
