#pragma once
// Keras' layers once more, written from their documentation as plain loops over arrays of height, width and channels:
// what imported networks are held against. One sample at a time, no LibTorch, nothing shared with src/.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace ombra::model::test {

// Numbers row by row; pictures are [height][width][channels], sequences [time][features].
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<float> values;

  Array() = default;
  explicit Array(std::vector<std::int64_t> s)
      : shape(std::move(s)),
        values(static_cast<std::size_t>(
            std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()))) {}
  float& at(std::initializer_list<std::int64_t> place) {
    std::int64_t i = 0;
    std::size_t d = 0;
    for (const std::int64_t p : place) i = i * shape[d++] + p;
    return values[static_cast<std::size_t>(i)];
  }
  float at(std::initializer_list<std::int64_t> place) const { return const_cast<Array*>(this)->at(place); }
  std::int64_t size(std::size_t d) const { return shape[d]; }
};

// Uniform in +-scale.
inline Array random_array(std::vector<std::int64_t> shape, std::mt19937& rng, float scale = 0.5f) {
  Array a(std::move(shape));
  for (float& x : a.values) x = (static_cast<float>(rng() % 20001u) / 10000.0f - 1.0f) * scale;
  return a;
}

inline Array apply(Array a, const std::function<double(double)>& f) {
  for (float& x : a.values) x = static_cast<float>(f(x));
  return a;
}
inline double relu(double x) { return x > 0.0 ? x : 0.0; }
inline double elu(double x) { return x > 0.0 ? x : std::exp(x) - 1.0; }
inline double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// x [h, w, in], kernel [kh, kw, in, out], bias [out]; padding 'same': ceil(n / stride), the odd row of it comes after
inline Array conv2d(const Array& x, const Array& kernel, const Array& bias, std::int64_t stride, bool same) {
  const auto reach = [&](std::size_t d, std::int64_t& before) {
    const std::int64_t n = x.size(d), k = kernel.size(d);
    before = 0;
    if (!same) return (n - k) / stride + 1;
    const std::int64_t out = (n + stride - 1) / stride;
    before = std::max<std::int64_t>((out - 1) * stride + k - n, 0) / 2;
    return out;
  };
  std::int64_t top = 0, left = 0;
  const std::int64_t height = reach(0, top), width = reach(1, left);
  Array y({height, width, kernel.size(3)});
  for (std::int64_t r = 0; r < height; ++r) {
    for (std::int64_t c = 0; c < width; ++c) {
      for (std::int64_t o = 0; o < kernel.size(3); ++o) {
        double sum = bias.at({o});
        for (std::int64_t i = 0; i < kernel.size(0); ++i) {
          for (std::int64_t j = 0; j < kernel.size(1); ++j) {
            const std::int64_t row = r * stride + i - top, column = c * stride + j - left;
            if (row < 0 || row >= x.size(0) || column < 0 || column >= x.size(1)) continue;
            for (std::int64_t in = 0; in < kernel.size(2); ++in)
              sum += static_cast<double>(x.at({row, column, in})) * kernel.at({i, j, in, o});
          }
        }
        y.at({r, c, o}) = static_cast<float>(sum);
      }
    }
  }
  return y;
}

// x [h, w, in], kernel [kh, kw, out, in]: every pixel adds its kernel to the picture, which 'same' cuts to stride times
// the size, more after than before
inline Array conv2d_transpose(const Array& x, const Array& kernel, const Array& bias, std::int64_t stride) {
  Array y({x.size(0) * stride, x.size(1) * stride, kernel.size(2)});
  for (std::int64_t r = 0; r < y.size(0); ++r) {
    for (std::int64_t c = 0; c < y.size(1); ++c) {
      for (std::int64_t o = 0; o < y.size(2); ++o) y.at({r, c, o}) = bias.at({o});
    }
  }
  const std::int64_t top = std::max<std::int64_t>(kernel.size(0) - stride, 0) / 2,
                     left = std::max<std::int64_t>(kernel.size(1) - stride, 0) / 2;
  for (std::int64_t r = 0; r < x.size(0); ++r) {
    for (std::int64_t c = 0; c < x.size(1); ++c) {
      for (std::int64_t i = 0; i < kernel.size(0); ++i) {
        for (std::int64_t j = 0; j < kernel.size(1); ++j) {
          const std::int64_t row = r * stride + i - top, column = c * stride + j - left;
          if (row < 0 || row >= y.size(0) || column < 0 || column >= y.size(1)) continue;
          for (std::int64_t o = 0; o < kernel.size(2); ++o) {
            for (std::int64_t in = 0; in < kernel.size(3); ++in)
              y.at({row, column, o}) += x.at({r, c, in}) * kernel.at({i, j, o, in});
          }
        }
      }
    }
  }
  return y;
}

// padding 'same': the last row and column may have half a window
inline Array max_pool(const Array& x, std::int64_t size) {
  Array y({(x.size(0) + size - 1) / size, (x.size(1) + size - 1) / size, x.size(2)});
  std::fill(y.values.begin(), y.values.end(), -std::numeric_limits<float>::infinity());
  const auto before = [&](std::size_t d) { return (y.size(d) * size - x.size(d)) / 2; };
  for (std::int64_t r = 0; r < x.size(0); ++r) {
    for (std::int64_t c = 0; c < x.size(1); ++c) {
      for (std::int64_t k = 0; k < x.size(2); ++k) {
        float& most = y.at({(r + before(0)) / size, (c + before(1)) / size, k});
        most = std::max(most, x.at({r, c, k}));
      }
    }
  }
  return y;
}

