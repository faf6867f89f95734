#pragma once
// What can be refused before the work begins: options that make no sense, files that would be written over, a data set
// that is too large for the disk or the user.
// Thread: one caller.

#include "footage/prepare/inputs.hpp"
#include "footage/prepare/prepare.hpp"
#include "footage/video/footage.hpp"

#include <filesystem>
#include <vector>

namespace ombra {
class Inputs;  // core/outputs.hpp
}

namespace ombra::train {

// Throws UsageError where an option is out of its range or contradicts another.
void check_options(const PrepareOptions& o);

// Two who dance together are one dance: throws UsageError where one of a pair is held out and the other is not.
void check_pairs(const std::vector<DataClip>& clips);

// What is read may not be written over: motion with its sound beside it, videos, the images of folders.
void keep_inputs(const Inputs& inputs, ombra::Inputs& kept);

// What is written beside the data set.
struct PrepareOutputs {
  std::filesystem::path sheet, preview;
};

// Throws UsageError when one is an input, or there is a picture or video of that name that no earlier run has made:
// then it is somebody's.
PrepareOutputs outputs_of(const PrepareOptions& o, bool footage);

// Says how large the data set will be, and gives up when the disk or the user does.
void announce(const PrepareOptions& o, const DataTable& table, const std::vector<Footage>& videos);

}  // namespace ombra::train
