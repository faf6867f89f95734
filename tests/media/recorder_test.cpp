#include "core/new_file.hpp"
#include "recordings.hpp"

#include <unordered_map>

namespace ombra::media::test {
namespace {

class Recordings : public Videos {};

TEST_F(Recordings, FfprobeFindsWhatWasRecorded) {
  const struct {
    const char* name;
    VideoKind kind;
    const char *picture, *sound;
  } kinds[] = {{"a.mp4", VideoKind::kMp4, "h264", "aac"},
               {"a.mkv", VideoKind::kMkv, "h264", "aac"},
               {"a.mov", VideoKind::kProRes, "prores", "pcm_s16le"},
               {"b.mkv", VideoKind::kFfv1, "ffv1", "flac"}};
  for (const auto& k : kinds) {
    RecorderStatus status;
    {
      Recorder recorder(recording(folder / k.name, k.kind));
      perform(recorder, 0.0, 4.0);
      status = wait_for_end(recorder);
    }
    EXPECT_FALSE(status.failed) << status.message;
    EXPECT_EQ(status.pictures, 120u);
    const auto told = probe(folder / k.name);
    if (!told.is_object() || !told.contains("streams")) GTEST_SKIP() << "ffprobe";
    ASSERT_EQ(told["streams"].size(), 2u) << k.name;
    EXPECT_EQ(told["streams"][0]["codec_name"], k.picture);
    EXPECT_EQ(told["streams"][0]["r_frame_rate"], "30/1") << k.name;
    EXPECT_EQ(told["streams"][0]["avg_frame_rate"], "30/1") << k.name;
    EXPECT_EQ(told["streams"][0]["width"], kWide);
    EXPECT_EQ(told["streams"][0]["height"], kHigh);
    EXPECT_EQ(told["streams"][1]["codec_name"], k.sound);
    EXPECT_EQ(told["streams"][1]["channels"], 2);
    std::unordered_map<int, double> last;
    std::uint64_t pictures = 0;
    for (const auto& packet : told["packets"]) {
      const int stream = packet["stream_index"];
      const double stamp = number(packet["pts_time"]);
      EXPECT_TRUE(!last.contains(stream) || stamp > last[stream]) << k.name;
      last[stream] = stamp;
      pictures += stream == 0;
    }
    EXPECT_EQ(pictures, status.pictures) << k.name;
    const double begin_s = number(told["streams"][0]["start_time"]);
    EXPECT_NEAR(last[0] - begin_s, 4.0 - 1.0 / 30.0, 0.002) << k.name;
    EXPECT_NEAR(last[1] - begin_s, 4.0, 0.1) << "the sound ends with the picture";
  }
}

// A show at 60, recorded at 30: a flash is in the file within a frame of its click.
TEST_F(Recordings, AClickIsWithItsFlash) {
  for (const auto& [name, kind] : {std::pair{"a.mp4", VideoKind::kMp4}, {"a.mkv", VideoKind::kMkv}}) {
    Recorder recorder(recording(folder / name, kind));
    perform(recorder, 1000.25, 1006.0);
    wait_for_end(recorder);
    const Seen seen = look_and_listen(folder / name);
    ASSERT_EQ(seen.flashes.size(), 5u) << name;
    ASSERT_EQ(seen.clicks.size(), 5u) << name;
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_NEAR(seen.flashes[i], 0.75 + static_cast<double>(i), 1.0 / 30.0) << name;
      EXPECT_NEAR(seen.clicks[i], 0.75 + static_cast<double>(i), 0.005) << name;
      EXPECT_NEAR(seen.clicks[i], seen.flashes[i], 1.0 / 30.0) << name;
    }
  }
}

TEST_F(Recordings, TimesStayTrueWhenTheShowStumbles) {
  Recorder recorder(recording(folder / "a.mkv", VideoKind::kMkv));
  perform(recorder, 0.0, 1.0);
  perform(recorder, 1.7, 2.5, 23.0);
  const RecorderStatus status = wait_for_end(recorder);
  const Seen seen = look_and_listen(folder / "a.mkv");
  ASSERT_EQ(seen.times.size(), status.pictures);
  EXPECT_NEAR(seen.times.back(), 1.7 + 18.0 / 23.0, 1.0 / 30.0);
  for (std::size_t i = 0; i < seen.times.size(); ++i) EXPECT_NEAR(seen.times[i], static_cast<double>(i) / 30.0, 0.002);
  EXPECT_GE(status.repeated, 20u) << "the pause is filled";
}

// A flood of pictures: some are left out and counted, the show is not held up, and those that stay are spread out.
TEST_F(Recordings, WhatTheEncoderCannotTakeIsCounted) {
  RecorderOptions options = recording(folder / "a.mkv", VideoKind::kFfv1);
  options.format.width = 640, options.format.height = 480;
  options.format.fps = 60.0;
  Recorder recorder(options);
  perform(recorder, 0.0, 10.0, 60.0, false, 640, 480);
  const RecorderStatus status = wait_for_end(recorder);
  EXPECT_FALSE(status.failed) << status.message;
  EXPECT_GT(status.left_out, 50u);
  EXPECT_EQ(status.pictures, 600u);
  EXPECT_EQ(status.repeated, status.left_out);
  VideoReader reader(folder / "a.mkv");
  const auto frames = read_all(reader);
  EXPECT_EQ(frames.size(), status.pictures);
}

TEST_F(Recordings, AFasterPresetTakesOverInTheSameFile) {
  Muxer muxer((folder / "a.mp4").string(), "a.mp4", "mp4", Keep::kPieces);
  PictureEncoding e;
  e.encoder = "libx264";
  e.width = kWide, e.height = kHigh;
  e.channels = 4;
  e.rate = {30, 1}, e.time_base = {1, 90000};
  e.live = true;
  PictureEncoder encoder(e, muxer);
  muxer.begin();
  for (int i = 0; i < 60; ++i) {
    if (i == 31) {
      EXPECT_TRUE(encoder.set_preset("ultrafast"));
    }
    Picture picture = flashing(i / 30.0);
    picture.resize(picture.size() + PictureEncoder::kSlack);
    encoder.write(picture, i * 3000);
  }
  EXPECT_FALSE(encoder.set_preset("placebo")) << "its headers differ";
  EXPECT_EQ(encoder.encoding().preset, "ultrafast");
  encoder.finish();
  muxer.end();
  VideoReader reader(folder / "a.mp4");
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 60u);
  EXPECT_EQ(reader.damaged(), 0);
  for (int i = 0; i < 60; ++i) EXPECT_EQ(grey(frames[i], 5, 5) > 150, flash(i / 30.0)) << i;
}

