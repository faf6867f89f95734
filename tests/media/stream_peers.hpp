#pragma once
// Who receives a stream in tests: ffmpeg, in a process of its own, and a server that never reads.

#include "core/clock.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ombra::media::test {

inline bool there_is(const char* program) {
  return std::system(("command -v " + std::string(program) + " >/dev/null 2>&1").c_str()) == 0;
}

// A socket on loopback, on a port that is free now.
class LocalSocket {
 public:
  explicit LocalSocket(int type) : socket_(::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) return;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~LocalSocket() { ::close(socket_); }
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;

  void listen() const { ::listen(socket_, 4); }  // connections are accepted by the system, and nobody reads
  // -> did somebody connect? Hangs up at once; rudely: so that the next thing that is sent fails.
  bool turned_away(bool rudely = false) const {
    const int peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    const linger none{1, 0};
    if (peer >= 0 && rudely) ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    if (peer >= 0) ::close(peer);
    return peer >= 0;
  }
  int port() const { return port_; }

 private:
  int socket_, port_ = 0;
};
// -> sockets that this process has open
inline int open_sockets() {
  int count = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code none;
    if (std::filesystem::read_symlink(each.path(), none).string().starts_with("socket:")) ++count;
  }
  return count;
}
inline std::string free_port(int type) { return std::to_string(LocalSocket(type).port()); }

// A process that ends with its owner.
class Peer {
 public:
  Peer(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
    std::vector<char*> words;
    for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0), ::dup2(out, 1), ::dup2(out, 2);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ~Peer() { end(SIGKILL); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Waits until it has ended: by the signal, by a second one (ffmpeg's first lets it wait for data), or by force.
  void end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    for (int i = 0; i < 1000 && ::waitpid(pid_, nullptr, WNOHANG) == 0; ++i) {
      if (i == 50 || i == 999) ::kill(pid_, i == 50 ? signal : SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    pid_ = -1;
  }

  void signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
  }

 private:
  pid_t pid_ = -1;
};

// ffmpeg that writes what it receives to a file, as it is. Where nobody waits for it (UDP) it may come in after the first
// key picture: it looks out for longer than the two seconds to the next.
class Receiver : public Peer {
 public:
  Receiver(const std::string& url, const std::filesystem::path& file, std::vector<std::string> before = {})
      : Peer(arguments(url, file, std::move(before)), file.string() + ".log"), file_(file) {}

  std::uintmax_t bytes() const {
    std::error_code none;
    const auto size = std::filesystem::file_size(file_, none);
    return none ? 0 : size;
  }

 private:
  static std::vector<std::string> arguments(const std::string& url, const std::filesystem::path& file,
                                            std::vector<std::string> before) {
    std::vector<std::string> all = {"ffmpeg", "-nostdin", "-y", "-loglevel", "warning", "-analyzeduration", "5000000"};
    all.insert(all.end(), before.begin(), before.end());
    for (const char* each : {"-i", url.c_str(), "-c", "copy", "-flush_packets", "1"}) all.emplace_back(each);
    all.push_back(file.string());
    return all;
  }
  const std::filesystem::path file_;
};

}  // namespace ombra::media::test
