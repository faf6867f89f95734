#include "footage/video/choose_key.hpp"

#include "footage/motion/filters.hpp"
#include "footage/video/level_split.hpp"
#include "footage/video/rim_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::train {
namespace {

constexpr double kScreenShare = 0.6;   // of the edge's pixels that are the screen's colour
constexpr int kScreenExcess = 30;      // from this on a pixel is green (blue)
constexpr double kEdgeShare = 0.85;    // of the edge that lies on the ground's side of a level
constexpr double kEvenSpread = 14.0;   // levels by which an even ground's edge varies
constexpr double kApart = 60.0;        // levels between figure and ground of a silhouette
constexpr double kMaxBetween = 0.08;   // share of pixels that may lie between them
constexpr double kPlainFigure = 30.0;  // levels by which a silhouette's own brightness varies
constexpr double kCrossing = 0.7;      // share of the moving pixels that go from ground to figure or back
constexpr double kMaxFigure = 0.6, kMinFigure = 0.002;  // share of the picture
constexpr double kMoreFigure = 1.3;   // a colour key is better than a level when it finds so much more
constexpr double kMovedShare = 0.45;  // when more than this differs from the median picture, the camera moves
constexpr double kMovedEdge = 0.15;   // or more than this of its upper, left and right edge, where few dance
// of a figure with light all round it: its own brightness and spread, what lies between it and that light, and between
// that light and the edge of the picture, which is dark, in levels; all in this share of the pictures
constexpr double kRimDark = 45.0, kRimSpread = 24.0, kRimDeep = 35.0, kRimLight = 4.0, kRimShare = 0.8;
constexpr int kDarkEdge = 64;
constexpr std::size_t kRimPictures = 12;  // that are looked at
constexpr std::size_t kMinMoving = 2000;  // pixels that say something

// What the pixels along the edge and all pixels of the pictures are like.
struct Survey {
  Histogram levels{}, edge_levels{};
  std::vector<int> edge_green, edge_blue;
  std::array<Histogram, 3> edge_colours{};

  Survey(std::span<const media::VideoFrame> pictures, const Content& content) {
    const int ring = std::max(2, (content.bottom - content.top) / 30);
    for (const media::VideoFrame& picture : pictures) {
      for (int y = content.top; y < content.bottom; y += 2) {
        for (int x = content.left; x < content.right; x += 2) {
          const std::uint8_t* p = &picture.rgb[3 * static_cast<std::size_t>(y * picture.width + x)];
          ++levels[static_cast<std::size_t>(luma(p))];
          const int inside =
              std::min({x - content.left, content.right - 1 - x, y - content.top, content.bottom - 1 - y});
          if (inside >= ring) continue;
          ++edge_levels[static_cast<std::size_t>(luma(p))];
          edge_green.push_back(green_excess(p));
          edge_blue.push_back(blue_excess(p));
          for (std::size_t c = 0; c < 3; ++c) ++edge_colours[c][p[c]];
        }
      }
    }
  }
};

// What moves: pixels that differ from the median picture, as bright as they are now and as they are there.
struct Moving {
  double share = 0.0, edge_share = 0.0;  // of a picture and of its upper, left and right edge; median over the pictures
  std::vector<std::pair<std::uint8_t, std::uint8_t>> now_and_there;

