#pragma once
// Text files as the programs of the world write them.
// Thread: any.

#include <string>
#include <string_view>

namespace ombra {

// -> the text without the byte order mark of UTF-8. Throws Error that names origin where it is UTF-16, UTF-32 or no
// text at all: told by their marks, or by zeros among the first bytes.
std::string_view plain_text(std::string_view bytes, const std::string& origin);

// The same, with every line ended by a line feed alone, whatever ended it: \r\n, or \r as on old Macs.
std::string with_line_feeds(std::string_view bytes, const std::string& origin);

// -> what stands before the first line feed: of a message, what is wrong without its hint
std::string first_line(std::string_view text);

}  // namespace ombra
