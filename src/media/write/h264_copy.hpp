#pragma once
// Pictures of an H.264 stream that show the one before them once more, made without an encoder: a P picture in which
// every macroblock is skipped, some tens of bytes. Decoders copy the picture before, bit for bit. The encoder does not
// know of them, so its later pictures are numbered anew. Thread: one owner.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ombra::media {

class H264Copier {
 public:
  // headers: SPS and PPS as an encoder gives them, each behind a start code. -> null where its streams are of another
  // kind than what is written here: CABAC, progressive, each a reference for the next one alone, shown in the order of
  // decoding.
  static std::unique_ptr<H264Copier> make(std::span<const std::uint8_t> headers);

  // packet: the encoder's next picture. -> the same with the number that it has after the copies so far, or nothing
  // where that is its own. Throws Error where it is damaged.
  std::optional<std::vector<std::uint8_t>> renumbered(std::span<const std::uint8_t> packet);
  // -> a copy of the picture before, behind a start code. After renumbered() of the picture before.
  std::vector<std::uint8_t> copy();

 private:
  H264Copier() = default;

  // of the headers
  unsigned pps_ = 0, number_bits_ = 4;
  int qp_ = 26;
  bool deblocking_told_ = false;
  std::vector<std::uint8_t> body_;  // all macroblocks of a copy
  // state
  unsigned number_ = 0;  // frame_num of the newest picture
  unsigned added_ = 0;   // copies since the last picture that needs no other
};

}  // namespace ombra::media
