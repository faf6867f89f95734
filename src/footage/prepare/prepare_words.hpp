#pragma once
// What a user writes for `ombra prepare`, read strictly. Errors are UsageErrors with a hint. Thread: any.

#include "footage/prepare/prepare.hpp"

#include <string>
#include <utility>

namespace ombra::model {
struct FramesSpec;
}

namespace ombra::train {

// "200x120" or "96" -> width and height
std::pair<int, int> parse_size(const std::string& text);
// "30", "1:30" (time), "10%" or "0.1" (share) -> the end of each video that is held out; 0 holds nothing out
HeldOutEnd parse_held_out_end(const std::string& text);

// Sets size, rate, kind of picture, key and crop as a recipe says.
void use_frames(const model::FramesSpec& frames, PrepareOptions& options);
// The same of a file, or of a name from models/recipes/. Its other tables are not looked at.
void use_recipe(const std::string& name_or_file, PrepareOptions& options);

}  // namespace ombra::train
