#pragma once
// The records of a take in a file (score.bin): a line of text that names the format, then a zlib stream of records,
// each a kind, a length and bytes, which are the difference (exclusive or) to the record of that kind before. The
// stream is flushed with every write, so that a file that was never ended is good up to its last write. Thread: one
// owner each.

#include "show/offline/take_records.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ombra::show {

// Turns records into the bytes that are compressed.
class ScorePacker {
 public:
  // bytes: at most 65535; appended to out
  void pack(RecordKind kind, std::string_view bytes, std::string& out);

 private:
  std::array<std::string, 8> before_;  // by kind
};

class ScoreWriter {
 public:
  // Throws Error: not allowed, disk full.
  explicit ScoreWriter(const std::filesystem::path& path);
  ~ScoreWriter();  // ends the stream
  ScoreWriter(const ScoreWriter&) = delete;
  ScoreWriter& operator=(const ScoreWriter&) = delete;

  // What a ScorePacker made. In the file when it returns. Throws Error: disk full.
  void write(std::string_view bytes);
  std::int64_t bytes() const { return bytes_; }  // of the file

 private:
  void deflate(std::string_view bytes, int flush);

  const std::string file_;
  std::FILE* out_;
  std::int64_t bytes_ = 0;
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

class EarlierFrames;

// Records of takes of earlier versions come as they would be kept today.
class ScoreReader {
 public:
  // Throws Error: cannot be read, no score, of another version.
  explicit ScoreReader(const std::filesystem::path& path);
  ~ScoreReader();
  ScoreReader(const ScoreReader&) = delete;
  ScoreReader& operator=(const ScoreReader&) = delete;

  // -> false at the end, which is also where the file is cut off or damaged. bytes: valid until the next call
  bool next(RecordKind& kind, std::string_view& bytes);

 private:
  bool fill(std::size_t wanted);  // at least so many bytes in text_ from at_ on

  std::FILE* in_;
  std::string text_;  // inflated and not yet read
  std::size_t at_ = 0;
  bool over_ = false;
  std::array<std::string, 8> before_;
  int version_ = 0;
  std::unique_ptr<EarlierFrames> earlier_;  // of version 1 alone
  std::string as_now_;                      // the newest record of an earlier version
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace ombra::show