// -> pictures whose frame_num does not follow on the one before, as FFmpeg's parser reads the headers of slices;
// decoders may hide that. -1: there is no ffmpeg
int misnumbered(const std::filesystem::path& file) {
  const std::string command = "ffmpeg -nostdin -v info -i '" + file.string() +
                              "' -map 0:v -c copy -bsf:v trace_headers -f null - 2>&1 | sed -nE "
                              "'s/.* (log2_max_frame_num_minus4|nal_unit_type|first_mb_in_slice|frame_num) .*= "
                              "([0-9]+)$/\\1 \\2/p'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return -1;
  char word[64];
  int value = 0, bits = 4, kind = 0, slice = 0, last = 0, pictures = 0, wrong = 0;
  while (std::fscanf(pipe, "%63s %d", word, &value) == 2) {
    const std::string name = word;
    if (name == "log2_max_frame_num_minus4") bits = value + 4;
    if (name == "nal_unit_type") kind = value;
    if (name == "first_mb_in_slice") slice = value;
    if (name != "frame_num") continue;
    const int follows = slice > 0 ? last : kind == 5 ? 0 : (last + 1) % (1 << bits);
    wrong += value != follows;
    pictures += slice == 0;
    last = value;
  }
  ::pclose(pipe);
  return pictures > 0 ? wrong : -1;
}

// Pictures that are shown again cost an encoder nothing: what stands in the stream for them is made beside it. Through
// a change of presets and with three slices a decoder finds each as the one before, bit for bit.
TEST_F(Recordings, RepeatsAreCopiesThatNoEncoderMakes) {
  constexpr int kOwn = 30, kRepeats = 17;
  for (const auto& [name, threads] : {std::pair{"a.mp4", 1}, {"a.mkv", 1}, {"a.mov", 3}}) {
    Muxer muxer((folder / name).string(), name, about(*kind_of(name)).muxer, Keep::kPieces);
    PictureEncoding e;
    e.encoder = "libx264";
    e.width = 328, e.height = 200;
    e.channels = 4;
    e.rate = {30, 1}, e.time_base = {1, 30};
    e.live = true;
    e.threads = threads;
    PictureEncoder encoder(e, muxer);
    muxer.begin();
    std::int64_t place = 0;
    for (int i = 0; i < kOwn; ++i) {
      if (i == kOwn / 2) {
        EXPECT_TRUE(encoder.set_preset("ultrafast"));
      }
      Picture picture(static_cast<std::size_t>(e.width) * e.height * 4 + PictureEncoder::kSlack, 255);
      for (std::size_t k = 0; k < picture.size(); ++k)
        picture[k] = static_cast<std::uint8_t>(k / 4 % 328 * 200 / 328 + 40 * ((k / 1312 + i * 8) / 64 % 2));
      encoder.write(picture, place++);
      for (int k = 0; k < kRepeats; ++k) encoder.repeat(place++);
    }
    encoder.finish();
    muxer.end();
    VideoReader reader(folder / name);
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), static_cast<std::size_t>(place)) << name;
    EXPECT_EQ(reader.damaged(), 0) << name;
    const auto told = probe(folder / name);
    if (!told.is_object() || !told.contains("packets")) GTEST_SKIP() << "ffprobe";
    ASSERT_EQ(told["packets"].size(), frames.size()) << name;
    EXPECT_LE(misnumbered(folder / name), 0) << name;
    int since_key = 0, copies = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto& packet = told["packets"][i];
      since_key = packet["flags"].get<std::string>().starts_with("K") ? 0 : since_key + 1;
      EXPECT_LT(since_key, 60) << "two seconds from one key picture to the next";
      const bool own = i % (kRepeats + 1) == 0;
      if (!own && since_key > 0) {
        EXPECT_EQ(frames[i].rgb, frames[i - 1].rgb) << name << ' ' << i;
        EXPECT_LT(number(packet["size"]), 60.0) << name << ' ' << i;
        ++copies;
      }
      if (own && i > 0) {
        EXPECT_NE(frames[i].rgb, frames[i - 1].rgb) << name << ' ' << i;
      }
    }
    EXPECT_GT(copies, 16 * kOwn) << name;
  }
}

