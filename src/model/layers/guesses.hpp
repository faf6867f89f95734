#pragma once
// What an encoder of people says of a silhouette, in which front and back, left and right leg look the same: several
// poses, each with how likely it is, instead of the mean of all of them (after Rupprecht and others 2017, "Learning in
// an uncertain world", and Guzman-Rivera and others 2012). T pictures, G guesses, Z code. Thread: any.

#include <torch/torch.h>

namespace ombra::model {

struct Guesses {
  torch::Tensor codes;  // [T, G, Z]
  torch::Tensor costs;  // [T, G], the negative log of how likely each is
};

// -> [T, Z], the likeliest guess at each picture
torch::Tensor likeliest(const Guesses& guesses);
// -> [T, Z], of pictures one after the other, fps a second: the likeliest way through all of them, for nobody turns
// round within a picture (Viterbi 1967)
torch::Tensor likeliest_in_time(const Guesses& guesses, double fps);

}  // namespace ombra::model
