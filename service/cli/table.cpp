#include "service/cli/table.h"

#include <algorithm>
#include <numeric>

#include "scheduler/base/utf8.h"
#include "service/cli/console.h"

namespace hotclock::cli {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "…";
constexpr int narrowest = 8;  // what a column that gives way keeps

struct Range {
  char32_t first;
  char32_t last;
};

// Marks that stand on the character before them, and characters that show nothing.
constexpr Range zero_wide[] = {
    {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
    {0x900, 0x902},   {0x93a, 0x93a},   {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},
    {0xe31, 0xe31},   {0xe34, 0xe3a},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

constexpr Range two_wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
                              {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
                              {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
                              {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
                              {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

template <std::size_t N>
bool among(const Range (&ranges)[N], char32_t code) {
  return std::ranges::any_of(
      ranges, [code](const Range& range) { return code >= range.first && code <= range.last; });
}

int width_of(char32_t code) {
  if (code < 0x300) return 1;
  return among(zero_wide, code) ? 0 : among(two_wide, code) ? 2 : 1;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

std::string harmless(std::string_view text) {
  const std::string clean = well_formed(text);
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const auto [size, code] = first_character(rest);
    out += code == '\n' || code == '\t' ? " " : is_control(code) ? "?" : rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return out;
}

// The longest beginning that takes at most `width` columns.
std::string_view fitting(std::string_view text, int width) {
  std::size_t end = 0;
  while (end < text.size()) {
    const auto [size, code] = first_character(text.substr(end));
    width -= width_of(code);
    if (width < 0) break;
    end += size;
  }
  return text.substr(0, end);
}

std::string cut(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  return std::string(fitting(text, width - 1)) + std::string(ellipsis);
}

// Lines of at most `width` columns, broken at spaces where there are any.
std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  while (display_width(text) > width) {
    std::string_view line = fitting(text, width);
    const auto space = text.substr(0, line.size() + 1).rfind(' ');
    if (space != std::string_view::npos && space > 0) line = text.substr(0, space);
    if (line.empty()) line = text.substr(0, first_character(text).size);
    lines.emplace_back(line);
    text.remove_prefix(line.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

std::string_view colour_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return "\033[32m";
    case Tone::notice:
      return "\033[33m";
    case Tone::bad:
      return "\033[31m";
    case Tone::faint:
      return "\033[2m";
  }
  return "";
}

std::string painted(const std::string& text, Tone tone, const Look& look) {
  if (!look.colour || tone == Tone::plain || text.empty()) return text;
  return std::string(colour_of(tone)) + text + "\033[0m";
}

std::vector<std::string> lines_of(const std::string& text, Column::Kind kind, int width) {
  if (kind == Column::Kind::wrapped) return wrapped(text, width);
  return {cut(text, width)};
}

// One row of cells as lines of text.
std::string drawn(const std::vector<Cell>& row, const std::vector<Column>& columns,
                  const std::vector<int>& widths, const Look& look) {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    cells.push_back(lines_of(row[i].text, columns[i].kind, widths[i]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    std::string drawn_line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& text = line < cells[i].size() ? cells[i][line] : std::string();
      const std::string pad(static_cast<std::size_t>(std::max(0, widths[i] - display_width(text))),
                            ' ');
      const std::string paint = painted(text, row[i].tone, look);
      if (i > 0) drawn_line += gap;
      drawn_line += columns[i].kind == Column::Kind::number ? pad + paint : paint + pad;
    }
    drawn_line.erase(drawn_line.find_last_not_of(' ') + 1);
    out += drawn_line + '\n';
  }
  return out;
}

}  // namespace

Look look_of(const Console& console) {
  if (!console.out_is_terminal) return {};
  const auto no_colour = console.environment.find("NO_COLOR");
  return {console.width, no_colour == console.environment.end() || no_colour->second.empty()};
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [size, code] = first_character(text);
    width += size == 0 ? 1 : width_of(code);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return width;
}

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = harmless(cell.text);
  rows_.push_back(std::move(row));
}

// What each column needs; where that is too wide, the widest of those that may give way does.
std::vector<int> Table::widths(const Look& look) const {
  std::vector<int> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
    widths.push_back(width);
  }
  if (look.width <= 0) return widths;
  const int gaps = static_cast<int>(gap.size() * (columns_.size() - 1));
  while (std::accumulate(widths.begin(), widths.end(), gaps) > look.width) {
    int* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool gives =
          columns_[i].kind == Column::Kind::cut || columns_[i].kind == Column::Kind::wrapped;
      if (gives && widths[i] > narrowest && (!widest || widths[i] > *widest)) widest = &widths[i];
    }
    if (!widest) return widths;
    --*widest;
  }
  return widths;
}

std::string Table::text(const Look& look) const {
  if (columns_.empty()) return {};
  const std::vector<int> width = widths(look);
  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title, Tone::faint);
  std::string out = drawn(titles, columns_, width, look);
  for (const auto& row : rows_) out += drawn(row, columns_, width, look);
  return out;
}

}  // namespace hotclock::cli
