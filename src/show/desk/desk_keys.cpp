// The list of keys over the desk (F1): groups in as many columns as fit the window best, each key as a small cap.
#include "show/desk/desk_widgets.hpp"

#include "show/keys/mapping_keys.hpp"
#include "show/live/mapping_editor.hpp"
#include "show/params/presets.hpp"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace ombra::show {
namespace {

// all in heights of its text
constexpr float kRow = 1.5f, kCap = 1.25f, kCapPad = 0.35f, kCapGap = 0.25f, kGap = 0.7f, kColumnGap = 1.6f;
constexpr float kEdge = 1.2f;

struct Block {
  std::string title;
  std::vector<KeyLine> lines;
  float keys = 0.0f, words = 0.0f;  // their widths
  float height() const { return (static_cast<float>(lines.size()) + 1.7f) * kRow; }
};

// Consecutive blocks; its keys and its words each have a width of their own.
struct Column {
  std::vector<const Block*> blocks;
  float keys = 0.0f, words = 0.0f, height = 0.0f;
  float width() const { return keys + kGap + words; }
};

struct Sheet {
  ImDrawList* list;
  const ImFont* font;
  float size;  // of text, pixels

  float width(std::string_view text) const {  // text heights
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0.0f, text.data(), text.data() + text.size()).x /
           font->FontSize;
  }
  float caps(const std::vector<std::string>& keys) const {
    float sum = 0.0f;
    for (const std::string& key : keys) sum += std::max(kCap, width(key) + 2.0f * kCapPad) + kCapGap;
    return sum;
  }
  void words(float x, float y, std::string_view text, const ImVec4& colour) const {  // pixels
    list->AddText(font, size, {x, y}, theme::ink(colour), text.data(), text.data() + text.size());
  }
  void draw_caps(float x, float y, const std::vector<std::string>& keys) const {
    for (const std::string& key : keys) {
      const float inner = width(key), outer = std::max(kCap, inner + 2.0f * kCapPad);
      const float low = y - 0.5f * (kCap - 1.0f) * size;
      list->AddRectFilled({x, low}, {x + outer * size, low + kCap * size}, theme::ink(theme::kWell), 0.25f * size);
      list->AddRect({x, low}, {x + outer * size, low + kCap * size}, theme::ink(theme::kDim, 0.5f), 0.25f * size);
      words(x + 0.5f * (outer - inner) * size, y, key, theme::kWarm);
      x += (outer + kCapGap) * size;
    }
  }
};

std::vector<Block> blocks_of(const DeskContext& desk, const Sheet& sheet) {
  std::vector<Block> blocks;
  std::vector<KeyLine> lines = desk.keys.lines();
  if (desk.view.mapping && desk.view.mapping->editing() && !desk.view.calibration.on)
    std::ranges::move(mapping_lines(desk.keys), std::back_inserter(lines));
  for (KeyLine& line : lines) {
    if (blocks.empty() || blocks.back().title != line.group)
      blocks.push_back({std::string(line.group), {}, 0.0f, 0.0f});
    blocks.back().lines.push_back(std::move(line));
  }
  if (desk.view.calibration.on) {
    blocks.push_back({"Calibration", {}, 0.0f, 0.0f});
    for (const auto& [key, words] : {std::pair{"Up", "the picture 1 ms earlier, with Shift 5 ms"},
                                     {"Down", "as much later"},
                                     {"0", "no offset"},
                                     {"Esc", "done"}})
      blocks.back().lines.push_back({.keys = {key}, .help = words});
  }
  for (Block& block : blocks) {
    for (const KeyLine& line : block.lines) {
      block.keys = std::max(block.keys, sheet.caps(line.keys));
      block.words = std::max(block.words, sheet.width(line.help));
    }
  }
  return blocks;
}

// The columns that a set of cuts makes, one bit behind each block but the last.
std::vector<Column> columns_of(const std::vector<Block>& blocks, unsigned cuts) {
  std::vector<Column> columns(1);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i > 0 && (cuts >> (i - 1) & 1u) != 0) columns.emplace_back();
    Column& column = columns.back();
    column.blocks.push_back(&blocks[i]);
    column.height += blocks[i].height();
    column.keys = std::max(column.keys, blocks[i].keys);
    column.words = std::max(column.words, blocks[i].words);
  }
  return columns;
}

