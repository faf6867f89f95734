#include "core/new_file.hpp"

#include "core/error.hpp"
#include "core/outputs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <random>
#include <system_error>

namespace ombra {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxUnfinished = 64, kTries = 100, kMaxLinks = 40;
constexpr std::size_t kLongestName = NAME_MAX;

// Names for the signal handler, which may neither lock nor allocate.
struct Unfinished {
  std::atomic<int> state{0};  // 0 free, 1 being filled, 2 to be removed
  std::array<char, PATH_MAX> name{};
};
std::array<Unfinished, kMaxUnfinished> g_unfinished;

int remember(const std::string& name) {
  for (int i = 0; i < kMaxUnfinished && name.size() < PATH_MAX; ++i) {
    Unfinished& each = g_unfinished[static_cast<std::size_t>(i)];
    int free = 0;
    if (!each.state.compare_exchange_strong(free, 1)) continue;
    std::memcpy(each.name.data(), name.c_str(), name.size() + 1);
    each.state.store(2);
    return i;
  }
  return kMaxUnfinished;  // more at once than anybody needs: the second Ctrl-C leaves it
}

bool is_of_the_system(const fs::path& path) {
  const std::string text = fs::absolute(path).lexically_normal().string();
  return text.starts_with("/dev/") || text.starts_with("/proc/");
}

// Where path leads to: links are followed up to what does not exist, or is the system's.
fs::path end_of_links(fs::path path) {
  std::error_code code;
  for (int i = 0; i < kMaxLinks && !is_of_the_system(path) && fs::is_symlink(path, code); ++i) {
    const fs::path next = fs::read_symlink(path, code);
    if (code) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return path;
}

bool is_direct(const fs::path& path) {
  if (is_of_the_system(path)) return true;
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

// "night.mp4.k3x9qa.part": as much of the name as fits
std::string part_name(const std::string& name, std::random_device& random) {
  constexpr char kLetters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string word = ".";
  for (int i = 0; i < 6; ++i) word += kLetters[random() % (sizeof kLetters - 1)];
  word += ".part";
  std::string begin = name.substr(0, kLongestName - word.size());
  while (begin.size() < name.size() && !begin.empty() &&
         (static_cast<unsigned char>(name[begin.size()]) & 0xc0) == 0x80)
    begin.pop_back();  // no half letter
  return begin + word;
}

}  // namespace

NewFile::NewFile(const fs::path& path) : path_(path), target_(end_of_links(path)) {
  claim(path_);
  if (is_direct(target_)) {
    part_ = target_;
    return;
  }
  std::random_device random;
  for (int i = 0; i < kTries; ++i) {
    part_ = target_.parent_path() / part_name(target_.filename().string(), random);
    const int file = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) {
      ::close(file);
      slot_ = remember(fs::absolute(part_).string());
      return;
    }
    if (errno != EEXIST) break;
  }
  throw error("{}: cannot write: {}\nhint: does the folder exist, and may you write there?", path_.string(),
              std::strerror(errno));
}

NewFile::~NewFile() { drop(); }

void NewFile::drop() noexcept {
  if (!open_) return;
  open_ = false;
  if (direct()) return;
  ::unlink(part_.c_str());
  if (slot_ < kMaxUnfinished) g_unfinished[static_cast<std::size_t>(slot_)].state.store(0);
}

void NewFile::commit() {
  if (direct()) {
    open_ = false;
    return;
  }
  try {
    claim(path_);  // it may have become an input meanwhile
    const int file = ::open(part_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const int why = errno;
    if (file >= 0) ::close(file);
    if (!synced) throw error("{}: cannot write: {}\nhint: is the disk full?", path_.string(), std::strerror(why));
    if (std::rename(part_.c_str(), target_.c_str()) != 0) {
      throw error("{}: cannot be renamed into place: {}\nhint: may you write there?", path_.string(),
                  std::strerror(errno));
    }
  } catch (...) {
    drop();
    throw;
  }
  open_ = false;
  if (slot_ < kMaxUnfinished) g_unfinished[static_cast<std::size_t>(slot_)].state.store(0);
}

void remove_unfinished() noexcept {
  for (Unfinished& each : g_unfinished) {
    if (each.state.load() == 2) ::unlink(each.name.data());
  }
}

SetAside::SetAside(const fs::path& path, bool numbered) : folder_(numbered) {
  std::error_code code;
  const fs::path target = numbered ? path : end_of_links(path);
  std::vector<fs::path> old = numbered ? numbered_files(path) : std::vector<fs::path>{};
  if (!numbered && fs::is_regular_file(target, code) && !is_of_the_system(target)) old.push_back(target);
  if (old.empty()) return;
  for (const fs::path& file : old) claim(file);
  const fs::path& first = old.front();
  const fs::path place =
      numbered ? first.parent_path() / "replaced"
               : first.parent_path() / (first.stem().string() + " (replaced)" + first.extension().string());
  where_ = free_path(place);
  if (numbered) fs::create_directory(where_, code);
  for (const fs::path& file : old) {
    const fs::path to = numbered ? where_ / file.filename() : where_;
    if (!code) fs::rename(file, to, code);
    if (code) {
      const std::string why = code.message();
      restore();
      throw error("{}: cannot be replaced: {}\nhint: choose another name", file.string(), why);
    }
    moved_.emplace_back(file, to);
  }
}

void SetAside::forget() noexcept {
  std::error_code ignored;
  for (const auto& [from, to] : moved_) fs::remove(to, ignored);
  if (folder_ && !where_.empty()) fs::remove(where_, ignored);
  moved_.clear();
  where_.clear();
}

void SetAside::restore() noexcept {
  std::error_code ignored;
  for (const auto& [from, to] : moved_) fs::rename(to, from, ignored);
  if (folder_ && !where_.empty()) fs::remove(where_, ignored);
  moved_.clear();
  where_.clear();
}

fs::path free_path(const fs::path& path) {
  std::error_code ignored;
  fs::path other = path;
  for (int n = 2; fs::exists(fs::symlink_status(other, ignored)); ++n) {
    other = path.parent_path() / fmt::format("{} {}{}", path.stem().string(), n, path.extension().string());
  }
  return other;
}

}  // namespace ombra
