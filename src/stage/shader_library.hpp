#pragma once
// The shader files: embedded in the program, and overridden by those in a folder that is watched for changes.
// A program that stops compiling keeps its last good version; message() says what is wrong until it is fixed.
// Thread: render only.

#include "gfx/program.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace ombra::stage {

// What a fragment file is for: decides its vertex file and which shared files are put before it.
enum class ShaderUse {
  kScreen,   // a pass over a whole picture
  kFigures,  // a pass over the figures' boxes: reads fields through field.glsl
  kFinal,    // the output: ends in finish() of finish.glsl
  kBeside,   // the output where no figure is: the same, with an empty mask
  kOverlay,  // a title or a logo over it
  kFigure,   // the same where a figure is, and nothing elsewhere
};

class ShaderLibrary {
 public:
  // folder: where shader files may lie; empty or missing: the embedded ones alone.
  explicit ShaderLibrary(std::filesystem::path folder);

  // The program of a fragment file; compiled when first asked for. The reference is valid until the next poll().
  // Throws Error when not even the embedded files compile (the driver is at fault then).
  const gfx::Program& program(ShaderUse use, const std::string& fragment);

  // Looks for changed files, at most twice a second, and compiles what depends on them. -> whether a program changed
  bool poll(double now_s);

  // "file:line: text" of the first program that does not compile, or empty
  std::string message() const;

 private:
  struct ShaderFile {
    std::string text;
    bool from_folder = false;
    std::filesystem::file_time_type written{};
    std::uintmax_t bytes = 0;
  };
  struct Entry {
    gfx::Program program;
    std::string problem;
  };
  using Key = std::pair<ShaderUse, std::string>;

  ShaderFile& source(const std::string& name);
  // -> whether the file's text differs from what source holds now
  bool refresh(const std::string& name, ShaderFile& source) const;
  bool build(const Key& key, Entry& entry);

  const std::filesystem::path folder_;
  std::map<std::string, ShaderFile> sources_;
  std::map<Key, Entry> entries_;
  double next_poll_s_ = 0.0;
};

}  // namespace ombra::stage