ImVec2 size_of(const std::vector<Column>& columns) {
  ImVec2 size{2.0f * kEdge - kColumnGap, 0.0f};
  for (const Column& column : columns) {
    size.x += column.width() + kColumnGap;
    size.y = std::max(size.y, column.height);
  }
  size.y += 2.0f * kEdge + 2.0f * kRow;  // and two lines under them
  return size;
}

// "keys/blackout", for Desk::place_of
std::string_view place_name(std::string_view command) {
  static const std::map<std::string_view, std::string> names = [] {
    std::map<std::string_view, std::string> all;
    for (const Command& each : commands()) all.emplace(each.name, fmt::format("keys/{}", each.name));
    for (const KeyLine& each : mapping_lines({})) all.emplace(each.first, fmt::format("keys/{}", each.first));
    return all;
  }();
  const auto found = names.find(command);
  return found == names.end() ? std::string_view() : found->second;
}

void draw_column(DeskContext& desk, const Sheet& sheet, const Column& column, float x, float y) {
  for (const Block* block : column.blocks) {
    sheet.words(x, y, block->title, theme::kCool);
    y += kRow * sheet.size;
    for (const KeyLine& line : block->lines) {
      sheet.draw_caps(x, y, line.keys);
      if (line.keys.empty()) sheet.words(x, y, "none", theme::kDim);
      sheet.words(x + (column.keys + kGap) * sheet.size, y, line.help, theme::kText);
      if (const std::string_view name = place_name(line.first); !name.empty())
        desk.memory.places.push_back({name, x, y, x + column.width() * sheet.size, y + sheet.size});
      y += kRow * sheet.size;
    }
    y += 0.7f * kRow * sheet.size;
  }
}

void draw_sheet(DeskContext& desk, float width, float height) {
  Sheet sheet{ImGui::GetWindowDrawList(), desk.fonts.text, 0.0f};
  const std::vector<Block> blocks = blocks_of(desk, sheet);
  const std::string file = session_path().string();
  const std::string lines[] = {
      "Keys do what is printed on them; other scripts and signs go by the place on an American keyboard.",
      fmt::format("{}Esc or a click closes this. Bind keys anew in [keys] of {}.",
                  desk.keys.first("help").empty() ? "" : desk.keys.first("help") + ", ",
                  file.empty() ? "the session" : file)};
  const float words = std::max(sheet.width(lines[0]), sheet.width(lines[1])) + 2.0f * kEdge;
  float best = 0.0f;
  std::vector<Column> columns;
  for (unsigned cuts = 0; cuts < 1u << (blocks.size() - 1); ++cuts) {
    std::vector<Column> tried = columns_of(blocks, cuts);
    const ImVec2 size = size_of(tried);
    const float fits = std::min(width / std::max(size.x, words), height / size.y);
    if (fits > best) best = fits, columns = std::move(tried);
  }
  sheet.size = std::min(desk.fonts.height, 0.96f * best);
  const ImVec2 size = size_of(columns), whole{std::max(size.x, words) * sheet.size, size.y * sheet.size};
  const ImVec2 low{std::round(0.5f * (width - whole.x)), std::round(0.5f * (height - whole.y))};
  const ImVec2 high{low.x + whole.x, low.y + whole.y};
  sheet.list->AddRectFilled(low, high, theme::ink(theme::kPanel, 0.95f), 0.5f * sheet.size);
  sheet.list->AddRect(low, high, theme::ink(theme::kDim, 0.4f), 0.5f * sheet.size);
  float x = low.x + 0.5f * (whole.x - (size.x - 2.0f * kEdge) * sheet.size);
  for (const Column& column : columns) {
    draw_column(desk, sheet, column, x, low.y + kEdge * sheet.size);
    x += (column.width() + kColumnGap) * sheet.size;
  }
  for (int i = 0; i < 2; ++i) {
    const float y = high.y - (kEdge + (2.0f - static_cast<float>(i)) * kRow - 0.5f) * sheet.size;
    sheet.words(low.x + 0.5f * (whole.x - sheet.width(lines[i]) * sheet.size), y, lines[i], theme::kDim);
  }
}

}  // namespace

void draw_keys(DeskContext& desk, int width, int height, bool front) {
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  ImGui::SetNextWindowPos({0.0f, 0.0f});
  ImGui::SetNextWindowSize({w, h});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                                 ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoFocusOnAppearing;
  if (ImGui::Begin("keys", nullptr, flags)) {
    if (front) ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    draw_sheet(desk, w, h);
  }
  ImGui::End();
}

}  // namespace ombra::show