TEST_F(Recordings, RollsOverWithoutLosingAPicture) {
  RecorderOptions options = recording(folder / "night.mkv", VideoKind::kFfv1);
  options.roll_bytes = 60000;
  Recorder recorder(options);
  perform(recorder, 0.0, 5.0);
  const RecorderStatus status = wait_for_end(recorder);
  EXPECT_FALSE(status.failed) << status.message;
  ASSERT_GE(status.files, 2);
  std::size_t pictures = 0, clicks = 0;
  double seconds = 0.0;
  for (int n = 1; n <= status.files; ++n) {
    const auto file = folder / (n == 1 ? "night.mkv" : fmt::format("night {}.mkv", n));
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
    const Seen seen = look_and_listen(file);
    pictures += seen.times.size();
    clicks += seen.clicks.size();
    const double heard_s = read_audio(file).seconds();
    EXPECT_NEAR(heard_s, seen.times.back() + 1.0 / 30.0, 0.05) << "sound to the end of each";
    seconds += heard_s;
  }
  EXPECT_EQ(pictures, status.pictures);
  EXPECT_GE(clicks, 4u);
  EXPECT_NEAR(seconds, 5.0, 0.1);
}

TEST_F(Recordings, LoopsBecomeAGifOrNumberedPictures) {
  {
    Recorder gif(recording(folder / "a.gif", VideoKind::kGif));
    perform(gif, 0.0, 3.0);
    EXPECT_FALSE(wait_for_end(gif).failed);
  }
  VideoReader reader(folder / "a.gif");
  EXPECT_NEAR(static_cast<double>(read_all(reader).size()), 90.0, 2.0);
  {
    Recorder png(recording(folder / "50% loop", VideoKind::kPng));
    perform(png, 0.0, 1.0);
    const RecorderStatus status = wait_for_end(png);
    EXPECT_FALSE(status.failed) << status.message;
    EXPECT_EQ(status.pictures, 30u);
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "50% loop" / "frame_000001.png"));
  EXPECT_TRUE(std::filesystem::exists(folder / "50% loop" / "frame_000030.png"));
}

TEST_F(Recordings, ALoopEndsByItself) {
  Recorder gif(recording(folder / "a.gif", VideoKind::kGif));
  perform(gif, 0.0, 66.0, 5.0);
  const RecorderStatus status = wait_for_end(gif);
  EXPECT_NE(status.message.find("60 s"), std::string::npos) << status.message;
  EXPECT_FALSE(status.failed);
}

TEST_F(Recordings, ASoundDeviceThatGoesLeavesSilence) {
  Recorder recorder(recording(folder / "a.mp4"));
  perform(recorder, 0.0, 1.5);
  for (double t = 1.5; t < 4.0; t += 1.0 / 30.0) {
    if (recorder.wants(t)) recorder.picture(flashing(t), t);
    be_patient(recorder);
  }
  perform(recorder, 4.0, 6.0);
  wait_for_end(recorder);
  const Seen seen = look_and_listen(folder / "a.mp4");
  ASSERT_EQ(seen.clicks.size(), 3u) << "at 1, 4 and 5 s";
  EXPECT_NEAR(seen.clicks[1], 4.0, 0.01);
  EXPECT_NEAR(seen.clicks[2], 5.0, 0.005);
}

TEST_F(Recordings, WithoutAPictureThereIsNoFile) {
  {
    Recorder recorder(recording(folder / "a.mp4"));
    EXPECT_FALSE(wait_for_end(recorder).failed);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(Recordings, NamesAreNeverUsedTwice) {
  EXPECT_EQ(free_path(folder / "a.mp4"), folder / "a.mp4");
  put("a.mp4", "x");
  EXPECT_EQ(free_path(folder / "a.mp4"), folder / "a 2.mp4");
  put("a 2.mp4", "x");
  EXPECT_EQ(free_path(folder / "a.mp4"), folder / "a 3.mp4");
}

}  // namespace
}  // namespace ombra::media::test
