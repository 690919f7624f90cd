// A TOML text as a tree with places: what Section reads. The parser itself is toml++, and no other
// file of Hotclock knows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hotclock::config {

struct Field;

struct Table {
  std::vector<Field> fields;  // in the order of the file

  const Field* find(std::string_view key) const;
};

struct Value {
  enum class Kind {
    text,
    integer,
    real,
    flag,
    list,
    table,
    date,   // TOML has dates; no setting is one
    words,  // from the environment: whoever asks decides what it should be
  };
  Kind kind = Kind::text;
  std::string text;  // what a text says; of numbers the characters as they stand in the file
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::vector<Value> items;
  Table table;

  int line = 0;        // from 1
  int column = 0;      // from 1, in characters
  int end_column = 0;  // one past the last character, where it ends on the same line; else 0

  // "a text", "a whole number", ...: for messages.
  std::string_view kind_name() const;
  // As a person would point at it: `"8"`, `8`, `a table`.
  std::string shown() const;
};

struct Field {
  std::string key;
  int line = 0;
  int column = 0;
  Value value;
};

struct Document {
  std::string name;  // the file's, as it was given
  std::vector<std::string> lines;
  Table root;
};

struct SyntaxError {
  int line = 0;
  int column = 0;
  std::string what;
  std::string text;  // the line; empty where it cannot be shown
};

constexpr std::size_t longest_file = 1 << 20;
constexpr std::size_t longest_line = 4096;

// Reads a text of at most `longest_file` bytes; nothing in it can overflow the stack.
std::variant<Document, SyntaxError> parse_toml(std::string name, std::string_view text);

// `line` with carets below `length` characters (at least one) from `column` on:
//   workers = 0
//             ^
std::string excerpt(std::string_view line, int column, int length);

}  // namespace hotclock::config
