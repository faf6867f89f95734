#include "media/write/h264_copy.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>

// Clauses and names as in ITU-T H.264.
namespace ombra::media {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr unsigned kNotIdr = 1, kIdr = 5, kSps = 7, kPps = 8;
// With these the context of the skip flag begins as certain of a skipped macroblock as it can: in the first of the
// states below, (29 * 51 >> 4) + 16 - 64 = 44.
constexpr int kQp = 51;
constexpr unsigned kInitIdc = 2;
// rangeTabLPS of the states 44 to 62
constexpr std::array<std::array<unsigned, 4>, 19> kLps = {{
    {14, 18, 21, 24}, {14, 17, 20, 23}, {13, 16, 19, 22}, {12, 15, 18, 21}, {12, 14, 17, 20},
    {11, 14, 16, 19}, {11, 13, 15, 18}, {10, 12, 15, 17}, {10, 12, 14, 16}, {9, 11, 13, 15},
    {9, 11, 12, 14},  {8, 10, 12, 14},  {8, 9, 11, 13},   {7, 9, 11, 12},   {7, 9, 10, 12},
    {7, 8, 10, 11},   {6, 8, 9, 11},    {6, 7, 9, 10},    {6, 7, 8, 9},
}};

class BitReader {
 public:
  explicit BitReader(const Bytes& bytes) : bytes_(bytes) {}

  unsigned bits(unsigned count) {
    unsigned value = 0;
    for (; count > 0; --count, ++at_) {
      if (at_ / 8 >= bytes_.size()) throw error("a header of H.264 ends early");
      value = value << 1 | (bytes_[at_ / 8] >> (7 - at_ % 8) & 1u);
    }
    return value;
  }
  unsigned ue() {
    unsigned zeros = 0;
    while (bits(1) == 0) {
      if (++zeros > 31) throw error("a header of H.264 is damaged");
    }
    return (1u << zeros) - 1 + bits(zeros);
  }
  std::size_t at() const { return at_; }

 private:
  const Bytes& bytes_;
  std::size_t at_ = 0;
};

class BitWriter {
 public:
  explicit BitWriter(Bytes& bytes) : bytes_(bytes) {}

  void bits(unsigned value, unsigned count) {
    for (; count > 0; --count, used_ = (used_ + 1) % 8) {
      if (used_ == 0) bytes_.push_back(0);
      bytes_.back() |= static_cast<std::uint8_t>((value >> (count - 1) & 1u) << (7 - used_));
    }
  }
  void ue(unsigned value) {
    unsigned length = 0;
    while ((value + 1) >> (length + 1) != 0) ++length;
    bits(0, length);
    bits(value + 1, length + 1);
  }
  void se(int value) { ue(static_cast<unsigned>(value > 0 ? 2 * value - 1 : -2 * value)); }
  // Ones up to a whole byte.
  void align() {
    while (used_ != 0) bits(1, 1);
  }

 private:
  Bytes& bytes_;
  unsigned used_ = 0;  // bits of the last byte
};

// -> the units between start codes, without these
std::vector<std::span<const std::uint8_t>> units_of(std::span<const std::uint8_t> stream) {
  std::vector<std::span<const std::uint8_t>> units;
  std::size_t begin = 0;
  bool open = false;
  const auto close = [&](std::size_t end) {
    while (end > begin && stream[end - 1] == 0) --end;
    if (open && end > begin) units.push_back(stream.subspan(begin, end - begin));
  };
  for (std::size_t i = 0; i + 2 < stream.size(); ++i) {
    if (stream[i] != 0 || stream[i + 1] != 0 || stream[i + 2] != 1) continue;
    close(i);
    begin = i + 3;
    open = true;
    i += 2;
  }
  close(stream.size());
  return units;
}

// Without and with the bytes that keep start codes out of a unit.
Bytes unescaped(std::span<const std::uint8_t> unit) {
  Bytes plain;
  plain.reserve(unit.size());
  int zeros = 0;
  for (const std::uint8_t byte : unit) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    plain.push_back(byte);
  }
  return plain;
}

