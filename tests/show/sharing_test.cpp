// The whole show off-screen while others take its picture: ffmpeg a stream, a program on PipeWire a video source.

#include "core/error.hpp"
#include "gfx/framebuffer.hpp"
#include "media/pipewire_peers.hpp"
#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "media/stream_peers.hpp"
#include "media/write/audio_writer.hpp"
#include "pictures.hpp"
#include "show/headless_show.hpp"
#include "temp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::show {
namespace {

using State = media::OutletStatus::State;
using media::test::there_is;

constexpr int kWide = 640, kHigh = 360, kHz = 48000;
constexpr double kTone = 440.0;

class SharedShow : public test::FolderTest {
 protected:
  SharedShow() { options.sets = {"show/test_card=on"}; }

  void open() { session = std::make_unique<Session>(options); }
  // The show goes on until what is asked for has come, or 30 s are over.
  template <typename Come>
  bool until(const Come& come) {
    for (const double end_s = now_s() + 30.0; now_s() < end_s;) {
      if (come()) return true;
      EXPECT_TRUE(session->frame()) << "the show ended";
    }
    return come();
  }
  void play_tone(double seconds) {
    media::Sound tone;
    tone.rate_hz = kHz;
    for (int i = 0; i < static_cast<int>(seconds * kHz); ++i) {
      tone.samples.push_back(static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * kTone * i / kHz)));
    }
    media::write_audio(folder / "tone.wav", tone);
    options.play = folder / "tone.wav";
  }
  void set(BoolParam param, bool on) { session->params().set(param.index, on ? 1.0 : 0.0); }
  bool is_on(BoolParam param) const { return session->params().get(param); }

  SessionOptions options = headless_options(kWide, kHigh);
  std::unique_ptr<Session> session;
};

