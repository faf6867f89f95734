// FFmpeg is not built for the thread sanitizer, which therefore does not see how its own threads wait for each other.

extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libavcodec.so\nrace:libavformat.so\nrace:libavutil.so\nrace:libswscale.so\nrace:libx264.so\n";
}
