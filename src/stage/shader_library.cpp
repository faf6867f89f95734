#include "stage/shader_library.hpp"

#include "core/embedded.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace ombra {
std::span<const EmbeddedFile> stage_shaders();
}

namespace ombra::stage {
namespace {

constexpr double kPollS = 0.5;

std::string embedded(const std::string& name) { return embedded_text(stage_shaders(), name); }

std::string vertex_of(ShaderUse use) {
  switch (use) {
    case ShaderUse::kFigures:
      return "figure_vertex.glsl";
    case ShaderUse::kFinal:
    case ShaderUse::kBeside:
    case ShaderUse::kFigure:
      return "final_vertex.glsl";
    case ShaderUse::kOverlay:
      return "overlay_vertex.glsl";
    default:
      return "screen_vertex.glsl";
  }
}

// All files that a program is made of: the vertex file, then the fragment files in their order.
std::vector<std::string> files_of(ShaderUse use, const std::string& fragment) {
  std::vector<std::string> names{vertex_of(use), "common.glsl"};
  if (use == ShaderUse::kFigures) names.emplace_back("field.glsl");
  if (use == ShaderUse::kFinal) names.insert(names.end(), {"finish.glsl", "figures.glsl"});
  if (use == ShaderUse::kBeside) names.insert(names.end(), {"finish.glsl", "no_figures.glsl"});
  if (use == ShaderUse::kFigure) names.insert(names.end(), {"finish.glsl", "figures_only.glsl"});
  names.push_back(fragment);
  return names;
}

gfx::Program link(ShaderUse use, const std::string& fragment,
                  const std::function<std::string(const std::string&)>& text) {
  std::vector<gfx::ShaderSource> sources;
  for (const std::string& name : files_of(use, fragment)) sources.push_back({name, text(name)});
  const std::vector<gfx::ShaderSource> vertex{sources[1], sources[0]};
  sources.erase(sources.begin());
  return {vertex, sources};
}

}  // namespace

ShaderLibrary::ShaderLibrary(std::filesystem::path folder) : folder_(std::move(folder)) {}

bool ShaderLibrary::refresh(const std::string& name, ShaderFile& source) const {
  if (folder_.empty()) return false;
  const std::filesystem::path path = folder_ / name;
  std::error_code gone;
  const auto written = std::filesystem::last_write_time(path, gone);
  const std::uintmax_t bytes = gone ? 0 : std::filesystem::file_size(path, gone);
  if (gone) {
    if (!source.from_folder) return false;
    source = ShaderFile{embedded(name)};
    return true;
  }
  if (source.from_folder && written == source.written && bytes == source.bytes) return false;
  try {
    std::string text(plain_text(read_text(path, 1u << 20), path.string()));
    const bool changed = text != source.text;
    source = ShaderFile{std::move(text), true, written, bytes};
    return changed;
  } catch (const Error& unreadable) {
    log::warn("{}", unreadable.what());
    return false;
  }
}

ShaderLibrary::ShaderFile& ShaderLibrary::source(const std::string& name) {
  const auto [found, is_new] = sources_.try_emplace(name);
  if (is_new) {
    found->second.text = embedded(name);
    refresh(name, found->second);
  }
  return found->second;
}

bool ShaderLibrary::build(const Key& key, Entry& entry) {
  try {
    entry.program = link(key.first, key.second, [this](const std::string& name) { return source(name).text; });
    entry.problem.clear();
    return true;
  } catch (const gfx::ShaderError& problem) {
    entry.problem = fmt::format("{}:{}: {}", problem.file(), problem.line(), problem.message());
    log::warn("shader {}", entry.problem);
    return false;
  }
}

const gfx::Program& ShaderLibrary::program(ShaderUse use, const std::string& fragment) {
  const Key key{use, fragment};
  Entry& entry = entries_[key];
  // nothing good yet: the embedded files, which the tests have seen compile
  if (!entry.program && !build(key, entry)) entry.program = link(use, fragment, embedded);
  return entry.program;
}

bool ShaderLibrary::poll(double now_s) {
  if (folder_.empty() || now_s < next_poll_s_) return false;
  next_poll_s_ = now_s + kPollS;
  std::vector<std::string> changed;
  for (auto& [name, source] : sources_) {
    if (refresh(name, source)) changed.push_back(name);
  }
  bool rebuilt = false;
  for (const std::string& name : changed) {
    for (auto& [key, entry] : entries_) {
      const std::vector<std::string> names = files_of(key.first, key.second);
      if (std::find(names.begin(), names.end(), name) != names.end()) rebuilt |= build(key, entry);
    }
  }
  return rebuilt;
}

std::string ShaderLibrary::message() const {
  for (const auto& [key, entry] : entries_) {
    if (!entry.problem.empty()) return entry.problem;
  }
  return {};
}

}  // namespace ombra::stage
