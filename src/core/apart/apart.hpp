#pragma once
// Work that may crash, done in a process of its own: a library that cannot stand damaged files then takes only that
// process with it. Thread: any; the work itself runs in a copy of the process that has this one thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ombra {

using Send = std::function<void(const void* bytes, std::size_t size)>;

// -> everything that `work` has sent. An Error that it throws arrives here as one. Throws Error "{name}: ..." where the
// process crashed, computed for longer than that, or wanted more than 2 GB; `hint` says what to do then.
std::string run_apart(const std::string& name, const std::string& hint, const std::function<void(const Send&)>& work,
                      int seconds = 30);

}  // namespace ombra
