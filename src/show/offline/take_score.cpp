#include "show/offline/take_score.hpp"

#include "core/error.hpp"
#include "show/offline/take_earlier.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ombra::show {
namespace {

constexpr std::string_view kMagic = "ombra take 3\n";
constexpr std::size_t kDigit = 11;  // its version
constexpr int kNow = 3, kLitBySound = 1;
static_assert(kMagic[kDigit] == '0' + kNow);
constexpr std::size_t kHead = 3;  // kind, length
constexpr std::size_t kPiece = 64 * 1024;

// a ^= b, as far as both go
void differ(std::string& a, std::string_view b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
}

// -> the version of a take that begins so, or 0 where it is none that is known
int version_of(std::string magic) {
  if (magic.size() != kMagic.size()) return 0;
  const int version = magic[kDigit] - '0';
  magic[kDigit] = kMagic[kDigit];
  return magic == kMagic && version >= 1 && version <= kNow ? version : 0;
}

Bytef* zbytes(const char* text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text)); }

}  // namespace

void ScorePacker::pack(RecordKind kind, std::string_view bytes, std::string& out) {
  std::string& before = before_[static_cast<std::size_t>(kind)];
  std::string difference(bytes.substr(0, 0xffff));
  differ(difference, before);
  out += static_cast<char>(kind);
  out += static_cast<char>(difference.size() & 0xff);
  out += static_cast<char>(difference.size() >> 8);
  out += difference;
  before = bytes;
}

struct ScoreWriter::Stream : z_stream {};

ScoreWriter::ScoreWriter(const std::filesystem::path& path)
    : file_(path.string()), out_(std::fopen(file_.c_str(), "wb")), stream_(std::make_unique<Stream>()) {
  if (!out_) throw error("{}: cannot be written: {}", file_, std::strerror(errno));
  if (deflateInit(stream_.get(), 6) != Z_OK) throw error("{}: no memory to compress", file_);
  bytes_ = static_cast<std::int64_t>(std::fwrite(kMagic.data(), 1, kMagic.size(), out_));
}

ScoreWriter::~ScoreWriter() {
  try {
    deflate({}, Z_FINISH);
  } catch (const Error&) {  // the disk is full: what is there can be read
  }
  deflateEnd(stream_.get());
  std::fclose(out_);
}

void ScoreWriter::write(std::string_view bytes) { deflate(bytes, Z_SYNC_FLUSH); }

void ScoreWriter::deflate(std::string_view bytes, int flush) {
  std::array<char, kPiece> piece;
  stream_->next_in = zbytes(bytes.data());
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    stream_->next_out = zbytes(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    ::deflate(stream_.get(), flush);
    const std::size_t n = piece.size() - stream_->avail_out;
    if (std::fwrite(piece.data(), 1, n, out_) != n)
      throw error("{}: cannot be written: {}", file_, std::strerror(errno));
    bytes_ += static_cast<std::int64_t>(n);
  } while (stream_->avail_out == 0);
  if (std::fflush(out_) != 0) throw error("{}: cannot be written: {}", file_, std::strerror(errno));
}

struct ScoreReader::Stream : z_stream {
  std::array<char, kPiece> piece;
};

ScoreReader::ScoreReader(const std::filesystem::path& path)
    : in_(std::fopen(path.c_str(), "rb")), stream_(std::make_unique<Stream>()) {
  if (!in_) throw error("{}: cannot be read: {}", path.string(), std::strerror(errno));
  std::string magic(kMagic.size(), '\0');
  magic.resize(std::fread(magic.data(), 1, magic.size(), in_));
  version_ = version_of(magic);
  if (version_ == kLitBySound) earlier_ = std::make_unique<EarlierFrames>();
  if (version_ == 0 || inflateInit(stream_.get()) != Z_OK) {
    std::fclose(in_);
    throw error(
        "{}: is not the score of a take, or one of another version\nhint: render it with the program that made it",
        path.string());
  }
}

ScoreReader::~ScoreReader() {
  inflateEnd(stream_.get());
  std::fclose(in_);
}

bool ScoreReader::fill(std::size_t wanted) {
  text_.erase(0, at_);
  at_ = 0;
  while (text_.size() < wanted && !over_) {
    if (stream_->avail_in == 0) {
      stream_->next_in = zbytes(stream_->piece.data());
      stream_->avail_in = static_cast<uInt>(std::fread(stream_->piece.data(), 1, kPiece, in_));
      if (stream_->avail_in == 0) break;
    }
    const std::size_t had = text_.size();
    text_.resize(had + kPiece);  // at most so much at a time, whatever the file claims to hold
    stream_->next_out = zbytes(text_.data() + had);
    stream_->avail_out = kPiece;
    over_ = ::inflate(stream_.get(), Z_NO_FLUSH) != Z_OK;
    text_.resize(had + kPiece - stream_->avail_out);
  }
  return text_.size() >= wanted;
}

bool ScoreReader::next(RecordKind& kind, std::string_view& bytes) {
  if (text_.size() - at_ < kHead && !fill(kHead)) return false;
  const auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(text_[at_ + i]); };
  const std::size_t number = byte(0), length = byte(1) | byte(2) << 8;
  if (number < 1 || number >= before_.size()) return false;
  if (text_.size() - at_ < kHead + length && !fill(kHead + length)) return false;
  std::string& before = before_[number];
  std::string record = text_.substr(at_ + kHead, length);
  differ(record, before);
  at_ += kHead + length;
  before = std::move(record);
  kind = static_cast<RecordKind>(number);
  bytes = before;
  if (earlier_ && kind == RecordKind::kFrame) bytes = as_now_ = earlier_->as_now(before);
  const bool asks = kind == RecordKind::kStep || kind == RecordKind::kUndrawn;
  if (version_ < kNow && asks) bytes = as_now_ = earlier_request_as_now(before);
  return true;
}

}  // namespace ombra::show
