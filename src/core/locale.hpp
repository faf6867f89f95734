#pragma once
// The user's language is welcome, the user's decimal comma is not: SDL, and any other library that asks for the user's
// locale (setlocale(LC_ALL, "")), does so while other threads read numbers in libraries that go by it (FFmpeg's
// options, CLI11, Dear ImGui).

namespace ombra {

// From here on that locale, of this process and of its children, has plain numbers; everything else of it stays the
// user's. Changes the environment: call it first in main, while there is one thread.
void use_plain_numbers();

}  // namespace ombra
