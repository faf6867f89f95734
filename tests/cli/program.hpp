#pragma once
// Runs the program itself, as a user would, in a folder of the test's own.

#include "core/file.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ombra::test {

struct Outcome {
  int status = -1;  // of exit; -1: it did not come to that
  std::string out, err;
  std::string text() const { return out + err; }
};

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
inline bool says(const Outcome& outcome, const std::string& part) { return has(outcome.text(), part); }

// $OMBRA_TEST_MODEL, or the dancer that comes with the program; empty where there is none
inline std::filesystem::path shipped_model() {
  const char* given = std::getenv("OMBRA_TEST_MODEL");
  const std::filesystem::path model = given ? given : OMBRA_SOURCE "/models/ombra";
  return std::filesystem::exists(model / "weights.safetensors") ? model : std::filesystem::path();
}

class ProgramTest : public FolderTest {
 protected:
  // words: as behind `ombra` in a shell; before: what stands in front of it, such as a variable
  std::string command(const std::string& words, const std::string& before = "") const {
    return before + " " + OMBRA_PROGRAM + " " + words + " >" + (folder / "stdout").string() + " 2>" +
           (folder / "stderr").string() + " </dev/null";
  }
  Outcome run(const std::string& words, const std::string& before = "") const {
    const int code = std::system(command(words, before).c_str());
    return {WIFEXITED(code) ? WEXITSTATUS(code) : -1, read_text(folder / "stdout"), read_text(folder / "stderr")};
  }
};

}  // namespace ombra::test
