#pragma once
// Training curves: named figures over steps, kept as CSV and drawn as a PNG.
// Thread: one owner.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ombra::train {

class Curves {
 public:
  void add(std::int64_t step, const std::string& name, double value);
  // "step,name,value" lines
  std::string csv() const;
  // Skips lines that it does not understand.
  static Curves parse(const std::string& csv);
  // Writes <folder>/<title>.csv and <folder>/<title>.png: one panel a figure.
  void write(const std::filesystem::path& folder, const std::string& title) const;

 private:
  struct Point {
    std::int64_t step;
    double value;
  };
  std::map<std::string, std::vector<Point>> series_;
};

}  // namespace ombra::train