  Moving(std::span<const media::VideoFrame> pictures, const Background& still, const Content& content) {
    std::vector<double> shares, edge_shares;
    std::vector<float> levels(still.rgb().size() / 3);
    const std::size_t step = std::max<std::size_t>(1, pictures.size() / 24);
    const auto threshold = static_cast<float>(still.threshold());
    const int ring = std::max(2, (content.bottom - content.top) / 30);
    for (std::size_t k = 0; k < pictures.size(); k += step) {
      still.difference(pictures[k].rgb, levels);
      double count = 0.0, pixels = 0.0, edge_count = 0.0, edge_pixels = 0.0;
      for (int y = content.top; y < content.bottom; ++y) {
        for (int x = content.left; x < content.right; ++x) {
          const auto i = static_cast<std::size_t>(y * pictures[k].width + x);
          const bool moved = levels[i] > threshold;
          const bool edge = std::min({x - content.left, content.right - 1 - x, y - content.top}) < ring;
          pixels += 1.0;
          count += moved ? 1.0 : 0.0;
          edge_pixels += edge ? 1.0 : 0.0;
          edge_count += edge && moved ? 1.0 : 0.0;
          if (moved && x % 3 == 0) now_and_there.emplace_back(luma(&pictures[k].rgb[3 * i]), luma(&still.rgb()[3 * i]));
        }
      }
      shares.push_back(count / pixels);
      edge_shares.push_back(edge_count / edge_pixels);
    }
    share = quantile(std::move(shares), 0.5);
    edge_share = quantile(std::move(edge_shares), 0.5);
  }
  bool camera_moves() const { return share > kMovedShare || edge_share > kMovedEdge; }
  bool enough() const { return now_and_there.size() >= kMinMoving; }
  // Both brightnesses of all these pixels: figure and ground in equal parts, however small the figure is.
  Histogram levels() const {
    Histogram histogram{};
    for (const auto& [now, there] : now_and_there) {
      ++histogram[now];
      ++histogram[there];
    }
    return histogram;
  }
  double crossing(double threshold) const {
    const auto n = std::count_if(now_and_there.begin(), now_and_there.end(),
                                 [&](const auto& p) { return (p.first > threshold) != (p.second > threshold); });
    return static_cast<double>(n) / static_cast<double>(std::max<std::size_t>(1, now_and_there.size()));
  }
};

// The level between a dark and a bright part, of which one is the figure.
LevelSplit brightness_split(const Survey& survey, const Moving& moving) {
  if (moving.enough() && !moving.camera_moves())
    return split_at(survey.levels, split_levels(moving.levels()).threshold);
  return split_levels(survey.levels);
}

double share_over(const std::vector<int>& values, int level) {
  const auto over = std::count_if(values.begin(), values.end(), [&](int v) { return v > level; });
  return static_cast<double>(over) / static_cast<double>(std::max<std::size_t>(1, values.size()));
}

// -> the level below which this share of a histogram lies
int level_at(const Histogram& histogram, double share) {
  std::uint64_t all = 0, seen = 0;
  for (const std::uint64_t n : histogram) all += n;
  for (std::size_t v = 0; v < histogram.size(); ++v) {
    seen += histogram[v];
    if (static_cast<double>(seen) >= share * static_cast<double>(all) && seen > 0) return static_cast<int>(v);
  }
  return 255;
}

double edge_share_above(const Histogram& edge, double threshold) {
  double above = 0.0, all = 0.0;
  for (std::size_t v = 0; v < edge.size(); ++v) {
    all += static_cast<double>(edge[v]);
    if (static_cast<double>(v) > threshold) above += static_cast<double>(edge[v]);
  }
  return all > 0.0 ? above / all : 0.0;
}

Colour ground_colour(const Survey& survey) {
  Colour colour{};
  for (std::size_t c = 0; c < 3; ++c) colour[c] = static_cast<std::uint8_t>(level_at(survey.edge_colours[c], 0.5));
  return colour;
}

// level: of every second pixel of every second line, 0..255.
template <typename Level>
Histogram levels_of(std::span<const media::VideoFrame> pictures, const Content& content, const Level& level) {
  Histogram histogram{};
  for (const media::VideoFrame& picture : pictures) {
    for (int y = content.top; y < content.bottom; y += 2) {
      for (int x = content.left; x < content.right; x += 2) {
        ++histogram[static_cast<std::size_t>(level(&picture.rgb[3 * static_cast<std::size_t>(y * picture.width + x)]))];
      }
    }
  }
  return histogram;
}

// How far all pixels are from a colour; 255 and more count as 255.
Histogram distances(std::span<const media::VideoFrame> pictures, const Content& content, const Colour& colour) {
  return levels_of(pictures, content,
                   [&](const std::uint8_t* rgb) { return std::min(255.0, colour_distance(rgb, colour)); });
}

// Halfway between the screen's own excess and the figure's: there a pixel is half screen, half figure.
template <typename Excess>
double screen_threshold(std::span<const media::VideoFrame> pictures, const Content& content, std::vector<int> at_edge,
                        const Excess& excess) {
  constexpr int kZero = 128;
  const Histogram histogram =
      levels_of(pictures, content, [&](const std::uint8_t* rgb) { return std::clamp(kZero + excess(rgb), 0, 255); });
  const LevelSplit split = split_levels(histogram);
  std::sort(at_edge.begin(), at_edge.end());
  const double screen = at_edge.empty() ? 0.0 : at_edge[at_edge.size() / 2];
  const bool good =
      split.low_share >= kMinFigure && split.low_share <= kMaxFigure && split.high_mean - split.low_mean >= 30.0;
  return std::max(10.0, good ? split.threshold - kZero : 0.4 * screen);
}

int percent(double share) { return static_cast<int>(100.0 * share + 0.5); }

// Is light seen all round a dark figure that the picture's edge has not got?
bool has_rim(std::span<const media::VideoFrame> pictures, const Survey& survey) {
  int edge = 0;
  for (const Histogram& h : survey.edge_colours) edge = std::max(edge, level_at(h, 0.5));
  if (edge > kDarkEdge) return false;
  const std::size_t step = std::max<std::size_t>(1, pictures.size() / kRimPictures);
  double all = 0.0, with_rim = 0.0;
  for (std::size_t k = 0; k < pictures.size(); k += step) {
    const RimSurvey rim = survey_rim(pictures[k].rgb, pictures[k].width, pictures[k].height, kMinRim);
    all += 1.0;
    const bool holds = rim.share >= kMinFigure && rim.share <= kMaxFigure && rim.level <= kRimDark &&
                       rim.spread <= kRimSpread && rim.depth >= kRimDeep && rim.level + rim.depth >= edge + kRimLight;
    with_rim += holds ? 1.0 : 0.0;
  }
  return with_rim >= kRimShare * all;
}

// The first key that the pictures speak for.
KeyChoice automatic(std::span<const media::VideoFrame> pictures, const Content& content, const Survey& survey,
                    const Moving& moving, const KeySpec& asked) {
  KeyChoice choice{asked, "", true};
  const double green = share_over(survey.edge_green, kScreenExcess), blue = share_over(survey.edge_blue, kScreenExcess);
  if (std::max(green, blue) >= kScreenShare) {
    choice.key.kind = green >= blue ? KeyKind::kGreen : KeyKind::kBlue;
    choice.reason = fmt::format("a {} screen: {} % of the edge has that colour", name_of(choice.key.kind),
                                percent(std::max(green, blue)));
    return choice;
  }
  const Colour ground = ground_colour(survey);
  double spread = 0.0;
  for (const Histogram& h : survey.edge_colours)
    spread = std::max(spread, 0.5 * (level_at(h, 0.95) - level_at(h, 0.05)));
  const LevelSplit away = split_levels(distances(pictures, content, ground));
  const double far = 1.0 - away.low_share;
  const bool even =
      spread <= kEvenSpread && far >= kMinFigure && far <= kMaxFigure && away.high_mean - away.low_mean >= 0.5 * kApart;

  const LevelSplit split = brightness_split(survey, moving);
  const double above = edge_share_above(survey.edge_levels, split.threshold);
  const bool bright_ground = above >= kEdgeShare, dark_ground = above <= 1.0 - kEdgeShare;
  const double figure = bright_ground ? split.low_share : 1.0 - split.low_share;
  const bool silhouette = (bright_ground || dark_ground) && figure >= kMinFigure && figure <= kMaxFigure &&
                          split.high_mean - split.low_mean >= kApart && split.between <= kMaxBetween &&
                          (bright_ground ? split.low_spread : split.high_spread) <= kPlainFigure &&
                          (!moving.enough() || moving.camera_moves() || moving.crossing(split.threshold) >= kCrossing);
  if (!silhouette && has_rim(pictures, survey)) {
    choice.key.kind = KeyKind::kRim;
    choice.reason = "there is light all round a dark figure, brighter than the edge of the picture";
  } else if (silhouette && !(even && far > kMoreFigure * figure)) {
    choice.key.kind = bright_ground ? KeyKind::kBelow : KeyKind::kAbove;
    choice.reason = fmt::format("{} % of the edge is {}, and there are two brightnesses, {:.0f} and {:.0f}",
                                percent(bright_ground ? above : 1.0 - above), bright_ground ? "bright" : "dark",
                                split.low_mean, split.high_mean);
  } else if (even) {
    choice.key.kind = KeyKind::kDistance;
    choice.key.colour = ground;
    choice.key.colour_is_ground = true;
    choice.reason = fmt::format("the edge is even, #{:02x}{:02x}{:02x} within {:.0f} levels", ground[0], ground[1],
                                ground[2], spread);
  } else if (!moving.camera_moves() && pictures.size() >= 5) {
    choice.key.kind = KeyKind::kBackground;
    choice.reason =
        fmt::format("the ground is uneven and the camera stands still: {} % of a picture differs from the median one",
                    percent(moving.share));
  } else {
    choice.key.kind = above >= 0.5 ? KeyKind::kBelow : KeyKind::kAbove;
    choice.confident = false;
    choice.reason = fmt::format(
        "neither an even ground nor a still camera ({} % of a picture differs from the median one), so this is a guess",
        percent(moving.share));
  }
  return choice;
}

}  // namespace

