#include "audio/signals.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "media/read/audio_reader.hpp"
#include "media/write/audio_writer.hpp"
#include "media/write/codec_pass.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace ombra::media {
namespace {

class AudioFile : public test::FolderTest {
 protected:
  void SetUp() override { log::set_level(log::level::off); }  // the warnings about damaged files

  std::filesystem::path text(const std::string& name, const std::string& words) const {
    std::ofstream(folder / name, std::ios::binary) << words;
    return folder / name;
  }
  // -> the message of the Error that reading gives
  static std::string complaint(const std::filesystem::path& path, const ReadAudioOptions& options = {}) {
    try {
      read_audio(path, options);
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }
};

double rms(std::span<const float> samples) {
  double sum = 0.0;
  for (const float x : samples) sum += static_cast<double>(x) * x;
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

Sound stereo_tone(double seconds, int rate_hz) {
  Sound sound;
  sound.channels = 2;
  sound.rate_hz = rate_hz;
  for (const float x : test::sine(440.0, 0.5, seconds, rate_hz))
    sound.samples.insert(sound.samples.end(), {x, -0.5f * x});
  return sound;
}

TEST_F(AudioFile, ReadsAWavAsItIs) {
  const auto wave = test::sine(440.0, 0.5, 1.0, 44100);
  test::write_wav(folder / "a.wav", wave, 44100);
  const Sound sound = read_audio(folder / "a.wav", {.rate_hz = 0});
  EXPECT_EQ(sound.rate_hz, 44100);
  EXPECT_EQ(sound.channels, 1);
  ASSERT_EQ(sound.samples.size(), wave.size());
  for (std::size_t i = 0; i < wave.size(); ++i) ASSERT_NEAR(sound.samples[i], wave[i], 1e-4f);
}

TEST_F(AudioFile, ResamplesAndMixesToWhatIsAskedFor) {
  test::write_wav(folder / "a.wav", test::sine(440.0, 0.5, 2.0, 22050), 22050);
  const Sound sound = read_audio(folder / "a.wav", {.rate_hz = 48000, .channels = 2});
  EXPECT_EQ(sound.rate_hz, 48000);
  EXPECT_EQ(sound.channels, 2);
  EXPECT_NEAR(sound.seconds(), 2.0, 0.001);
  EXPECT_NEAR(rms(sound.samples), 0.5 / std::sqrt(2.0), 0.01);
}

TEST_F(AudioFile, FlacComesBackExactlyAndOpusInPlace) {
  const Sound tone = stereo_tone(1.5, 48000);
  write_audio(folder / "a.flac", tone);
  const Sound flac = read_audio(folder / "a.flac");
  ASSERT_EQ(flac.samples.size(), tone.samples.size());
  for (std::size_t i = 0; i < flac.samples.size(); ++i) ASSERT_NEAR(flac.samples[i], tone.samples[i], 1.0f / 32000.0f);

  write_audio(folder / "a.opus", tone, 160);
  const Sound opus = read_audio(folder / "a.opus");
  ASSERT_EQ(opus.channels, 2);
  EXPECT_NEAR(opus.seconds(), 1.5, 0.001);  // encoder padding is cut at both ends
  double difference = 0.0;
  const std::size_t n = std::min(opus.samples.size(), tone.samples.size());
  for (std::size_t i = 0; i < n; ++i) difference += std::abs(opus.samples[i] - tone.samples[i]);
  EXPECT_LT(difference / static_cast<double>(n), 0.03);
}

TEST_F(AudioFile, SameSoundGivesTheSameBytes) {
  const Sound tone = stereo_tone(0.5, 48000);
  write_audio(folder / "a.opus", tone);
  write_audio(folder / "b.opus", tone);
  const auto bytes = [&](const char* name) {
    std::ifstream in(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_EQ(bytes("a.opus"), bytes("b.opus"));
}

TEST_F(AudioFile, ATruncatedFileGivesWhatIsThere) {
  const Sound tone = stereo_tone(4.0, 48000);
  for (const char* name : {"a.wav", "a.flac", "a.opus"}) {
    const auto file = folder / name;
    write_audio(file, tone);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const Sound half = read_audio(file);
    EXPECT_GT(half.seconds(), 1.0) << name;
    EXPECT_LT(half.seconds(), 3.0) << name;
  }
}

TEST_F(AudioFile, CutOffOrBrokenAnywhereIsSoundOrAnErrorButNeverACrash) {
  const Sound tone = stereo_tone(0.3, 48000);
  for (const char* name : {"a.wav", "a.flac", "a.opus"}) {
    const auto file = folder / name;
    write_audio(file, tone);
    std::ifstream in(file, std::ios::binary);
    const std::string whole(std::istreambuf_iterator<char>(in), {});
    const auto extension = file.extension().string();
    for (std::size_t cut = 0; cut < std::min<std::size_t>(whole.size(), 400); cut += 13) {
      const auto part = text("cut" + extension, whole.substr(0, cut));
      try {
        EXPECT_LE(read_audio(part).seconds(), 0.4);
      } catch (const Error&) {
      }
      std::string broken = whole;
      for (std::size_t i = cut; i < std::min(cut + 4, broken.size()); ++i) broken[i] = static_cast<char>(~broken[i]);
      try {
        const Sound sound = read_audio(text("broken" + extension, broken), {.max_seconds = 10.0});
        EXPECT_LE(sound.seconds(), 21.0);
      } catch (const Error&) {
      }
    }
  }
}

TEST_F(AudioFile, ATextFileCalledWavIsAnErrorWithAHint) {
  const auto file = text("words.wav", "once upon a time there was a dancer who could not hear\n");
  const std::string message = complaint(file);
  EXPECT_NE(message.find("words.wav"), std::string::npos) << message;
  EXPECT_NE(message.find("\nhint: "), std::string::npos) << message;
}

TEST_F(AudioFile, AFileThatIsMissingOrEmptyOrAFolderIsAnError) {
  EXPECT_NE(complaint(folder / "none.wav").find("no such file"), std::string::npos);
  EXPECT_NE(complaint(text("empty.wav", "")).find("empty.wav"), std::string::npos);
  EXPECT_NE(complaint(folder).find("\nhint: "), std::string::npos);
}

TEST_F(AudioFile, APictureHoldsNoSound) {
  // a portable pixmap of 2 x 2
  const auto file = text("picture.ppm", std::string("P6\n2 2\n255\n") + std::string(12, 'x'));
  EXPECT_NE(complaint(file).find("holds no sound"), std::string::npos) << complaint(file);
}

TEST_F(AudioFile, APlaylistMayNotOpenOtherFiles) {
  test::write_wav(folder / "secret.wav", test::sine(440.0, 0.5, 1.0));
  const auto list =
      text("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n");
  EXPECT_NE(complaint(list), "");
  const auto concat = text("list.wav", "ffconcat version 1.0\nfile " + (folder / "secret.wav").string() + "\n");
  EXPECT_NE(complaint(concat), "");
}

TEST_F(AudioFile, TooLongIsAnError) {
  test::write_wav(folder / "long.wav", test::noise(0.1, 5.0, 8000), 8000);
  EXPECT_NE(complaint(folder / "long.wav", {.max_seconds = 1.0}).find("longer than 1 s"), std::string::npos);
}

TEST_F(AudioFile, AHeaderThatClaimsTooMuchIsNotBelieved) {
  test::write_wav(folder / "a.wav", test::sine(440.0, 0.5, 0.2));
  std::fstream file(folder / "a.wav", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40);
  file.write("\xff\xff\xff\x7f", 4);  // two gigabytes of samples
  file.close();
  EXPECT_NEAR(read_audio(folder / "a.wav").seconds(), 0.2, 0.01);
}

TEST_F(AudioFile, WritingFailsClearlyAndLeavesNothing) {
  const Sound tone = stereo_tone(0.1, 48000);
  EXPECT_THROW(write_audio(folder / "a.xyz", tone), Error);
  EXPECT_THROW(write_audio(folder / "no folder" / "a.wav", tone), Error);
  Sound odd = stereo_tone(0.1, 44100);
  EXPECT_THROW(write_audio(folder / "a.opus", odd), Error);  // Opus knows five rates only
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

// Clicks after three seconds of nothing, through what phones, streams and Bluetooth send.
TEST(CodecPass, KeepsWhereThingsSoundAndHowLoud) {
  int tried = 0;
  for (const auto& [name, kbits] : {std::pair{"libmp3lame", 48}, {"aac", 48}, {"libopus", 24}, {"sbc", 120}}) {
    std::vector<float> sound(48000 * 8, 0.0f);
    Rng rng(2);
    for (int click = 0; click < 9; ++click) {
      for (std::size_t i = 0; i < 2400; ++i)
        sound[static_cast<std::size_t>(48000.0 * (3.2 + 0.5 * click)) + i] =
            static_cast<float>(0.5 * std::exp(-static_cast<double>(i) / 400.0) * rng.uniform(-1.0, 1.0));
    }
    const std::vector<float> coded = through_codec(sound, 48000, name, 1000 * kbits);
    if (coded.empty()) continue;
    ++tried;
    ASSERT_EQ(coded.size(), sound.size());
    for (int click = 0; click < 9; ++click) {
      const auto around = [&](const std::vector<float>& x, double from_s, double to_s) {
        double sum = 0.0;
        for (auto i = static_cast<std::size_t>(48000.0 * (3.2 + 0.5 * click + from_s));
             i < static_cast<std::size_t>(48000.0 * (3.2 + 0.5 * click + to_s)); ++i)
          sum += static_cast<double>(x[i]) * x[i];
        return sum;
      };
      const double there = around(coded, -0.005, 0.05), before = around(coded, -0.1, -0.02);
      EXPECT_GT(there, 20.0 * before) << name;
      const double share = there / around(sound, -0.005, 0.05);  // at such rates the highest tones go
      EXPECT_TRUE(share > 0.15 && share < 1.5) << name << " " << share;
    }
    EXPECT_NE(coded, sound) << "it loses something";
  }
  EXPECT_GE(tried, 2) << "FFmpeg comes with AAC and SBC";
  EXPECT_TRUE(through_codec(std::vector<float>(100), 48000, "no such codec", 1000).empty());
  EXPECT_TRUE(through_codec(std::vector<float>(100), 12345, "libopus", 24000).empty())
      << "a rate that it does not take";
}

}  // namespace
}  // namespace ombra::media
