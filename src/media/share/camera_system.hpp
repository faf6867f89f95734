#pragma once
// The calls of the operating system through which a camera is fed, so that tests can stand in for a kernel module.
// Thread: any.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ombra::media {

class CameraSystem {
 public:
  virtual ~CameraSystem() = default;
  // -> paths of what may be video devices, /dev/video0 and so on
  virtual std::vector<std::string> paths() const;
  // As the calls of the same name: under 0, and errno, where they fail. open() does not block, and neither does what is
  // opened.
  virtual int open(const std::string& path);
  virtual int control(int file, unsigned long request, void* argument);
  virtual std::ptrdiff_t write(int file, std::span<const std::uint8_t> bytes);
  virtual void close(int file);
};

}  // namespace ombra::media