KeyChoice choose_key(std::span<const media::VideoFrame> pictures, const Background& still, const Content& content,
                     const KeySpec& asked) {
  const Survey survey(pictures, content);
  const Moving moving(pictures, still, content);
  KeyChoice choice{asked, "as asked", true};
  if (asked.kind == KeyKind::kAuto) choice = automatic(pictures, content, survey, moving, asked);
  KeySpec& key = choice.key;
  if (key.kind == KeyKind::kDistance && !key.colour) {
    key.colour = ground_colour(survey);
    key.colour_is_ground = true;
  }
  if (key.threshold) return choice;
  switch (key.kind) {
    case KeyKind::kBelow:
    case KeyKind::kAbove:
      key.threshold = std::round(brightness_split(survey, moving).threshold);
      break;
    case KeyKind::kDistance:
      key.threshold = std::round(split_levels(distances(pictures, content, *key.colour)).threshold);
      break;
    case KeyKind::kGreen:
      key.threshold = std::round(screen_threshold(pictures, content, survey.edge_green, green_excess));
      break;
    case KeyKind::kBlue:
    case KeyKind::kRemoveBlue:
      key.threshold = std::round(screen_threshold(pictures, content, survey.edge_blue, blue_excess));
      break;
    case KeyKind::kBackground:
      key.threshold = std::round(still.threshold());
      break;
    case KeyKind::kRim:
      key.threshold = kMinRim;
      break;
    case KeyKind::kAuto:
    case KeyKind::kNone:
      break;
  }
  return choice;
}

}  // namespace ombra::train