void append(Bytes& stream, std::span<const std::uint8_t> plain) {
  stream.insert(stream.end(), {0, 0, 0, 1});
  int zeros = 0;
  for (const std::uint8_t byte : plain) {
    if (zeros >= 2 && byte <= 3) {
      stream.push_back(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    stream.push_back(byte);
  }
  if (zeros > 0) stream.push_back(3);
}

unsigned kind_of(std::span<const std::uint8_t> unit) { return unit[0] & 31u; }

struct Sps {
  unsigned id = 0, number_bits = 0, macroblocks = 0;
  bool fits = false;
};

// 7.3.2.1.1, up to what is needed.
Sps read_sps(const Bytes& plain) {
  BitReader in(plain);
  Sps sps;
  in.bits(8);
  const unsigned profile = in.bits(8);
  in.bits(16);
  sps.id = in.ue();
  const bool high = profile == 100 || profile == 110 || profile == 122;
  if (!high && profile != 66 && profile != 77) return sps;
  if (high) {
    const bool usual_colours = in.ue() == 1;
    in.ue(), in.ue();
    in.bits(1);
    if (!usual_colours || in.bits(1) == 1) return sps;  // with scaling lists
  }
  sps.number_bits = in.ue() + 4;
  const bool as_decoded = in.ue() == 2;
  const bool one_reference = in.ue() == 1, gaps = in.bits(1) == 1;
  const unsigned width = in.ue() + 1, height = in.ue() + 1;
  sps.macroblocks = width * height;
  const bool progressive = in.bits(1) == 1;
  sps.fits = as_decoded && one_reference && progressive && !gaps;
  return sps;
}

struct Pps {
  unsigned id = 0, sps = 0;
  int qp = 0;
  bool fits = false, deblocking_told = false;
};

// 7.3.2.2, likewise.
Pps read_pps(const Bytes& plain) {
  BitReader in(plain);
  Pps pps;
  in.bits(8);
  pps.id = in.ue();
  pps.sps = in.ue();
  const bool cabac = in.bits(1) == 1, more = in.bits(1) == 1, groups = in.ue() > 0;
  if (!cabac || more || groups) return pps;
  in.ue(), in.ue();
  const bool weighted = in.bits(1) == 1;
  in.bits(2);
  const unsigned qp = in.ue();
  pps.qp = 26 + (qp % 2 == 1 ? static_cast<int>(qp / 2) + 1 : -static_cast<int>(qp / 2));
  in.ue(), in.ue();
  pps.deblocking_told = in.bits(1) == 1;
  const bool constrained = in.bits(1) == 1, redundant = in.bits(1) == 1;
  pps.fits = !weighted && !constrained && !redundant;
  return pps;
}

// 9.3.4: arithmetic coding.
class Cabac {
 public:
  explicit Cabac(BitWriter& out) : out_(out) {}

  void likely(unsigned lps) {
    range_ -= lps;
    settle();
  }
  void end(bool now) {
    range_ -= 2;
    if (!now) return settle();
    low_ += range_;
    range_ = 2;
    settle();
    put(low_ >> 9 & 1u);
    out_.bits((low_ >> 7 & 3u) | 1u, 2);  // the last bit is also the one that ends a unit
  }
  unsigned range() const { return range_; }

 private:
  void settle() {
    for (; range_ < 256; range_ <<= 1, low_ <<= 1) {
      if (low_ < 256) {
        put(0);
      } else if (low_ >= 512) {
        low_ -= 512;
        put(1);
      } else {
        low_ -= 256;
        ++outstanding_;
      }
    }
  }
  void put(unsigned bit) {
    if (!first_) out_.bits(bit, 1);
    first_ = false;
    for (; outstanding_ > 0; --outstanding_) out_.bits(1 - bit, 1);
  }

  BitWriter& out_;
  unsigned low_ = 0, range_ = 510, outstanding_ = 0;
  bool first_ = true;
};

// All macroblocks of a picture, skipped.
Bytes skipped(unsigned macroblocks) {
  Bytes body;
  BitWriter out(body);
  Cabac cabac(out);
  std::size_t state = 0;
  for (unsigned i = 0; i < macroblocks; ++i) {
    cabac.likely(kLps[state][cabac.range() >> 6 & 3u]);
    state = std::min(state + 1, kLps.size() - 1);
    cabac.end(i + 1 == macroblocks);
  }
  return body;
}

}  // namespace

std::unique_ptr<H264Copier> H264Copier::make(std::span<const std::uint8_t> headers) {
  Sps sps;
  Pps pps;
  int found = 0;
  for (const auto unit : units_of(headers)) {
    if (kind_of(unit) == kSps) sps = read_sps(unescaped(unit)), ++found;
    if (kind_of(unit) == kPps) pps = read_pps(unescaped(unit)), ++found;
  }
  if (found != 2 || !sps.fits || !pps.fits || pps.sps != sps.id) return nullptr;
  std::unique_ptr<H264Copier> copier(new H264Copier);
  copier->pps_ = pps.id;
  copier->qp_ = pps.qp;
  copier->number_bits_ = sps.number_bits;
  copier->deblocking_told_ = pps.deblocking_told;
  copier->body_ = skipped(sps.macroblocks);
  return copier;
}

std::optional<std::vector<std::uint8_t>> H264Copier::renumbered(std::span<const std::uint8_t> packet) {
  constexpr std::size_t kHeader = 32;  // bytes in which a picture's number stands
  const unsigned mask = (1u << number_bits_) - 1;
  Bytes stream;
  for (const auto unit : units_of(packet)) {
    const unsigned kind = kind_of(unit);
    if (kind == kIdr) added_ = 0;
    if (kind != kIdr && kind != kNotIdr) {
      if (added_ > 0) append(stream, unescaped(unit));
      continue;
    }
    Bytes plain = unescaped(added_ > 0 ? unit : unit.first(std::min(unit.size(), kHeader)));
    BitReader in(plain);
    in.bits(8);
    in.ue(), in.ue(), in.ue();
    const std::size_t at = in.at();
    number_ = (in.bits(number_bits_) + added_) & mask;
    if (added_ == 0) continue;
    for (unsigned i = 0; i < number_bits_; ++i) {
      const std::size_t bit = at + i;
      const auto one = static_cast<std::uint8_t>(0x80u >> bit % 8);
      const bool set = (number_ >> (number_bits_ - 1 - i) & 1u) != 0;
      plain[bit / 8] = static_cast<std::uint8_t>(set ? plain[bit / 8] | one : plain[bit / 8] & ~one);
    }
    append(stream, plain);
  }
  if (added_ == 0) return std::nullopt;
  return stream;
}

// 7.3.3: the header of a slice, and its data.
std::vector<std::uint8_t> H264Copier::copy() {
  ++added_;
  number_ = (number_ + 1) & ((1u << number_bits_) - 1);
  Bytes plain;
  BitWriter out(plain);
  out.bits(2u << 5 | kNotIdr, 8);  // a reference
  out.ue(0);                       // from the first macroblock on
  out.ue(5);                       // P, as all slices of the picture
  out.ue(pps_);
  out.bits(number_, number_bits_);
  out.bits(1, 1);  // one picture to refer to
  out.ue(0);
  out.bits(0, 1);  // in the usual order
  out.bits(0, 1);  // which slides on
  out.ue(kInitIdc);
  out.se(kQp - qp_);
  if (deblocking_told_) out.ue(1);  // none
  out.align();
  plain.insert(plain.end(), body_.begin(), body_.end());
  Bytes stream;
  append(stream, plain);
  return stream;
}

}  // namespace ombra::media
