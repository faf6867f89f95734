// Which command has which keys: the defaults, what the session file says instead, and how both are written.
#include "show/desk/keys.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ombra::show {
namespace {

using Bound = std::vector<std::vector<Key>>;  // to each of commands()

constexpr std::size_t kMaxRemarks = 20;
constexpr std::string_view kOr = " or ";

// What a row asks for, once it is understood.
struct Request {
  const KeyRow* row;
  std::size_t command;
  std::vector<Key> keys;
};

std::string join(const std::vector<Key>& keys) {
  std::string text;
  for (const Key& key : keys) text += std::string(text.empty() ? "" : kOr) + key_text(key);
  return text.empty() ? "no key" : text;
}

const Bound& defaults() {
  static const Bound all = [] {
    Bound bound;
    for (const Command& command : commands()) {
      std::vector<Key>& keys = bound.emplace_back();
      for (std::string_view rest = command.keys; !rest.empty();) {
        const std::size_t end = std::min(rest.find(kOr), rest.size());
        if (const auto key = parse_key(rest.substr(0, end))) keys.push_back(*key);
        rest.remove_prefix(std::min(end + kOr.size(), rest.size()));
      }
    }
    return bound;
  }();
  return all;
}

std::string shown(std::string_view word) { return printable(word.substr(0, KeyRow::kMaxBytes)); }

// -> nothing where it is left out; why: then, in words
std::optional<Request> understand(const KeyRow& row, std::string& why) {
  const auto named = std::ranges::find(commands(), row.command, &Command::name);
  if (named == commands().end()) {
    why = fmt::format("no command is called {}, left out; `ombra perform --list-keys` names them", shown(row.command));
    return {};
  }
  Request request{&row, static_cast<std::size_t>(named - commands().begin()), {}};
  const std::string stays = fmt::format("{} stays on {}", row.command, join(defaults()[request.command]));
  for (const std::string& word : row.keys) {
    const auto key = parse_key(word);
    if (!key) {
      why = fmt::format("no key is called {}, {}; `ombra perform --list-keys` shows how they are written", shown(word),
                        stays);
      return {};
    }
    if (std::ranges::find(request.keys, *key) == request.keys.end()) request.keys.push_back(*key);
  }
  if (request.keys.empty() && named->needs_key) {
    why = fmt::format("{} cannot be without a key, {}", row.command, stays);
    return {};
  }
  return request;
}

Bound bound_by(const std::vector<Request>& requests) {
  Bound bound = defaults();
  for (const Request& request : requests) bound[request.command] = request.keys;
  return bound;
}

// -> the place of a request for a key that another command has: by default, else by an earlier request. why: in words
std::optional<std::size_t> giving_way(const std::vector<Request>& requests, std::string& why) {
  const Bound bound = bound_by(requests);
  const auto asked = [&](std::size_t command) {
    return std::ranges::find(requests, command, &Request::command) != requests.end();
  };
  for (const bool by_default : {true, false}) {
    for (std::size_t back = requests.size(); back > 0; --back) {
      const Request& request = requests[back - 1];
      for (const Key& key : request.keys) {
        for (std::size_t other = 0; other < bound.size(); ++other) {
          if (other == request.command || asked(other) == by_default) continue;
          if (std::ranges::find(bound[other], key) == bound[other].end()) continue;
          why = fmt::format("{} belongs to {}, {} stays on {}", key_text(key), commands()[other].name,
                            request.row->command, join(defaults()[request.command]));
          return back - 1;
        }
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> Keys::bind(std::span<const KeyRow> rows, const std::string& file) {
  std::vector<std::string> remarks;
  const auto remark = [&](const KeyRow& row, const std::string& why) {
    if (remarks.size() < kMaxRemarks) remarks.push_back(fmt::format("{}:{}: {}", file, row.line, why));
  };
  std::vector<Request> requests;
  std::string why;
  for (const KeyRow& row : rows) {
    if (auto request = understand(row, why)) {
      // of two rows for one command, which a file cannot have, the later
      std::erase_if(requests, [&](const Request& other) { return other.command == request->command; });
      requests.push_back(std::move(*request));
    } else {
      remark(row, why);
    }
  }
  std::ranges::stable_sort(requests, {}, [](const Request& request) { return request.row->line; });
  // What gives way has its default, which another row may have taken: that one gives way, too. Defaults share no key.
  while (const auto out = giving_way(requests, why)) {
    remark(*requests[*out].row, why);
    requests.erase(requests.begin() + static_cast<std::ptrdiff_t>(*out));
  }
  bound_ = bound_by(requests);
  return remarks;
}

std::string Keys::text(std::string_view command) const {
  const auto named = std::ranges::find(commands(), command, &Command::name);
  return named == commands().end() ? "no key" : join(bound_[static_cast<std::size_t>(named - commands().begin())]);
}

std::string Keys::first(std::string_view command) const {
  const auto named = std::ranges::find(commands(), command, &Command::name);
  if (named == commands().end()) return "";
  const auto& keys = bound_[static_cast<std::size_t>(named - commands().begin())];
  return keys.empty() ? "" : key_text(keys.front());
}

std::string Keys::text_for(std::string_view path) const {
  std::string text;
  for (const KeyLine& line : lines()) {
    if (path.empty() || line.path != path) continue;
    for (const std::string& key : line.keys) text += (text.empty() ? "" : ", ") + key;
  }
  return text;
}

std::vector<KeyLine> Keys::lines() const {
  std::vector<KeyLine> lines;
  std::vector<Key> keys;  // of the line that grows
  std::string_view last;  // its last command
  std::size_t count = 0;  // its commands
  const auto finish = [&] {
    if (lines.empty()) return;
    KeyLine& line = lines.back();
    if (count > 1) line.command += fmt::format("{}{}", count > 2 ? " to " : ", ", last);
    bool run = keys.size() > 2;
    for (std::size_t i = 1; i < keys.size(); ++i) run &= keys[i] == Key{keys[i - 1].code + 1, keys[i - 1].modifiers};
    for (const Key& key : keys) line.keys.push_back(key_text(key));
    if (run) line.keys = {line.keys.front() + " to " + line.keys.back()};
    keys.clear();
  };
  for (std::size_t i = 0; i < bound_.size(); ++i) {
    const Command& command = commands()[i];
    if (lines.empty() || lines.back().help != command.help) {
      finish();
      count = 0;
      lines.push_back({.group = kKeyGroups[static_cast<std::size_t>(command.group)],
                       .command = std::string(command.name),
                       .first = command.name,
                       .help = command.help,
                       .path = command.path});
    }
    keys.insert(keys.end(), bound_[i].begin(), bound_[i].end());
    last = command.name, ++count;
  }
  finish();
  return lines;
}

std::string key_page(const Keys& keys) {
  std::string page = "| | key | does | parameter | command |\n|---|---|---|---|---|\n";
  std::string_view group;
  const auto code = [](std::string_view text) {  // a ` or a | would end it
    std::string inner(text);
    if (const std::size_t bar = inner.find('|'); bar != inner.npos) inner.insert(bar, "\\");
    return inner.find('`') == inner.npos ? "`" + inner + "`" : "`` " + inner + " ``";
  };
  for (const KeyLine& line : keys.lines()) {
    std::string all;
    for (const std::string& key : line.keys) all += (all.empty() ? "" : ", ") + code(key);
    page +=
        fmt::format("| {} | {} | {} | {} | {} |\n", line.group == group ? "" : line.group, all.empty() ? "none" : all,
                    line.help, line.path.empty() ? "" : code(line.path), code(line.command));
    group = line.group;
  }
  return page;
}

}  // namespace ombra::show
