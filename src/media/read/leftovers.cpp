#include "media/read/leftovers.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>

namespace ombra::media {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kOfPicture = 4u << 10, kOfVideo = 512u << 10;  // bytes in which the mark stands
constexpr std::size_t kLargestHeader = 16u << 20;                    // of a data set, bytes

std::string beginning_of(const fs::path& file, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(bytes));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return text;
}

// Is it a safetensors file whose header calls it a data set?
bool is_data_set(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  const std::string length = beginning_of(file, 8);
  if (length.size() < 8) return false;
  std::uint64_t bytes = 0;
  for (int i = 7; i >= 0; --i) bytes = bytes << 8 | static_cast<unsigned char>(length[static_cast<std::size_t>(i)]);
  if (bytes > kLargestHeader) return false;
  return beginning_of(file, 8 + static_cast<std::size_t>(bytes)).find("ombra-data-set") != std::string::npos;
}

bool ends(std::string_view name, std::string_view with) { return name.size() > with.size() && name.ends_with(with); }

// -> the data set that a contact sheet or a preview of this name would belong to; empty: it is called otherwise
fs::path data_set_of(const fs::path& file) {
  const std::string name = file.filename().string();
  for (const std::string_view ending : {".preview.mp4", ".png"}) {
    if (ends(name, ending)) return file.parent_path() / (name.substr(0, name.size() - ending.size()) + ".safetensors");
  }
  return {};
}

// -> the bytes in which the mark would stand
std::string head_of(const fs::path& file) {
  std::string head = beginning_of(file, kOfPicture);
  if (head.substr(0, 12).find("ftyp") != std::string::npos) head = beginning_of(file, kOfVideo);
  return head;
}

bool is_own(const fs::path& file, const std::string& head) {
  if (head.find(kOwnMark) != std::string::npos) return true;
  const fs::path data = data_set_of(file);
  return !data.empty() && is_data_set(data);
}

}  // namespace

std::string why_passed_over(const fs::path& file) {
  std::error_code code;
  if (file.filename().string().starts_with('.')) return "hidden";
  if (!fs::is_regular_file(file, code)) return "no file";
  if (fs::file_size(file, code) == 0 && !code) return "empty";
  constexpr char kAppleDouble[] = {'\x00', '\x05', '\x16', '\x07'};  // what macOS keeps beside files on other disks
  const std::string head = head_of(file);
  if (head.size() >= 4 && std::memcmp(head.data(), kAppleDouble, 4) == 0) return "notes of macOS";
  return is_own(file, head) ? "made by Ombra" : "";
}

bool made_by_ombra(const fs::path& file) { return is_own(file, head_of(file)); }

}  // namespace ombra::media
