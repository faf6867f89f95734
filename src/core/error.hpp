#pragma once
// The one error type of the program. A message names the file or device and ends in a hint.
// Thread: any.

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace ombra {

// Something went wrong that the user can see and act on: exit status 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line or a file the user wrote asks for something that cannot be: exit status 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

// throw error("{}: no such file\nhint: ...", path)
template <typename... Args>
[[nodiscard]] Error error(fmt::format_string<Args...> text, Args&&... args) {
  return Error(fmt::format(text, std::forward<Args>(args)...));
}

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace ombra

// For the programmer's own mistakes only: on in Debug and RelWithDebInfo builds.
#ifdef OMBRA_ASSERTS
#define OMBRA_ASSERT(condition) ((condition) ? void(0) : ::ombra::assertion_failed(#condition, __FILE__, __LINE__))
#else
#define OMBRA_ASSERT(condition) void(0)
#endif
