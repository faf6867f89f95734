#include "show/desk/message_board.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ombra::show {
namespace {

constexpr auto kNote = Message::Kind::kNote, kWarning = Message::Kind::kWarning;

std::vector<std::string> texts(const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const Message& m : messages) out.push_back(m.text);
  return out;
}
using Texts = std::vector<std::string>;

TEST(MessageBoard, WarningsGoBeforeNotesAndWhatIsNewBeforeBoth) {
  MessageBoard board;
  const std::vector<Message> standing = {{"loading", kNote}, {"no sound", kWarning}, {"", kWarning}};
  EXPECT_EQ(texts(board.list(standing, 0.0)), (Texts{"no sound", "loading"}));
  board.post({"saved", kNote}, 10.0, 15.0);
  EXPECT_EQ(texts(board.list(standing, 10.5)), (Texts{"saved", "no sound", "loading"}));
  EXPECT_EQ(texts(board.list(standing, 14.5)), (Texts{"no sound", "saved", "loading"})) << "it is not new any more";
  EXPECT_EQ(texts(board.list(standing, 26.0)), (Texts{"no sound", "loading"})) << "its time is over";
}

TEST(MessageBoard, TheNewestOfAKindComesFirst) {
  MessageBoard board;
  board.list({{"a", kWarning}}, 0.0);
  board.list({{"a", kWarning}, {"b", kWarning}}, 1.0);
  EXPECT_EQ(texts(board.list({{"a", kWarning}, {"b", kWarning}}, 60.0)), (Texts{"b", "a"}));
}

TEST(MessageBoard, ATextStandsOnceAndThePostedOnesHaveAnEnd) {
  MessageBoard board;
  for (int i = 0; i < 100; ++i) board.post({fmt::format("x{}", i), kWarning}, i * 0.01, 15.0);
  board.post({"x99", kWarning}, 2.0, 15.0);
  board.post({"", kWarning}, 2.0, 15.0);
  const auto all = texts(board.list({{"x98", kWarning}}, 2.0));
  EXPECT_EQ(all.size(), MessageBoard::kMax);
  EXPECT_EQ(all.front(), "x99");
  EXPECT_EQ(texts(board.list({}, 16.5)), (Texts{"x99"})) << "posted again it stays longer";
}

}  // namespace
}  // namespace ombra::show
