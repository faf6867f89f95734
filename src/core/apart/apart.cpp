#include "core/apart/apart.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace ombra {
namespace {

constexpr rlim_t kMaxBytes = rlim_t{2} << 30;
constexpr int kDone = 0, kRefused = 3;  // exit statuses of the child; what it sent last is the Error's text

// Bytes of data that this process has already; 0 where the system does not say.
rlim_t data_bytes() {
  unsigned long pages[6] = {};
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    for (unsigned long& n : pages) {
      if (std::fscanf(file, "%lu", &n) != 1) n = 0;
    }
    std::fclose(file);
  }
  return rlim_t{pages[5]} * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

void limit(int what, rlim_t most) {
  const rlimit both = {most, most};
  setrlimit(what, &both);
}

[[noreturn]] void be_child(int out, const std::function<void(const Send&)>& work, int seconds) {
  for (const int fault : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGINT, SIGTERM, SIGXCPU}) signal(fault, SIG_DFL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(seconds));
  if (const rlim_t now = data_bytes()) limit(RLIMIT_DATA, now + kMaxBytes);
  const int nowhere =
      open("/dev/null", O_WRONLY | O_CLOEXEC);  // what a dying allocator prints is no message for a user
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  const auto send = [out](const void* bytes, std::size_t size) {
    const auto* at = static_cast<const char*>(bytes);
    while (size > 0) {
      const ssize_t written = write(out, at, size);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) _exit(1);
      at += written;
      size -= static_cast<std::size_t>(written);
    }
  };
  try {
    work(send);
    _exit(kDone);
  } catch (const std::exception& e) {
    send(e.what(), std::strlen(e.what()));
    const std::uint32_t length = static_cast<std::uint32_t>(std::strlen(e.what()));
    send(&length, sizeof(length));
    _exit(kRefused);
  }
}

std::string read_all(int from) {
  std::string all;
  std::array<char, 1 << 16> part;
  while (true) {
    const ssize_t got = read(from, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string run_apart(const std::string& name, const std::string& hint, const std::function<void(const Send&)>& work,
                      int seconds) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw error("{}: cannot start reading: {}", name, std::strerror(errno));
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    be_child(pipe_ends[1], work, seconds);
  }
  close(pipe_ends[1]);
  std::string sent;
  if (child > 0) sent = read_all(pipe_ends[0]);
  close(pipe_ends[0]);
  if (child < 0) throw error("{}: cannot start reading: {}", name, std::strerror(errno));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kDone) return sent;
  std::uint32_t length = 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kRefused && sent.size() >= sizeof(length)) {
    std::memcpy(&length, &sent[sent.size() - sizeof(length)], sizeof(length));
    if (length + sizeof(length) <= sent.size()) throw Error(sent.substr(sent.size() - sizeof(length) - length, length));
  }
  const bool slow = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
  throw error("{}: {}\nhint: {}", name, slow ? "reading it takes too long" : "reading it crashes the library that does",
              hint);
}

}  // namespace ombra