TEST_F(SharedShow, StreamsWhatIsSeenAndHeard) {
  if (!there_is("ffmpeg")) GTEST_SKIP() << "there is no ffmpeg to receive a stream";
  const std::string port = media::test::free_port(SOCK_DGRAM);
  media::test::Receiver receiver("srt://127.0.0.1:" + port + "?mode=listener", folder / "received.mkv");
  play_tone(60.0);
  options.sharing.stream = "srt://127.0.0.1:" + port;
  options.stream = true;
  open();
  ASSERT_TRUE(until([&] { return session->sharing().stream.status.pictures > 60 && receiver.bytes() > 50'000; }))
      << session->sharing().stream.status.message;
  const gfx::Image seen = gfx::read_pixels(0, kWide, kHigh);
  EXPECT_EQ(session->sharing().stream.status.state, State::kGiving);
  EXPECT_EQ(session->sharing().address, "srt://127.0.0.1:" + port);
  set(session->params().share_stream, false);
  ASSERT_TRUE(until([&] { return !session->sharing().stream.on; }));
  run_for(*session, 0.5);
  receiver.end(SIGINT);

  media::VideoReader reader(folder / "received.mkv");
  EXPECT_EQ(reader.info().width, kWide);
  EXPECT_EQ(reader.info().height, kHigh);
  std::vector<media::VideoFrame> frames;
  for (media::VideoFrame frame; reader.next(frame);) frames.push_back(frame);
  ASSERT_GT(frames.size(), 60u);
  EXPECT_LT(test::difference(frames.back().rgb, seen.pixels), 8.0);
  std::vector<std::uint8_t> upside_down;
  for (int y = kHigh; y-- > 0;) {
    const auto* row = seen.pixels.data() + static_cast<std::size_t>(y) * kWide * 3;
    upside_down.insert(upside_down.end(), row, row + kWide * 3);
  }
  EXPECT_GT(test::difference(frames.back().rgb, upside_down), 20.0) << "the comparison cannot fail";

  const media::Sound sound = media::read_audio(folder / "received.mkv", {.rate_hz = kHz, .channels = 1});
  ASSERT_GT(sound.samples.size(), static_cast<std::size_t>(2 * kHz));
  int crossings = 0;  // of zero, upwards, in the last full second
  for (std::size_t i = sound.samples.size() - kHz; i < sound.samples.size(); ++i) {
    crossings += sound.samples[i - 1] < 0.0f && sound.samples[i] >= 0.0f ? 1 : 0;
  }
  EXPECT_NEAR(crossings, kTone, 8.0);
}

TEST_F(SharedShow, IsASourceOnPipeWireAgainWhenItsDaemonComesBack) {
  for (const char* program : {"pipewire", "pw-link"}) {
    if (!there_is(program)) GTEST_SKIP() << "there is no " << program;
  }
  media::test::PipeWireDaemon daemon(folder);
  options.pipewire = true;
  open();
  const auto captured = [&](const media::test::Capture& capture, int frames) {
    double linked_s = 0.0;
    return until([&] {
      if (capture.frames() == 0 && now_s() - linked_s > 0.5) media::test::Capture::link(), linked_s = now_s();
      return capture.frames() >= frames;
    });
  };
  const auto check = [&](const media::test::Capture& capture) {
    EXPECT_EQ(capture.width(), kWide);
    EXPECT_EQ(capture.height(), kHigh);
    const gfx::Image seen = gfx::read_pixels(0, kWide, kHigh);
    const auto* at = seen.pixels.data() + (static_cast<std::size_t>(kHigh / 2) * kWide + kWide / 2) * 3;
    EXPECT_EQ(capture.middle(), static_cast<std::uint32_t>(at[0] << 16 | at[1] << 8 | at[2]));
    EXPECT_EQ(capture.corner(), 0xffffffu) << "of the test card";
  };
  {
    const media::test::Capture capture;
    ASSERT_TRUE(captured(capture, 20)) << session->sharing().pipewire.status.message;
    check(capture);
  }
  daemon.end();
  ASSERT_TRUE(until([&] { return session->sharing().pipewire.status.state == State::kWaiting; }));
  daemon.start();
  ASSERT_TRUE(until([&] { return session->sharing().pipewire.status.state == State::kReady; }))
      << session->sharing().pipewire.status.message;
  {
    const media::test::Capture capture;
    ASSERT_TRUE(captured(capture, 20)) << session->sharing().pipewire.status.message;
    check(capture);
  }
  set(session->params().share_pipewire, false);
  EXPECT_TRUE(until([&] { return !session->sharing().pipewire.on; }));
}

TEST_F(SharedShow, GoesOnInAnotherSizeWhenItIsAskedFor) {
  if (!there_is("ffmpeg")) GTEST_SKIP() << "there is no ffmpeg to receive a stream";
  const std::string url = "tcp://127.0.0.1:" + media::test::free_port(SOCK_STREAM);
  auto first = std::make_unique<media::test::Receiver>(url + "?listen=1", folder / "first.mkv");
  options.sharing.stream = url;
  options.stream = true;
  options.sets.push_back("share/kbps=800");
  open();
  ASSERT_TRUE(until([&] { return session->sharing().stream.status.pictures > 10; }));
  EXPECT_EQ(session->sharing().height, kHigh);
  session->params().set_text("share/height", "540");
  ASSERT_TRUE(until([&] { return session->sharing().height == 540; }));
  first->end(SIGINT);
  first.reset();
  media::test::Receiver second(url + "?listen=1", folder / "second.mkv");
  ASSERT_TRUE(until([&] { return session->sharing().stream.status.pictures > 30 && second.bytes() > 20'000; }))
      << session->sharing().stream.status.message << session->sharing().stream.status.pictures << " sent, "
      << second.bytes() << " bytes received";
  set(session->params().share_stream, false);
  run_for(*session, 0.5);
  second.end(SIGINT);
  EXPECT_EQ(media::VideoReader(folder / "second.mkv").info().height, 540);
}

TEST_F(SharedShow, WithoutAnAddressStreamsNothing) {
  open();
  set(session->params().share_stream, true);
  EXPECT_TRUE(until([&] { return !is_on(session->params().share_stream); }));
  EXPECT_FALSE(session->sharing().stream.on);
}

TEST_F(SharedShow, TakesNoFileForAnAddress) {
  options.sharing.stream = "file:" + (folder / "x.ts").string();
  options.stream = true;
  EXPECT_THROW(open(), UsageError);
  EXPECT_FALSE(std::filesystem::exists(folder / "x.ts"));
}

TEST_F(SharedShow, TellsWhatDoesNotWorkAndGoesOn) {
  options.sharing.stream = "rtmp://127.0.0.1:" + media::test::free_port(SOCK_STREAM) + "/live/secret-key";
  options.sharing.camera = "/dev/null";
  ::setenv("PIPEWIRE_RUNTIME_DIR", folder.c_str(), 1);  // nobody is there
  options.stream = options.camera = options.pipewire = true;
  open();
  const auto all_wait = [&] {
    const SharingView v = session->sharing();
    return v.stream.status.state == State::kWaiting && v.pipewire.status.state == State::kWaiting &&
           v.camera.status.state == State::kWaiting;
  };
  ASSERT_TRUE(until(all_wait));
  EXPECT_EQ(session->sharing().stream.status.message.find("secret"), std::string::npos);
  const std::uint64_t before = session->report().frames;
  run_for(*session, 0.5);
  EXPECT_GT(session->report().frames, before + 5);
}

}  // namespace
}  // namespace ombra::show
