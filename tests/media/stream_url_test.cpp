// Addresses of streams: where they may lead, and what is secret in them, which neither the desk nor a log may show.

#include "media/share/stream_url.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "media/read/av_check.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

namespace ombra::media {
namespace {

TEST(StreamUrls, KeepTheirSecrets) {
  EXPECT_EQ(stream_url("rtmp://live.example.org/app/live_42_abcdef").shown, "rtmp://live.example.org/app/...");
  EXPECT_EQ(stream_url("RTMPS://live.example.org:443/app/key?x=y").shown, "rtmps://live.example.org:443/app/...");
  EXPECT_EQ(stream_url("srt://10.0.0.1:9000?streamid=abc&passphrase=0123456789").shown, "srt://10.0.0.1:9000?...");
  EXPECT_EQ(stream_url("rtmp://user:word@host/app/key").shown, "rtmp://host/app/...");
  EXPECT_EQ(stream_url("udp://239.0.0.1:1234").shown, "udp://239.0.0.1:1234");
  EXPECT_EQ(stream_url("udp://[ff02::1%25eth0]:1234").shown, "udp://[ff02::1%25eth0]:1234");
  EXPECT_EQ(stream_url("rtmp://host/key").shown, "rtmp://host/...");
  EXPECT_STREQ(stream_url("rtmps://host/app/key").muxer, "flv");
  EXPECT_STREQ(stream_url("srt://host:1").muxer, "mpegts");
}

// "SECRET" stands wherever people write a key or a password.
TEST(StreamUrls, NeverShowASecret) {
  for (const std::string text : {"rtmp://host/app/SECRET/",
                                 "rtmp://host/app/SECRET//",
                                 "rtmp://host/SECRET/",
                                 "rtmp://host//SECRET",
                                 "rtmp://host/app/instance/SECRET",
                                 "rtmp://host/app/SECRET/tail",
                                 "rtmp://host/app/key@SECRET",
                                 "rtmp://user:SECRET@host/app",
                                 "rtmp://us@er:SECRET@host/app",
                                 "rtmp://user:pa/SECRET@host/app/key",
                                 "rtmp://user:SECRET/word@host/app/key",
                                 "rtmp://user:12/SECRET@host/a/b",
                                 "rtmp://user:SECRET?x@host/app/key",
                                 "rtmp://user:SECRET#x@host/app/key",
                                 "rtmp://user:SECRET/app/key",
                                 "srt://host:1?passphrase=SECRET",
                                 "srt://host:1#SECRET",
                                 "srt://host:1/?streamid=#!::u=me,SECRET",
                                 "udp://host:1/SECRET?x=y",
                                 "tcp://host:1?SECRET",
                                 "rtmp://[::1/SECRET]:1/app/key",
                                 "rtmp://host:SECRET/app/key"}) {
    const StreamUrl url = stream_url(text);
    EXPECT_EQ(url.shown.find("SECRET"), std::string::npos) << text << " is shown as " << url.shown;
    EXPECT_TRUE(std::ranges::any_of(url.secrets, [](const std::string& each) {
      return each.find("SECRET") != std::string::npos;
    })) << text;
    EXPECT_EQ(std::ranges::count(url.secrets, ""), 0) << text;
  }
}

TEST(StreamUrls, KnowTheirSecretsInEveryForm) {
  const StreamUrl url =
      stream_url("srt://user:a:b%2Fc@host:1/app/key%20one/?streamid=x%3Dy+z&passphrase=gr\xc3\xbc\xc3\x9f");
  for (const std::string each : {"user:a:b%2Fc", "user", "a:b%2Fc", "a:b/c", "key%20one", "key one", "x%3Dy+z", "x=y z",
                                 "gr\xc3\xbc\xc3\x9f", "gr%C3%BC%C3%9F"}) {
    EXPECT_EQ(std::ranges::count(url.secrets, each), 1) << each;
  }
  EXPECT_EQ(url.shown, "srt://host:1/app/...");
  EXPECT_EQ(std::ranges::count(url.secrets, "app"), 0);
  EXPECT_NO_THROW(stream_url("rtmp://host/app/%"));
  EXPECT_NO_THROW(stream_url("rtmp://host/app/a%zz%4"));
}

TEST(StreamUrls, SayWhetherFFmpegWaitsForAReceiver) {
  for (const char* text : {"srt://:9000?mode=listener", "srt://host:1?x=y&mode=listener", "tcp://host:1?listen=1",
                           "tcp://host:1?listen", "tcp://host:1?listen=2"}) {
    EXPECT_TRUE(stream_url(text).listens) << text;
  }
  for (const char* text : {"srt://host:1?mode=caller", "srt://host:1?streamid=mode=listener", "tcp://host:1?listen=0",
                           "rtmp://host/app/key-listen=1", "rtmp://host/app/key?listen=1", "udp://host:1?listen=1"}) {
    EXPECT_FALSE(stream_url(text).listens) << text;
  }
  EXPECT_THROW(stream_url("rtmp://:1/app/mode=listener"), UsageError);
}

TEST(StreamUrls, LeadNowhereElse) {
  for (const char* text : {"", "file:/etc/passwd", "file:///tmp/x", "http://host/x", "pipe:1", "/tmp/x.ts", "host:1234",
                           "concat:udp://a", "udp://", "rtmp:///app/key", "udp://ho st:1", "udp://host:1\n", "udp://@",
                           "tee:udp://host:1", "crypto+udp://host:1"}) {
    EXPECT_THROW(stream_url(text), UsageError) << text;
  }
  for (const char* text :
       {"rtmp://user:word@/app/secret-key", "secret-key?x=rtmp://host/app", "secret-key rtmp://host"}) {
    try {
      stream_url(text);
      FAIL() << text;
    } catch (const UsageError& fault) {
      EXPECT_EQ(std::string(fault.what()).find("secret"), std::string::npos) << fault.what();
    }
  }
  EXPECT_THROW(stream_url("udp://" + std::string(2000, 'a')), UsageError);
}

// What FFmpeg says, as it comes into the log.
std::string logged(const std::string& message) {
  av_quiet();
  std::ostringstream out;
  const auto logger = log::default_logger();
  log::set_default_logger(std::make_shared<log::logger>("test", std::make_shared<log::sinks::ostream_sink_mt>(out)));
  log::set_level(log::level::debug);
  av_log(nullptr, AV_LOG_ERROR, "%s\n", message.c_str());
  log::set_default_logger(logger);
  return out.str();
}

TEST(MessagesOfFFmpeg, AreFreeOfSecrets) {
  EXPECT_NE(logged("opening rtmp://host/app/live_1 failed").find("live_1 failed"), std::string::npos);
  for (const std::string& secret : stream_url("rtmp://user:pass-word@host/app/live_1%2Fabc?auth=to-ken").secrets)
    av_hide(secret);
  const std::string all = logged("user, pass-word, live_1/abc and live_1%2Fabc?auth=to-ken were refused by host/app");
  EXPECT_NE(all.find("ffmpeg: ..., ..., ... and ...?... were refused by host/app"), std::string::npos) << all;
  av_hide("");
  av_hide("by");
  EXPECT_NE(logged("refused by host").find("refused by host"), std::string::npos) << "what is short stands everywhere";
}

TEST(MessagesOfFFmpeg, HideASecretThatStandsFarBehind) {
  av_hide("key-of-the-stream");
  for (std::size_t before = 480; before < 520; ++before) {
    const std::string line = logged(std::string(before, '-') + "key-of-the-stream is wrong");
    EXPECT_EQ(line.find("key"), std::string::npos) << before;
    EXPECT_NE(line.find("... is wrong"), std::string::npos) << before;
  }
  for (std::size_t before = 1980; before < 2010; ++before)  // where a line ends for good
    EXPECT_EQ(logged(std::string(before, '-') + "key-of-the-stream").find("ke"), std::string::npos) << before;
}

}  // namespace
}  // namespace ombra::media