inline Array upsample(const Array& x, std::int64_t factor) {
  Array y({x.size(0) * factor, x.size(1) * factor, x.size(2)});
  for (std::int64_t r = 0; r < y.size(0); ++r) {
    for (std::int64_t c = 0; c < y.size(1); ++c) {
      for (std::int64_t k = 0; k < y.size(2); ++k) y.at({r, c, k}) = x.at({r / factor, c / factor, k});
    }
  }
  return y;
}

// Flatten and Reshape leave the numbers where they are.
inline Array reshape(Array x, std::vector<std::int64_t> shape) {
  x.shape = std::move(shape);
  return x;
}
inline Array flatten(Array x) {
  const auto count = static_cast<std::int64_t>(x.values.size());
  return reshape(std::move(x), {count});
}

// x [..., in], kernel [in, out]: over the last dimension
inline Array dense(const Array& x, const Array& kernel, const Array& bias) {
  std::vector<std::int64_t> shape = x.shape;
  shape.back() = kernel.size(1);
  Array y(shape);
  const std::int64_t in = kernel.size(0), out = kernel.size(1);
  const auto rows = static_cast<std::int64_t>(x.values.size()) / in;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t o = 0; o < out; ++o) {
      double sum = bias.at({o});
      for (std::int64_t i = 0; i < in; ++i)
        sum += static_cast<double>(x.values[static_cast<std::size_t>(r * in + i)]) * kernel.at({i, o});
      y.values[static_cast<std::size_t>(r * out + o)] = static_cast<float>(sum);
    }
  }
  return y;
}

// x [t, in], kernel [k, in, out], padding 'same', stride 1; or 'causal'
inline Array conv1d(const Array& x, const Array& kernel, const Array& bias, bool causal) {
  const std::int64_t k = kernel.size(0), before = causal ? k - 1 : (k - 1) / 2;
  Array y({x.size(0), kernel.size(2)});
  for (std::int64_t t = 0; t < x.size(0); ++t) {
    for (std::int64_t o = 0; o < kernel.size(2); ++o) {
      double sum = bias.at({o});
      for (std::int64_t i = 0; i < k; ++i) {
        const std::int64_t from = t + i - before;
        if (from < 0 || from >= x.size(0)) continue;
        for (std::int64_t in = 0; in < kernel.size(1); ++in)
          sum += static_cast<double>(x.at({from, in})) * kernel.at({i, in, o});
      }
      y.at({t, o}) = static_cast<float>(sum);
    }
  }
  return y;
}

// x [t, in], kernel [in, 4 u], recurrent [u, 4 u], bias [4 u]; gates: input, forget, cell, output
inline Array lstm(const Array& x, const Array& kernel, const Array& recurrent, const Array& bias) {
  const std::int64_t u = recurrent.size(0);
  Array y({x.size(0), u});
  std::vector<double> h(static_cast<std::size_t>(u), 0.0), c = h;
  for (std::int64_t t = 0; t < x.size(0); ++t) {
    std::vector<double> z(static_cast<std::size_t>(4 * u));
    for (std::int64_t g = 0; g < 4 * u; ++g) {
      double sum = bias.at({g});
      for (std::int64_t i = 0; i < x.size(1); ++i) sum += static_cast<double>(x.at({t, i})) * kernel.at({i, g});
      for (std::int64_t i = 0; i < u; ++i) sum += h[static_cast<std::size_t>(i)] * recurrent.at({i, g});
      z[static_cast<std::size_t>(g)] = sum;
    }
    for (std::int64_t i = 0; i < u; ++i) {
      const auto gate = [&](std::int64_t g) { return z[static_cast<std::size_t>(g * u + i)]; };
      double& cell = c[static_cast<std::size_t>(i)];
      cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * std::tanh(gate(2));
      h[static_cast<std::size_t>(i)] = sigmoid(gate(3)) * std::tanh(cell);
      y.at({t, i}) = static_cast<float>(h[static_cast<std::size_t>(i)]);
    }
  }
  return y;
}

// The same for GRU(reset_after=True): bias [2, 3 u], of the input and of the state; gates: update, reset, candidate
inline Array gru(const Array& x, const Array& kernel, const Array& recurrent, const Array& bias) {
  const std::int64_t u = recurrent.size(0);
  Array y({x.size(0), u});
  std::vector<double> h(static_cast<std::size_t>(u), 0.0);
  for (std::int64_t t = 0; t < x.size(0); ++t) {
    std::vector<double> of_x(static_cast<std::size_t>(3 * u)), of_h = of_x;
    for (std::int64_t g = 0; g < 3 * u; ++g) {
      double in = bias.at({0, g}), state = bias.at({1, g});
      for (std::int64_t i = 0; i < x.size(1); ++i) in += static_cast<double>(x.at({t, i})) * kernel.at({i, g});
      for (std::int64_t i = 0; i < u; ++i) state += h[static_cast<std::size_t>(i)] * recurrent.at({i, g});
      of_x[static_cast<std::size_t>(g)] = in;
      of_h[static_cast<std::size_t>(g)] = state;
    }
    for (std::int64_t i = 0; i < u; ++i) {
      const auto at = [&](const std::vector<double>& v, std::int64_t g) {
        return v[static_cast<std::size_t>(g * u + i)];
      };
      const double update = sigmoid(at(of_x, 0) + at(of_h, 0)), reset = sigmoid(at(of_x, 1) + at(of_h, 1));
      const double candidate = std::tanh(at(of_x, 2) + reset * at(of_h, 2));
      double& state = h[static_cast<std::size_t>(i)];
      state = update * state + (1.0 - update) * candidate;
      y.at({t, i}) = static_cast<float>(state);
    }
  }
  return y;
}

}  // namespace ombra::model::test
