#pragma once
// A PulseAudio server of our own with one silent sink, "speaker", whose monitor is the default input of ALSA and so of
// PortAudio: what is played into the sink is what the program hears. It lives in its own folder and touches neither the
// desktop's server nor any file of the user.
// Programs started while it lives find it through the environment, which is put back afterwards.
// Thread: the test's main thread.

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ombra::test {

// -> the program's full path, or empty when it is not installed
inline std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders = path ? path : "/usr/bin:/bin";
  for (std::size_t at = 0; at <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::string file = folders.substr(at, end - at) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    at = end + 1;
  }
  return {};
}

// A running program, ended with SIGTERM (after two seconds SIGKILL) and waited for when this goes. It does not outlive
// the test, not even one that crashes.
class Process {
 public:
  // log: where its standard output and error go
  explicit Process(const std::vector<std::string>& words, const std::string& log = "/dev/null") {
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    id_ = ::fork();
    if (id_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Process() { stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }  // -1: it has ended
  bool running() {
    if (id_ > 0 && ::waitpid(id_, &status_, WNOHANG) == id_) id_ = -1;
    return id_ > 0;
  }
  // -> true when it ended by itself in time
  bool wait(double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 50.0) && running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return !running();
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }
  void stop() {
    if (!running()) return;
    ::kill(id_, SIGTERM);
    resume();
    if (!wait(2.0)) kill();
  }
  // as kill -STOP and kill -CONT
  void pause() const { ::kill(id_, SIGSTOP); }
  void resume() const { ::kill(id_, SIGCONT); }
  void signal(int number) const { ::kill(id_, number); }
  // as kill -9
  void kill() {
    if (!running()) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, &status_, 0);
    id_ = -1;
  }

 private:
  pid_t id_ = -1;
  int status_ = 0;
};

class PulseSink {
 public:
  // -> a server that answers, or nothing and a word in why
  static std::unique_ptr<PulseSink> start(std::string& why) {
    for (const char* program : {"pulseaudio", "pactl", "pacat"}) {
      if (!find_program(program).empty()) continue;
      why = std::string(program) + " is not installed";
      return nullptr;
    }
    std::unique_ptr<PulseSink> sink(new PulseSink);
    if (sink->folder_.empty() || !sink->restart()) {
      why = "pulseaudio does not start; its log is " + (sink->folder_ / "server.log").string();
      sink->keep_ = true;
      return nullptr;
    }
    return sink;
  }

  ~PulseSink() {
    players_.clear();
    server_.reset();
    for (auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
    std::error_code ignored;
    if (!keep_) std::filesystem::remove_all(folder_, ignored);
  }
  PulseSink(const PulseSink&) = delete;
  PulseSink& operator=(const PulseSink&) = delete;

  // Plays a WAV file into a sink, in real time, and returns at once.
  void play(const std::filesystem::path& wav, const std::string& sink = "speaker") {
    players_.push_back(
        std::make_unique<Process>(std::vector<std::string>{find_program("pacat"), "--playback", "--file-format=wav",
                                                           "--device=" + sink, "--latency-msec=400", wav.string()},
                                  (folder_ / "player.log").string()));
  }
  void stop_playing() { players_.clear(); }

  // Asks the server for something, such as "load-module module-null-sink sink_name=booth". -> did it obey?
  bool order(const std::string& words) {
    std::vector<std::string> all = {find_program("pactl")};
    std::istringstream in(words);
    for (std::string word; in >> word;) all.push_back(word);
    Process pactl(all);
    return pactl.wait(3.0) && pactl.exit_code() == 0;
  }

  // Ends the server as if the sound card were unplugged; restart() plugs it in again.
  void kill() { server_.reset(); }
  void crash() { server_->kill(); }
  // The server still accepts connections and answers nobody, as after a suspend.
  void pause() { server_->pause(); }
  void resume() { server_->resume(); }
  bool restart() {
    const std::string socket = (folder_ / "native").string();
    std::filesystem::remove(socket);
    // as root the server warns but runs; --system would want a user of its own and change files under /var
    server_ = std::make_unique<Process>(
        std::vector<std::string>{find_program("pulseaudio"), "-n", "--daemonize=no", "--use-pid-file=no",
                                 "--exit-idle-time=-1", "--disallow-exit", "-L", "module-null-sink sink_name=speaker",
                                 "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + socket},
        (folder_ / "server.log").string());
    for (int i = 0; i < 100 && server_->running(); ++i) {
      Process ask({find_program("pactl"), "info"});
      if (ask.wait(1.0) && ask.exit_code() == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  const std::filesystem::path& folder() const { return folder_; }  // mode 0700, removed with the server

 private:
  PulseSink() {
    std::string name = (std::filesystem::temp_directory_path() / "ombra-pulse-XXXXXX").string();
    if (!::mkdtemp(name.data())) return;
    folder_ = name;
    const std::filesystem::path alsa = folder_ / "asound.conf";
    std::ofstream(alsa) << "pcm.!default { type pulse }\nctl.!default { type pulse }\npcm.pulse { type pulse }\n";
    set("XDG_RUNTIME_DIR", folder_.string());
    set("HOME", folder_.string());  // the client's cookie
    set("PULSE_SERVER", "unix:" + (folder_ / "native").string());
    set("PULSE_SOURCE", "speaker.monitor");
    set("PULSE_SINK", "speaker");
    set("ALSA_CONFIG_PATH", alsa.string());
  }

  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    before_.emplace_back(name, old ? std::optional<std::string>(old) : std::nullopt);
    ::setenv(name.c_str(), value.c_str(), 1);
  }

  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
  std::unique_ptr<Process> server_;
  std::vector<std::unique_ptr<Process>> players_;
  bool keep_ = false;
};

}  // namespace ombra::test
