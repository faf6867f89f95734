// Streams of a show and who receives them: real peers on loopback, one that dies and comes back, and servers that
// misbehave.

#include "media/share/streamer.hpp"

#include "core/error.hpp"
#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "stream_peers.hpp"
#include "videos.hpp"

#include <numbers>

namespace ombra::media {
namespace {

using test::free_port;
using test::Receiver;
using State = OutletStatus::State;

constexpr int kWide = 320, kHigh = 180, kHz = 48000;
constexpr double kFps = 30.0, kTone = 440.0;
constexpr std::uint8_t kRed = 210, kGreen = 90, kBlue = 30;

LiveFormat format() {
  LiveFormat f;
  f.width = kWide, f.height = kHigh;
  f.fps = kFps;
  f.kbit_per_s = 600;
  return f;
}

// -> how much was sent, of all connections
double seconds(const Outlet& stream) { return static_cast<double>(stream.status().pictures) / kFps; }

class Streams : public ombra::test::FolderTest {
 protected:
  void SetUp() override {
    if (!test::there_is("ffmpeg")) GTEST_SKIP() << "there is no ffmpeg to receive a stream";
    rgba_.resize(static_cast<std::size_t>(kWide) * kHigh * 4);
    for (std::size_t i = 0; i < rgba_.size(); i += 4) {
      rgba_[i] = kRed, rgba_[i + 1] = kGreen, rgba_[i + 2] = kBlue, rgba_[i + 3] = 255;
    }
  }

  // -> a picture as LiveFile takes it
  std::span<const std::uint8_t> padded() {
    const std::size_t bytes = rgba_.size();
    room_ = rgba_;
    room_.resize(bytes + PictureEncoder::kSlack);
    return std::span(room_).first(bytes);
  }

  // The show goes on in real time, with one colour and one tone, until what is asked for has come or 25 s are over.
  template <typename Come>
  bool perform(Outlet& stream, const Come& come) {
    for (const double end_s = now_s() + 25.0; now_s() < end_s;) {
      if (come()) return true;
      for (; time_s_ < now_s(); time_s_ += 1.0 / kFps) {
        std::vector<float> stereo;
        for (int k = 0; k < static_cast<int>(kHz / kFps); ++k, ++sample_) {
          const auto x = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * kTone * sample_ / kHz));
          stereo.insert(stereo.end(), {x, x});
        }
        stream.sound(stereo, kHz, time_s_);
        stream.picture(rgba_, time_s_);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return come();
  }

