#pragma once
// Numbers in texts. What stands in a file, a message, a protocol or on the command line means the same in every locale,
// so none of it goes through strtod, scanf or printf, which read and write the decimal comma of half the world.
// Thread: any.

#include <cstdint>
#include <optional>
#include <string_view>

namespace ombra {

// -> the finite number that the whole of text is ("1.25", "+3", "1e-3"), or nothing
std::optional<double> parse_number(std::string_view text);
// -> the whole number that the whole of text is, or nothing
std::optional<std::int64_t> parse_integer(std::string_view text);
// For what a person types: blanks around it do not count, and a comma is a point, for that is what many keypads send.
std::optional<double> parse_typed_number(std::string_view text);
// -> the number that six digits of x say: 0.3 of the float that is nearest to it, not 0.300000012
double six_digits(float x);

}  // namespace ombra
