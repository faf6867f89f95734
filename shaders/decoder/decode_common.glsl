// Put before every shader of the decoder: where numbers lie, activations. The program defines ACTIVATION and the names
// of its numbers, and HALF_WEIGHTS where weights are packed in 16 bits.
// Pictures lie in groups of four channels, vec4 [dancer][group][row][column]; a vector of F numbers is a picture of F
// channels, 1 x 1. Channels that fill up the last group are never read where it matters: their weights are 0.

#define LINEAR 0
#define RELU 1
#define ELU 2
#define SILU 3
#define GELU 4
#define SIGMOID 5
#define TANH 6

// Gauss' error function: Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most
vec4 error_function(vec4 x) {
  vec4 t = 1.0 / (1.0 + 0.3275911 * abs(x));
  vec4 series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - series * exp(-x * x));
}

vec4 activate(vec4 x) {
#if ACTIVATION == RELU
  return max(x, 0.0);
#elif ACTIVATION == ELU
  return mix(exp(min(x, 0.0)) - 1.0, x, greaterThan(x, vec4(0.0)));
#elif ACTIVATION == SILU
  return x / (1.0 + exp(-x));
#elif ACTIVATION == GELU
  return 0.5 * x * (1.0 + error_function(x * 0.70710678));
#elif ACTIVATION == SIGMOID
  return 1.0 / (1.0 + exp(-x));
#elif ACTIVATION == TANH
  return 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
#else
  return x;
#endif
}

#ifdef WEIGHTS
layout(std430, binding = 2) restrict readonly buffer Weights { uvec4 b_weights[]; };
layout(std430, binding = 3) restrict readonly buffer Biases { vec4 b_biases[]; };
uniform int u_weights;  // where this layer's begin, in uvec4
uniform int u_biases;   // in vec4

// A block of 4 x 4 weights: column i of the matrix is what four outputs take from input i.
mat4 block_at(int block) {
#ifdef HALF_WEIGHTS
  uvec4 a = b_weights[u_weights + 2 * block], b = b_weights[u_weights + 2 * block + 1];
  return mat4(unpackHalf2x16(a.x), unpackHalf2x16(a.y), unpackHalf2x16(a.z), unpackHalf2x16(a.w),
              unpackHalf2x16(b.x), unpackHalf2x16(b.y), unpackHalf2x16(b.z), unpackHalf2x16(b.w));
#else
  int at = u_weights + 4 * block;
  return mat4(uintBitsToFloat(b_weights[at]), uintBitsToFloat(b_weights[at + 1]), uintBitsToFloat(b_weights[at + 2]),
              uintBitsToFloat(b_weights[at + 3]));
#endif
}
#endif
