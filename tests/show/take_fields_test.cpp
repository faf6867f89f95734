// Nothing that shapes a dance or a look is lost from a take: every field of what is kept is visited, and every
// parameter of the dancer and the look reaches it.

#include "show/dance/director.hpp"
#include "show/offline/take_records.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ombra::show {
namespace {

struct Anything {
  template <class T>
  operator T() const;
};

// -> how many fields an aggregate has: with how many values, at most, it can be made
template <class T, class... Values>
constexpr int fields_of() {
  if constexpr (requires { T{std::declval<Values>()..., Anything{}}; }) {
    return fields_of<T, Values..., Anything>();
  } else {
    return static_cast<int>(sizeof...(Values));
  }
}

template <class T>
int visited() {
  T value{};
  int count = 0;
  fields(value, [&count](auto&) { ++count; });
  return count;
}

TEST(TakeFields, AreAllThatTheRecordsHold) {
  constexpr int kGrid = fields_of<BeatGrid>(), kColour = fields_of<stage::Colour>();
  EXPECT_EQ(visited<BeatGrid>(), kGrid);
  EXPECT_EQ(visited<stage::Colour>(), kColour);
  EXPECT_EQ(visited<model::DanceControls>(), fields_of<model::DanceControls>() - 1);  // styles are kept apart
  EXPECT_EQ(visited<model::FigureControls>(), fields_of<model::FigureControls>());
  EXPECT_EQ(visited<stage::LookControls>(), fields_of<stage::LookControls>() + 3 * (kColour - 1));
  // the form reaches a picture through modulated parameters alone, and these are kept
  EXPECT_EQ(visited<AudioFrame>(), fields_of<AudioFrame>() - 1 + kGrid - 1);
}

TEST(TakeFields, StylesAreKept) {
  DanceRequest request, other;
  for (std::size_t i = 0; i < other.controls.styles.size(); ++i) {
    other = request;
    other.controls.styles[i] = 0.5f;
    EXPECT_NE(packed(request), packed(other)) << i;
  }
}

TEST(TakeFields, AStyleThatTheDancerKnowsReachesATake) {
  Director director;
  director.params().know_styles({"salsa", "hip hop"});
  director.assign({"style/hip_hop=0.75"});
  const DanceRequest request = director.ask(AudioFrame(), 0.0, 0.0, 1.0 / 60.0);
  EXPECT_FLOAT_EQ(request.controls.styles[0], 0.0f);
  EXPECT_FLOAT_EQ(request.controls.styles[1], 0.75f);
  DanceRequest taken;
  ASSERT_TRUE(unpack(packed(request), taken));
  EXPECT_EQ(taken.controls.styles, request.controls.styles);
}

// What a take would keep of a show with these parameters.
std::string kept(const ShowParams& wanted, const std::string& path, double value) {
  Director director;
  ShowParams& p = director.params();
  director.modulation().set_rows({}, p);
  const int index = wanted.require(path);
  if (wanted.declaration(index).kind == Kind::kColour) {
    p.set_colour(index, {static_cast<float>(value), 0.5f, 0.5f});
  } else {
    p.set(index, value);
  }
  AudioFrame audio;
  const DanceRequest request = director.ask(audio, 0.0, 0.0, 1.0 / 60.0);
  FrameRecord frame;
  frame.controls = p.look_controls();
  frame.look = static_cast<std::uint8_t>(p.get(p.look));
  return packed(request) + packed(frame);
}

TEST(TakeFields, EveryParameterOfTheDancerAndTheLookReachesATake) {
  const Director director;
  const ShowParams& p = director.params();
  int looked_at = 0;
  for (int i = 0; i < p.size(); ++i) {
    const Declaration& d = p.declaration(i);
    if (d.path.rfind("dancer/", 0) != 0 && d.path.rfind("look/", 0) != 0) continue;
    ++looked_at;
    EXPECT_NE(kept(p, d.path, d.low), kept(p, d.path, d.high)) << d.path;
  }
  EXPECT_GT(looked_at, 20);
}

}  // namespace
}  // namespace ombra::show
