// Linked into every test program: its temporary files lie in a folder of its own, which goes when it ends, so that tests
// that run beside each other, or twice in different locales, never meet.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

class OwnFolder {
 public:
  OwnFolder() : owner_(::getpid()) {
    std::error_code fault;
    std::string name = (std::filesystem::temp_directory_path(fault) / "ombra-test-XXXXXX").string();
    if (fault || !::mkdtemp(name.data())) return;
    folder_ = name;
    ::setenv("TMPDIR", name.c_str(), 1);
    ::setenv("TEST_TMPDIR", name.c_str(), 1);  // of testing::TempDir()
  }
  ~OwnFolder() {
    std::error_code ignored;
    if (!folder_.empty() && ::getpid() == owner_) std::filesystem::remove_all(folder_, ignored);
  }

 private:
  const ::pid_t owner_;  // no fork's child takes it away
  std::filesystem::path folder_;
};

const OwnFolder g_folder;

}  // namespace
