#pragma once
// Weights that were trained in Keras, put into the networks of a recipe: layer by layer, in order, matched by kind and
// shape. Both flatten pictures in height-width-channel order, so nothing but the axes of each weight moves:
//
//   Conv2D           kernel [h, w, in, out]           -> conv            [out, in, h, w]; Dense on pixels -> a 1x1 conv
//   Conv2DTranspose  kernel [h, w, out, in]           -> conv_transpose  [in, out, h, w]
//   Conv1D           kernel [k, in, out]              -> conv1d          [out, k * in]
//   Dense            kernel [in, out]                 -> dense           [out, in]
//   LSTM             kernels [in, 4 u], [u, 4 u]      -> lstm            gates i f c o in both
//   GRU              the same with 3 u, reset_after   -> gru             gates z r h become r z n
//   Dense, Dense     z_mean, z_log_var                -> gaussian        mean, log_variance
//   MDN              Dense mdn_mus, mdn_sigmas, mdn_pi -> mdn            [weights, means, deviations]; C. Martin's
//   layer
//
// Thread: one owner.

#include "model/keras/keras_file.hpp"
#include "model/layers/model_folder.hpp"

namespace ombra::model {

struct KerasImport {
  Model model;                        // its seeds are still empty, its codes not yet scaled
  std::vector<std::string> contents;  // for each file: "vae.h5: encoder and decoder, 14 layers"
};

// Which networks a file holds is seen from its shapes: encoder, decoder, both, the dancer, or all three.
// Throws UsageError where Keras' weights cannot mean what the recipe's layers mean; Error that names the file, its
// layer and shape, the recipe's layer and the shape expected there, or the networks that no file holds.
KerasImport import_keras(const Recipe& recipe, const std::vector<KerasFile>& files);

}  // namespace ombra::model
