// JSON as it stands on the wire: checked and taken apart where it lies, never rebuilt, so that what
// one client wrote reaches the others byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"

namespace hotclock::socketio {

enum class JsonKind { object, array, string, number, literal };

// What a text must keep to.
struct JsonLimits {
  int depth = 64;               // objects and arrays within each other
  std::size_t elements = 1000;  // of the outermost array
  std::optional<std::size_t>
      attachments;  // how many placeholders may point to; none: they are plain data
};

// One JSON value: what it is and, where it is an array, its elements as they stand in the text,
// without the blanks around them.
struct JsonShape {
  JsonKind kind = JsonKind::literal;
  std::vector<std::string_view> elements;
};

// Reads one JSON value (RFC 8259, in UTF-8) that must be all of `text`; the views point into it.
// Half of a surrogate pair behind \u is let pass: JavaScript writes it where a text was cut in the
// middle of a character, and reads it again.
// Errc::invalid with the position where it is no JSON, goes beyond a limit, or holds a placeholder
// of an attachment that there is none of.
Result<JsonShape> read_json(std::string_view text, const JsonLimits& limits);

// A text as a string of JSON, with its quotes and everything below U+0020 escaped: so 0x1e, which
// separates the packets of a poll, never appears. REQUIRES: `text` is UTF-8.
std::string json_string(std::string_view text);
void append_json_string(std::string& out, std::string_view text);

// The text that a checked string of JSON stands for; none where it is no string, or where it holds
// half a surrogate pair, which UTF-8 has no form for.
std::optional<std::string> json_text(std::string_view json);
// The whole number that a checked number of JSON stands for; none where it is another.
std::optional<std::int64_t> json_integer(std::string_view json);
// The value of `key` among the members of a checked object, as it stands there (the last one where
// there are several); none where the object lacks it.
std::optional<std::string_view> json_member(std::string_view object, std::string_view key);

}  // namespace hotclock::socketio
