#pragma once
// Videos that tests draw: a dark square that moves over white, and a folder to put them in.

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/number.hpp"
#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "media/write/video_writer.hpp"
#include "temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ombra::media::test {

using Picture = std::vector<std::uint8_t>;  // [height][width][3]

constexpr int kSide = 16;

// The upper left corner of the square in the i-th picture.
inline int square_x(int i, int width) { return 4 + (4 * i) % (width - kSide - 4); }
inline int square_y(int height) { return height / 4; }

inline Picture moving_square(int width, int height, int i) {
  Picture rgb(static_cast<std::size_t>(width) * height * 3, 255);
  for (int y = square_y(height); y < square_y(height) + kSide; ++y) {
    for (int x = square_x(i, width); x < square_x(i, width) + kSide; ++x) {
      for (int c = 0; c < 3; ++c) rgb[(static_cast<std::size_t>(y) * width + x) * 3 + c] = 10;
    }
  }
  return rgb;
}

inline int grey(const VideoFrame& frame, int x, int y) {
  const std::uint8_t* p = frame.rgb.data() + (static_cast<std::size_t>(y) * frame.width + x) * 3;
  return (p[0] + p[1] + p[2]) / 3;
}

// What is dark in a picture: its centre, in pixels from the upper left corner, and its area.
struct Blot {
  double x = 0.0, y = 0.0, area = 0.0;
};

inline Blot blot_of(const VideoFrame& frame) {
  Blot blot;
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      const double dark = std::max(0, 245 - grey(frame, x, y)) / 235.0;
      blot.x += dark * (x + 0.5);
      blot.y += dark * (y + 0.5);
      blot.area += dark;
    }
  }
  if (blot.area > 0.0) blot.x /= blot.area, blot.y /= blot.area;
  return blot;
}

inline std::vector<VideoFrame> read_all(VideoReader& reader) {
  std::vector<VideoFrame> frames;
  for (VideoFrame frame; reader.next(frame) && frames.size() < 10000;) frames.push_back(frame);
  return frames;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What ffprobe says of a file; nothing where there is no ffprobe.
inline nlohmann::json probe(const std::filesystem::path& file) {
  const std::string command =
      "ffprobe -v quiet -of json -show_format -show_streams -show_packets '" + file.string() + "' 2> /dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c; pipe && (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  if (pipe) ::pclose(pipe);
  return nlohmann::json::parse(text, nullptr, false);
}

inline double number(const nlohmann::json& value) { return parse_number(value.get<std::string>()).value(); }

// A click at every full second.
inline Sound clicks(double seconds, int rate_hz, int channels) {
  Sound sound;
  sound.rate_hz = rate_hz;
  sound.channels = channels;
  sound.samples.assign(static_cast<std::size_t>(seconds * rate_hz) * channels, 0.0f);
  for (std::size_t second = 0; second < sound.frames(); second += rate_hz) {
    for (std::size_t i = 0; i < 400 * static_cast<std::size_t>(channels); ++i)
      sound.samples[second * channels + i] = i / channels % 20 < 10 ? 0.8f : -0.8f;
  }
  return sound;
}

class Videos : public ombra::test::FolderTest {
 protected:
  void SetUp() override { log::set_level(log::level::off); }

  std::filesystem::path put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }

  std::filesystem::path draw(const std::string& name, VideoFormat format, int frames) const {
    VideoWriter writer(folder / name, format);
    for (int i = 0; i < frames; ++i) writer.write(moving_square(format.width, format.height, i));
    writer.finish();
    return folder / name;
  }

  // Draws with the ffmpeg command, which encodes what we do not. -> false where it, or the encoder, is missing
  bool draw_by_ffmpeg(const std::string& name, int width, int height, int frames, const std::string& how,
                      const std::string& input = "") const {
    std::ofstream raw(folder / "raw.rgb", std::ios::binary);
    for (int i = 0; i < frames; ++i) {
      const Picture rgb = moving_square(width, height, i);
      raw.write(reinterpret_cast<const char*>(rgb.data()), static_cast<std::streamsize>(rgb.size()));
    }
    raw.close();
    return ffmpeg(fmt::format("-f rawvideo -pix_fmt rgb24 -s {}x{} -r 25 -i '{}' {} {} '{}'", width, height,
                              (folder / "raw.rgb").string(), input, how, (folder / name).string()));
  }
  static bool ffmpeg(const std::string& arguments) {
    return std::system(("ffmpeg -nostdin -v quiet -y " + arguments + " > /dev/null 2>&1").c_str()) == 0;
  }

  // The square is where it was drawn in every frame, whatever the scale.
  static void expect_square(const std::vector<VideoFrame>& frames, int width, int height, double tolerance = 0.6) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const double sx = static_cast<double>(frames[i].width) / width,
                   sy = static_cast<double>(frames[i].height) / height;
      const Blot blot = blot_of(frames[i]);
      ASSERT_NEAR(blot.x, (square_x(static_cast<int>(i), width) + kSide / 2.0) * sx, tolerance) << "frame " << i;
      ASSERT_NEAR(blot.y, (square_y(height) + kSide / 2.0) * sy, tolerance) << "frame " << i;
      ASSERT_NEAR(blot.area, kSide * kSide * sx * sy, 0.15 * kSide * kSide * sx * sy) << "frame " << i;
    }
  }

  // -> the message of the Error that opening gives, or nothing
  static std::string complaint(const std::filesystem::path& path) {
    try {
      VideoReader reader(path);
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }
};

}  // namespace ombra::media::test