  // Sends to a receiver until it has some seconds, and looks at what came.
  void arrives(const std::string& to, const std::string& from, std::vector<std::string> before = {}) {
    const auto file = folder / "received.mkv";
    Receiver receiver(from, file, std::move(before));
    {
      const auto stream = make_streamer(stream_url(to), format());
      ASSERT_TRUE(perform(*stream, [&] { return seconds(*stream) > 5.0 && receiver.bytes() > 30'000; }))
          << stream->status().message << test::bytes_of(file.string() + ".log");
      const OutletStatus status = stream->status();
      EXPECT_EQ(status.state, State::kGiving);
      EXPECT_GT(status.kbit_per_s, 20.0);
      EXPECT_LT(status.kbit_per_s, 2000.0);
      EXPECT_EQ(status.message, "");
    }
    receiver.end(SIGINT);
    look(file);
  }

  static void look(const std::filesystem::path& file) {
    VideoReader reader(file);
    EXPECT_EQ(reader.info().width, kWide);
    EXPECT_EQ(reader.info().height, kHigh);
    const std::vector<VideoFrame> frames = test::read_all(reader);
    ASSERT_GT(frames.size(), 45u) << "of five seconds";
    const VideoFrame& last = frames.back();
    const std::uint8_t* middle = last.rgb.data() + (static_cast<std::size_t>(kHigh / 2) * kWide + kWide / 2) * 3;
    EXPECT_NEAR(middle[0], kRed, 8);
    EXPECT_NEAR(middle[1], kGreen, 8);
    EXPECT_NEAR(middle[2], kBlue, 8);
    for (std::size_t i = 1; i < frames.size(); ++i) {
      EXPECT_NEAR(frames[i].time_s - frames[i - 1].time_s, 1.0 / kFps, 0.003) << i;
    }
    hear(read_audio(file, {.rate_hz = kHz, .channels = 1}));
  }

  // Goertzel's share of the tone in the last second.
  static void hear(const Sound& sound) {
    ASSERT_GT(sound.samples.size(), static_cast<std::size_t>(2 * kHz));
    double in = 0.0, out = 0.0, all = 0.0;
    const std::size_t from = sound.samples.size() - kHz;
    for (std::size_t i = 0; i < static_cast<std::size_t>(kHz) / 2; ++i) {
      const double x = sound.samples[from + i], turn = 2.0 * std::numbers::pi * kTone * static_cast<double>(i) / kHz;
      in += x * std::cos(turn), out += x * std::sin(turn), all += x * x;
    }
    ASSERT_GT(all, 100.0) << "it is silent";
    EXPECT_GT(2.0 * (in * in + out * out) / (kHz / 2.0) / all, 0.95) << "something else than the tone is heard";
  }

  std::vector<std::uint8_t> rgba_, room_;
  double time_s_ = now_s();
  int sample_ = 0;
};

TEST_F(Streams, ArriveByUdp) {
  const std::string port = free_port(SOCK_DGRAM);
  arrives("udp://127.0.0.1:" + port, "udp://127.0.0.1:" + port);
}

TEST_F(Streams, ArriveBySrt) {
  const std::string port = free_port(SOCK_DGRAM);
  arrives("srt://127.0.0.1:" + port, "srt://127.0.0.1:" + port + "?mode=listener");
}

TEST_F(Streams, ArriveByRtmp) {
  const std::string port = free_port(SOCK_STREAM);
  const std::string url = "rtmp://127.0.0.1:" + port + "/live/key-of-the-stream";
  arrives(url, url, {"-listen", "1"});
}

// Faults between a picture's way out of the queue and the encoder: there are ten places.
TEST_F(Streams, LoseNoPlaceOfTheirQueueByFaults) {
  const test::LocalSocket server(SOCK_STREAM);
  server.listen();
  LiveFormat impossible = format();
  impossible.encoder = "no_such_encoder";
  const auto stream = make_streamer(stream_url("tcp://127.0.0.1:" + std::to_string(server.port())), impossible, 0.01);
  int tries = 0;
  EXPECT_TRUE(perform(*stream, [&] { return (tries += server.turned_away()) >= 15; })) << tries << " tries";
}

TEST_F(Streams, GoOnWhenTheirReceiverDiesAndComesBack) {
  const int sockets = test::open_sockets();
  const std::string url = "tcp://127.0.0.1:" + free_port(SOCK_STREAM), from = url + "?listen=1";
  const auto stream = make_streamer(stream_url(url), format());
  EXPECT_TRUE(perform(*stream, [&] { return stream->status().state == State::kWaiting; })) << "nobody is there yet";
  EXPECT_NE(stream->status().message, "");
  auto first = std::make_unique<Receiver>(from, folder / "first.mkv");
  ASSERT_TRUE(perform(*stream, [&] { return seconds(*stream) > 2.0 && first->bytes() > 10'000; }));
  first->end(SIGKILL);
  ASSERT_TRUE(perform(*stream, [&] { return stream->status().state == State::kWaiting; }));
  EXPECT_LE(test::open_sockets(), sockets) << "the broken connection is closed";
  EXPECT_NE(stream->status().message, "");
  const double before_s = seconds(*stream);
  Receiver second(from, folder / "second.mkv");
  ASSERT_TRUE(perform(*stream, [&] { return seconds(*stream) > before_s + 5.0 && second.bytes() > 30'000; }));
  EXPECT_EQ(stream->status().connections, 2);
  EXPECT_EQ(stream->status().message, "");
  second.end(SIGINT);
  look(folder / "second.mkv");
}

TEST_F(Streams, EndSoonWhateverTheServerDoes) {
  for (const std::string scheme : {"tcp://", "rtmp://"}) {
    const test::LocalSocket server(SOCK_STREAM);
    server.listen();
    LiveFormat large = format();
    large.kbit_per_s = 50'000;
    auto stream = make_streamer(stream_url(scheme + "127.0.0.1:" + std::to_string(server.port()) + "/live/key"), large);
    // noise fills the system's buffers
    std::uint32_t seed = 1;
    perform(*stream, [&, until_s = now_s() + 2.5] {
      for (std::uint8_t& value : rgba_) value = static_cast<std::uint8_t>((seed = seed * 1664525u + 1013904223u) >> 24);
      return now_s() > until_s;
    });
    const double stopped_s = now_s();
    stream.reset();
    EXPECT_LT(now_s() - stopped_s, 2.0) << scheme;
  }
}

TEST_F(Streams, TellWhatIsWrongWithoutTheirKey) {
  const auto stream =
      make_streamer(stream_url("rtmp://127.0.0.1:" + free_port(SOCK_STREAM) + "/live/secret-key"), format());
  ASSERT_TRUE(perform(*stream, [&] { return stream->status().state == State::kWaiting; }));
  const OutletStatus status = stream->status();
  EXPECT_NE(status.message.find("127.0.0.1"), std::string::npos) << status.message;
  EXPECT_EQ(status.message.find("secret"), std::string::npos) << status.message;
  EXPECT_EQ(status.connections, 0);
}

// The receiver goes after the last picture, or before more of them.
TEST_F(Streams, AreNoFilesWhenTheirEndFails) {
  for (const auto& [more, words] :
       {std::pair{0, "there: cannot end the stream: "}, std::pair{20, "there: cannot send: "}}) {
    const test::LocalSocket server(SOCK_STREAM);
    server.listen();
    Patience patience;
    LiveFormat silent = format();
    silent.sound = false;
    LiveFile stream(
        std::make_unique<Muxer>("tcp://127.0.0.1:" + std::to_string(server.port()), "there", "flv", patience, false),
        silent, 0.0);
    for (int k = 0; k < 3; ++k) stream.picture(padded(), k / kFps);
    while (!server.turned_away(true)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    try {
      for (int k = 0; k < more; ++k) stream.picture(padded(), (3 + k) / kFps);
      stream.finish();
      FAIL() << "nobody is there any more";
    } catch (const Error& fault) {
      EXPECT_TRUE(std::string(fault.what()).starts_with(words)) << fault.what();
      EXPECT_NE(std::string(fault.what()).find("does the receiver still run?"), std::string::npos) << fault.what();
    }
  }
}

}  // namespace
}  // namespace ombra::media
