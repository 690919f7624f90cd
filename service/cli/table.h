// Tables for people: aligned, as wide as the terminal, in colour where that helps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotclock::cli {

struct Console;

// How a table is drawn.
struct Look {
  int width = 0;  // of the terminal; 0: as wide as it gets (files and pipes)
  bool colour = false;
};

// By the console's standard output: its width only on a terminal, colour only there and without
// NO_COLOR in the environment.
Look look_of(const Console& console);

// What a cell's colour says; it never says anything the text does not.
enum class Tone { plain, good, notice, bad, faint };

struct Cell {
  Cell(std::string text, Tone tone = Tone::plain)  // NOLINT: implicit on purpose
      : text(std::move(text)), tone(tone) {}
  Cell(const char* text) : text(text) {}  // NOLINT

  std::string text;
  Tone tone = Tone::plain;
};

struct Column {
  std::string title;
  enum class Kind {
    text,
    number,   // to the right
    cut,      // may be cut short, with "…", where the terminal is too narrow
    wrapped,  // may go on in further lines
  } kind = Kind::text;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: one cell per column. Control characters in it are shown as "?", so that no data can
  // steer a terminal.
  void add(std::vector<Cell> row);

  bool empty() const { return rows_.empty(); }

  // The titles, then a line (or more, where a cell wraps) per row, each ended by a newline.
  std::string text(const Look& look) const;

 private:
  std::vector<int> widths(const Look& look) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// How many columns of a terminal a text takes: combining marks none, East Asian and pictographic
// characters two.
int display_width(std::string_view text);

}  // namespace hotclock::cli
