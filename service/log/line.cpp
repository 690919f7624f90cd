#include <array>
#include <cmath>

#include <fmt/format.h>

#include "scheduler/base/redact.h"
#include "scheduler/base/utf8.h"
#include "service/log/logger.h"

namespace hotclock::log {
namespace {

constexpr std::array<std::string_view, 4> own_names{"time", "level", "message", "node"};

std::string_view short_escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return {};
  }
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// `text` as it stands in a JSON string, without passwords. With `bare`, quotes and backslashes
// stay as they are: for messages to people.
std::string escaped(std::string_view original, bool bare = false) {
  const std::string safe = without_passwords(original);
  std::string out;
  for (std::string_view text = safe; !text.empty();) {
    const char c = text[0];
    const std::size_t size = first_character(text).size;
    const std::string_view known = bare && (c == '"' || c == '\\') ? "" : short_escape(c);
    if (!known.empty())
      out += known;
    else if (is_control(c))
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += size == 0 ? replacement_character : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

std::string quoted(std::string_view text) { return '"' + escaped(text) + '"'; }

// RFC 3339, always with milliseconds, so that lines are aligned.
std::string stamp(Instant t) {
  std::string out = hotclock::to_string(t);
  if (to_millis(t) % 1000 == 0) out.insert(out.size() - 1, ".000");
  return out;
}

struct JsonValue {
  std::string operator()(std::string_view text) const { return quoted(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(double number) const {
    return std::isfinite(number) ? fmt::format("{}", number) : "null";
  }
  std::string operator()(Instant t) const { return '"' + hotclock::to_string(t) + '"'; }
  std::string operator()(Duration d) const { return std::to_string(d.count()); }
  std::string operator()(const Uuid& id) const { return '"' + id.text() + '"'; }
};

struct TextValue {
  std::string operator()(std::string_view text) const {
    const bool plain = !text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos;
    const std::string safe = escaped(text);
    return plain && safe.find('\\') == std::string::npos ? safe : '"' + safe + '"';
  }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(Instant t) const { return hotclock::to_string(t); }
  std::string operator()(Duration d) const {
    std::string words = to_words(d);
    std::erase(words, ' ');
    return words;
  }
  std::string operator()(const Uuid& id) const { return id.text(); }
};

// A name that is ours already gets a "_", so that no object has one name twice.
std::string json_name(const Field& field) {
  std::string name(field.name);
  for (const std::string_view own : own_names)
    if (name == own) name += '_';
  if (std::holds_alternative<Duration>(field.value.any())) name += "_ms";
  return name;
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string text_line(const Entry& entry) {
  std::string out = fmt::format("{} {:<7}  {}", stamp(entry.time), to_string(entry.level),
                                escaped(entry.message, true));
  if (!entry.fields.empty()) out += ' ';
  for (const Field& field : entry.fields)
    out += fmt::format(" {}={}", escaped(field.name, true),
                       std::visit(TextValue{}, field.value.any()));
  return out;
}

std::string json_line(const Entry& entry) {
  std::string out = fmt::format(R"({{"time":"{}","level":"{}","message":{})", stamp(entry.time),
                                to_string(entry.level), quoted(entry.message));
  for (const Field& field : entry.fields)
    out +=
        fmt::format(",{}:{}", quoted(json_name(field)), std::visit(JsonValue{}, field.value.any()));
  if (!entry.node.empty()) out += ",\"node\":" + quoted(entry.node);
  return out + "}";
}

}  // namespace hotclock::log
