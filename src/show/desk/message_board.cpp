#include "show/desk/message_board.hpp"

#include <algorithm>
#include <tuple>

namespace ombra::show {

void MessageBoard::post(Message message, double now_s, double seconds) {
  if (message.text.empty()) return;
  std::erase_if(posted_, [&](const Posted& p) { return p.message.text == message.text; });
  if (posted_.size() >= kMax) posted_.erase(posted_.begin());
  since_s_[message.text] = now_s;
  posted_.push_back({std::move(message), now_s + seconds});
}

std::vector<Message> MessageBoard::list(std::vector<Message> all, double now_s) {
  std::erase_if(posted_, [now_s](const Posted& p) { return p.until_s < now_s; });
  for (const Posted& p : posted_) all.push_back(p.message);
  std::map<std::string, double> since_s;
  std::erase_if(all, [&](const Message& m) {
    if (m.text.empty() || since_s.contains(m.text)) return true;
    const auto was = since_s_.find(m.text);
    since_s[m.text] = was == since_s_.end() ? now_s : was->second;
    return false;
  });
  since_s_ = std::move(since_s);
  const auto place = [&](const Message& m) {
    const double s = since_s_.at(m.text);
    return std::tuple(now_s - s >= kNewS, m.kind != Message::Kind::kWarning, -s);
  };
  std::ranges::stable_sort(all, {}, place);
  return all;
}

}  // namespace ombra::show
