#include "footage/video/one_figure.hpp"

#include "core/error.hpp"
#include "footage/video/blobs.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

constexpr double kBodyArea = 0.2;     // of the largest blob: less is no body ...
constexpr double kBodyHeight = 0.35;  // ... nor what is lower than that share of the highest
constexpr double kNear = 0.08;        // of a body's height: what is so near belongs to it
constexpr int kSide = 192;            // pixels of the square in which silhouettes are compared
constexpr double kFarthest = 0.15;    // of the square that one is moved ...
constexpr double kOtherSize = 0.25;   // ... and the log of how many times it is larger: a body of another build
constexpr double kFilled = 0.12;      // of it that they fill, so that stretched arms have room

std::size_t index(int x, int y, int width) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
}

std::vector<Figure> pieces_of(const Blobs& blobs, int width, int height) {
  std::vector<Figure> pieces(blobs.area.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i].blobs = {static_cast<std::int32_t>(i)};
    pieces[i].area = blobs.area[i];
    pieces[i].box = {double(width), double(height), 0.0, 0.0};
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::int32_t label = blobs.label[index(x, y, width)];
      if (label < 0) continue;
      Box& box = pieces[static_cast<std::size_t>(label)].box;
      box.left = std::min(box.left, double(x)), box.right = std::max(box.right, x + 1.0);
      box.top = std::min(box.top, double(y)), box.bottom = std::max(box.bottom, y + 1.0);
    }
  }
  return pieces;
}

// Pixels between two boxes, 0 where they touch.
double gap(const Box& a, const Box& b) {
  return std::max({0.0, a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom});
}

void join(Figure& body, const Figure& piece) {
  body.blobs.insert(body.blobs.end(), piece.blobs.begin(), piece.blobs.end());
  body.area += piece.area;
  body.box = {std::min(body.box.left, piece.box.left), std::min(body.box.top, piece.box.top),
              std::max(body.box.right, piece.box.right), std::max(body.box.bottom, piece.box.bottom)};
}

// Centre of gravity and area.
struct Moments {
  double x = 0.0, y = 0.0, area = 0.0;
};

Moments moments_of(const Silhouette& s) {
  Moments m;
  for (int y = 0; y < s.height; ++y) {
    for (int x = 0; x < s.width; ++x) {
      if (!s.inside[index(x, y, s.width)]) continue;
      m.x += x + 0.5, m.y += y + 0.5, m.area += 1.0;
    }
  }
  if (m.area > 0.0) m.x /= m.area, m.y /= m.area;
  return m;
}

// Where a silhouette lies in the square: moved by parts of it, and so many times as large.
struct Placing {
  double x = 0.0, y = 0.0, size = 1.0;
};

// Is the silhouette's nearest pixel inside? (x, y) from -0.5 to 0.5 of the square.
bool covers(const Silhouette& s, const Moments& m, const Placing& p, double x, double y) {
  const double side = std::sqrt(m.area / kFilled) / p.size;  // pixels of the silhouette's picture
  const auto at_x = static_cast<int>(std::floor(m.x + (x - p.x) * side)),
             at_y = static_cast<int>(std::floor(m.y + (y - p.y) * side));
  return at_x >= 0 && at_y >= 0 && at_x < s.width && at_y < s.height && s.inside[index(at_x, at_y, s.width)];
}

double overlap_at(const Silhouette& a, const Moments& of_a, const Silhouette& b, const Moments& of_b,
                  const Placing& p) {
  double both = 0.0, either = 0.0;
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double x = (column + 0.5) / kSide - 0.5, y = (row + 0.5) / kSide - 0.5;
      const bool in_a = covers(a, of_a, {}, x, y), in_b = covers(b, of_b, p, x, y);
      both += in_a && in_b ? 1.0 : 0.0;
      either += in_a || in_b ? 1.0 : 0.0;
    }
  }
  return either > 0.0 ? both / either : 0.0;
}

}  // namespace

FigureChoice parse_figure(const std::string& text) {
  if (text == "largest") return {FigureChoice::Kind::kLargest};
  if (text == "left") return {FigureChoice::Kind::kLeft};
  if (text == "right") return {FigureChoice::Kind::kRight};
  FigureChoice choice{FigureChoice::Kind::kNumber};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), choice.number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || choice.number < 1 || choice.number > 99) {
    throw UsageError(fmt::format(
        "--figure {}: not a figure\nhint: largest, left, right, or a number counted from the left: 1, 2, ...",
        text.substr(0, 40)));
  }
  return choice;
}

