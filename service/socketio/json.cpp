#include "service/socketio/json.h"

#include <charconv>
#include <cmath>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/utf8.h"

namespace hotclock::socketio {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Whether the key, as it stands between its quotes, spells `name`.
bool spells(std::string_view key, std::string_view name) {
  if (key.find('\\') == std::string_view::npos) return key == name;
  return json_text({key.data() - 1, key.size() + 2}) == name;
}

// What an object must hold to stand for an attachment. Of a key that comes twice the last counts.
struct Placeholder {
  bool marked = false;
  bool points = false;

  void member(std::string_view key, std::string_view value, std::size_t attachments) {
    if (spells(key, "_placeholder")) marked = value == "true";
    if (spells(key, "num")) points = names_one_of(value, attachments);
  }

 private:
  static bool names_one_of(std::string_view value, std::size_t attachments) {
    if (!is_digit(value.front()) && value.front() != '-') return false;
    const auto index = json_integer(value);
    return index && *index >= 0 && static_cast<std::uint64_t>(*index) < attachments;
  }
};

// Walks through one text by descent, which the depth limit bounds. Each step returns whether the
// text is well so far; `at_` is where it is not.
class Scanner {
 public:
  Scanner(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  bool whole() {
    blanks();
    if (!value(0)) return false;
    blanks();
    return at_ == text_.size() || wrong("something follows the value");
  }

  // Set before whole(): told of each element of the outermost array, and of each member of the
  // outermost object.
  std::vector<std::string_view>* elements = nullptr;
  std::string_view wanted_key;
  std::optional<std::string_view> wanted;

  Error error() const { return Error(Errc::invalid, why_ + (" at byte " + std::to_string(at_))); }

 private:
  bool wrong(const char* why) {
    why_ = why;
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool skip(char c) { return peek() == c && at_ < text_.size() && ++at_; }
  bool expect(char c, const char* why) { return skip(c) || wrong(why); }
  void blanks() {
    while (is_blank(peek())) ++at_;
  }

  bool value(int depth) {
    switch (peek()) {
      case '{':
        return deeper(depth) && object(depth + 1);
      case '[':
        return deeper(depth) && array(depth + 1);
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool deeper(int depth) { return depth < limits_.depth || wrong("it is nested too deeply"); }

  bool literal(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return wrong("no JSON value");
    at_ += word.size();
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return wrong("no JSON value");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    skip('-');
    if (!skip('0') && !digits()) return false;
    if (skip('.') && !digits()) return false;
    if (skip('e') || skip('E')) {
      if (!skip('+')) skip('-');
      return digits();
    }
    return true;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (c == '\\' ? !escape() : !character(static_cast<unsigned char>(c))) return false;
    }
    return wrong("the string does not end");
  }

  bool character(unsigned char c) {
    if (c < 0x20) return wrong("a control character inside a string");
    const std::size_t size = c < 0x80 ? 1 : first_character(text_.substr(at_)).size;
    at_ += size;
    return size > 0 || wrong("no UTF-8");
  }

  bool escape() {
    ++at_;
    const char c = peek();
    if (c == 'u') return ++at_, four_hex();
    if (c == '\0' || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos)
      return wrong("no such escape");
    ++at_;
    return true;
  }

  bool four_hex() {
    for (int i = 0; i < 4; ++i, ++at_)
      if (!is_hex(peek())) return wrong("no such escape");
    return true;
  }

  bool array(int depth) {
    ++at_;
    blanks();
    if (skip(']')) return true;
    std::size_t count = 0;
    do {
      blanks();
      const std::size_t begin = at_;
      if (!value(depth)) return false;
      if (depth == 1 && !element(begin, ++count)) return false;
      blanks();
    } while (skip(','));
    return expect(']', "no comma and no end of the array");
  }

  bool element(std::size_t begin, std::size_t count) {
    if (count > limits_.elements) return wrong("too many elements");
    if (elements) elements->push_back(text_.substr(begin, at_ - begin));
    return true;
  }

  bool object(int depth) {
    ++at_;
    blanks();
    if (skip('}')) return true;
    Placeholder placeholder;
    do {
      blanks();
      if (!member(depth, placeholder)) return false;
      blanks();
    } while (skip(','));
    if (placeholder.marked && !placeholder.points) return wrong("a placeholder of no attachment");
    return expect('}', "no comma and no end of the object");
  }

  bool member(int depth, Placeholder& placeholder) {
    if (peek() != '"') return wrong("no key");
    const std::size_t key_begin = at_ + 1;
    if (!string()) return false;
    const auto key = text_.substr(key_begin, at_ - 1 - key_begin);
    blanks();
    if (!expect(':', "no colon behind a key")) return false;
    blanks();
    const std::size_t begin = at_;
    if (!value(depth)) return false;
    const auto value = text_.substr(begin, at_ - begin);
    if (limits_.attachments) placeholder.member(key, value, *limits_.attachments);
    if (depth == 1 && !wanted_key.empty() && spells(key, wanted_key)) wanted = value;
    return true;
  }

  const std::string_view text_;
  const JsonLimits& limits_;
  std::size_t at_ = 0;
  std::string why_;
};

JsonKind kind_of(char first) {
  if (first == '{') return JsonKind::object;
  if (first == '[') return JsonKind::array;
  if (first == '"') return JsonKind::string;
  return first == '-' || is_digit(first) ? JsonKind::number : JsonKind::literal;
}

}  // namespace

Result<JsonShape> read_json(std::string_view text, const JsonLimits& limits) {
  JsonShape shape;
  Scanner scanner(text, limits);
  scanner.elements = &shape.elements;
  if (!scanner.whole()) return scanner.error();
  shape.kind = kind_of(text[text.find_first_not_of(" \t\n\r")]);
  return shape;
}

void append_json_string(std::string& out, std::string_view text) {
  out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::optional<std::string> json_text(std::string_view json) {
  if (json.size() < 2 || json.front() != '"') return std::nullopt;
  if (json.find('\\') == std::string_view::npos)
    return std::string(json.substr(1, json.size() - 2));
  boost::json::error_code failed;
  const auto value = boost::json::parse({json.data(), json.size()}, failed);
  if (failed || !value.is_string()) return std::nullopt;
  return std::string(value.get_string());
}

std::optional<std::int64_t> json_integer(std::string_view json) {
  const char* const end = json.data() + json.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(json.data(), end, whole);
      read.ec == std::errc() && read.ptr == end)
    return whole;
  double number = 0;  // 1.0 and 1e3 are whole numbers too
  const auto read = std::from_chars(json.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  if (std::abs(number) > 9007199254740992.0 || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::string_view> json_member(std::string_view object, std::string_view key) {
  const JsonLimits boundless{.depth = 1 << 20, .elements = object.size()};
  Scanner scanner(object, boundless);
  scanner.wanted_key = key;
  if (!scanner.whole()) return std::nullopt;
  return scanner.wanted;
}

}  // namespace hotclock::socketio
