#pragma once
// What a user writes for `ombra prepare`, read strictly. Errors are UsageErrors with a hint. Thread: any.

#include "footage/prepare/prepare.hpp"

#include <string>
#include <utility>

namespace ombra::train {

// "200x120" or "96" -> width and height
std::pair<int, int> parse_size(const std::string& text);
// "30", "1:30" (time), "10%" or "0.1" (share) -> the end of each video that is held out; 0 holds nothing out
HeldOutEnd parse_held_out_end(const std::string& text);

// Sets size, rate, kind of picture, key and crop as the [frames] table of a recipe says; a name without a slash is
// looked up in models/recipes/. Other tables of the recipe are not looked at.
void use_recipe(const std::string& name_or_file, PrepareOptions& options);

}  // namespace ombra::train