Figures::Figures(std::span<const std::uint8_t> ink, int width, int height) : width_(width), height_(height) {
  std::vector<std::uint8_t> mask(ink.size());
  std::transform(ink.begin(), ink.end(), mask.begin(), [](std::uint8_t v) { return v > 127 ? 1 : 0; });
  Blobs blobs = find_blobs(mask, width, height, 1);
  label_ = std::move(blobs.label);
  blobs.label = label_;
  const std::vector<Figure> pieces = pieces_of(blobs, width, height);
  double largest = 0.0, highest = 0.0;
  for (const Figure& p : pieces) largest = std::max(largest, double(p.area));
  for (const Figure& p : pieces) {
    if (double(p.area) >= kBodyArea * largest) highest = std::max(highest, p.box.height());
  }
  std::vector<const Figure*> rest;
  for (const Figure& p : pieces) {
    if (double(p.area) >= kBodyArea * largest && p.box.height() >= kBodyHeight * highest) {
      figures_.push_back(p);
    } else {
      rest.push_back(&p);
    }
  }
  for (const Figure* piece : rest) {
    Figure* nearest = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (Figure& body : figures_) {
      const double apart = gap(body.box, piece->box);
      if (apart < least && apart <= kNear * body.box.height()) least = apart, nearest = &body;
    }
    if (nearest) join(*nearest, *piece);
  }
  std::sort(figures_.begin(), figures_.end(),
            [](const Figure& a, const Figure& b) { return a.box.centre() < b.box.centre(); });
}

Silhouette Figures::silhouette(const Figure& figure) const {
  Silhouette s{width_, height_, std::vector<std::uint8_t>(label_.size(), 0)};
  for (std::size_t i = 0; i < label_.size(); ++i)
    s.inside[i] = std::find(figure.blobs.begin(), figure.blobs.end(), label_[i]) != figure.blobs.end() ? 1 : 0;
  return s;
}

const Figure* Figures::chosen(const FigureChoice& choice) const {
  if (figures_.empty()) return nullptr;
  switch (choice.kind) {
    case FigureChoice::Kind::kLeft:
      return &figures_.front();
    case FigureChoice::Kind::kRight:
      return &figures_.back();
    case FigureChoice::Kind::kNumber:
      return static_cast<std::size_t>(choice.number) <= figures_.size()
                 ? &figures_[static_cast<std::size_t>(choice.number) - 1]
                 : nullptr;
    case FigureChoice::Kind::kLargest:
      break;
  }
  return &*std::max_element(figures_.begin(), figures_.end(),
                            [](const Figure& a, const Figure& b) { return a.area < b.area; });
}

const Figure* Figures::same_as(const Silhouette& seen) const {
  const Figure* best = nullptr;
  std::int64_t most = 0;
  for (const Figure& figure : figures_) {
    const Silhouette here = silhouette(figure);
    std::int64_t both = 0;
    for (std::size_t i = 0; i < here.inside.size(); ++i) both += here.inside[i] & seen.inside[i];
    if (both > most) most = both, best = &figure;
  }
  return best;
}

double pose_overlap(const Silhouette& a, const Silhouette& b) {
  const Moments of_a = moments_of(a), of_b = moments_of(b);
  if (of_a.area <= 0.0 || of_b.area <= 0.0) return 0.0;
  Placing best;
  double most = overlap_at(a, of_a, b, of_b, best);
  for (double step = 0.04; step > 0.004; step *= 0.5) {  // uphill, in smaller and smaller steps
    for (bool better = true; better;) {
      better = false;
      for (const Placing& by :
           {Placing{step, 0.0, 1.0}, Placing{-step, 0.0, 1.0}, Placing{0.0, step, 1.0}, Placing{0.0, -step, 1.0},
            Placing{0.0, 0.0, 1.0 + step}, Placing{0.0, 0.0, 1.0 - step}}) {
        const Placing here{best.x + by.x, best.y + by.y, best.size * by.size};
        if (std::abs(here.x) > kFarthest || std::abs(here.y) > kFarthest ||
            std::abs(std::log(here.size)) > kOtherSize) {
          continue;
        }
        const double overlap = overlap_at(a, of_a, b, of_b, here);
        if (overlap > most) most = overlap, best = here, better = true;
      }
    }
  }
  return most;
}

}  // namespace ombra::train
