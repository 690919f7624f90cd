#include "service/config/tree.h"

// Compiled in here without exceptions: errors of the parser are values then.
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

namespace hotclock::config {
namespace {

constexpr int deepest = 16;

// The byte at which character `column` of `line` begins.
std::size_t byte_of(std::string_view line, int column) {
  std::size_t at = 0;
  for (int left = column - 1; left > 0 && at < line.size(); --left) {
    ++at;
    while (at < line.size() && (line[at] & 0xc0) == 0x80) ++at;
  }
  return at;
}

class Converter {
 public:
  explicit Converter(const std::vector<std::string>& lines) : lines_(lines) {}

  Table table(const toml::table& from, int depth) const {
    Table out;
    for (const auto& [key, node] : from) {
      Field field;
      field.key = std::string(key.str());
      field.line = static_cast<int>(key.source().begin.line);
      field.column = static_cast<int>(key.source().begin.column);
      field.value = value(node, depth + 1);
      out.fields.push_back(std::move(field));
    }
    std::ranges::stable_sort(out.fields, {},
                             [](const Field& f) { return std::pair(f.line, f.column); });
    return out;
  }

 private:
  Value value(const toml::node& node, int depth) const {
    Value out;
    place(node.source(), out);
    if (const auto* text = node.as_string()) {
      out.kind = Value::Kind::text;
      out.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
      out.kind = Value::Kind::integer;
      out.integer = integer->get();
      out.text = raw_number(out);
    } else if (const auto* real = node.as_floating_point()) {
      out.kind = Value::Kind::real;
      out.real = real->get();
      out.text = raw_number(out);
    } else if (const auto* flag = node.as_boolean()) {
      out.kind = Value::Kind::flag;
      out.flag = flag->get();
    } else {
      nest(node, depth, out);
    }
    return out;
  }

  void nest(const toml::node& node, int depth, Value& out) const {
    out.kind = Value::Kind::date;
    if (const auto* list = node.as_array()) {
      out.kind = Value::Kind::list;
      if (depth < deepest)
        for (const auto& item : *list) out.items.push_back(value(item, depth + 1));
    } else if (const auto* inner = node.as_table()) {
      out.kind = Value::Kind::table;
      // No setting lies that deep: what is cut off is reported as unknown a level above.
      if (depth < deepest) out.table = table(*inner, depth);
    }
  }

  static void place(const toml::source_region& source, Value& out) {
    out.line = static_cast<int>(source.begin.line);
    out.column = static_cast<int>(source.begin.column);
    if (source.end.line == source.begin.line && source.end.column > source.begin.column)
      out.end_column = static_cast<int>(source.end.column);
  }

  // The characters of a number, without the underscores TOML allows in it.
  std::string raw_number(const Value& at) const {
    if (at.line < 1 || static_cast<std::size_t>(at.line) > lines_.size()) return {};
    const std::string_view line = lines_[static_cast<std::size_t>(at.line - 1)];
    std::string_view rest = line.substr(byte_of(line, at.column));
    rest = rest.substr(0, rest.find_first_not_of("0123456789abcdefABCDEFoxinf+-._"));
    std::string out(rest);
    std::erase(out, '_');
    return out;
  }

  const std::vector<std::string>& lines_;
};

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// "while reading key: ...": the parser's own words, on one line.
std::string in_words(std::string_view description) {
  constexpr std::string_view theirs = "Error while parsing";
  std::string out(description.substr(0, description.find('\n')));
  if (out.starts_with(theirs)) out.replace(0, theirs.size(), "while reading");
  return out;
}

}  // namespace

const Field* Table::find(std::string_view key) const {
  const auto field = std::ranges::find(fields, key, &Field::key);
  return field == fields.end() ? nullptr : &*field;
}

std::string_view Value::kind_name() const {
  switch (kind) {
    case Kind::text:
      return "a text";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number with a fraction";
    case Kind::flag:
      return "true or false";
    case Kind::list:
      return "a list";
    case Kind::table:
      return "a table";
    case Kind::date:
      return "a date";
    case Kind::words:
      return "a text";
  }
  return "a value";
}

std::string Value::shown() const {
  switch (kind) {
    case Kind::text:
    case Kind::words:
      return '"' + (text.size() > 60 ? text.substr(0, 57) + "..." : text) + '"';
    case Kind::integer:
    case Kind::real:
      return text;
    case Kind::flag:
      return flag ? "true" : "false";
    default:
      return std::string(kind_name());
  }
}

std::variant<Document, SyntaxError> parse_toml(std::string name, std::string_view text) {
  if (text.size() > longest_file)
    return SyntaxError{1, 1, "the file is larger than 1 MiB: these are no settings", {}};
  Document document;
  document.name = std::move(name);
  document.lines = split_lines(text);
  const auto too_long = std::ranges::find_if(
      document.lines, [](const std::string& line) { return line.size() > longest_line; });
  if (too_long != document.lines.end())
    return SyntaxError{static_cast<int>(too_long - document.lines.begin()) + 1,
                       1,
                       "the line is longer than 4096 characters",
                       {}};
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::source_position& at = parsed.error().source().begin;
    const std::string line = at.line >= 1 && at.line <= document.lines.size()
                                 ? document.lines[at.line - 1]
                                 : std::string();
    return SyntaxError{static_cast<int>(at.line), static_cast<int>(at.column),
                       in_words(parsed.error().description()), line};
  }
  document.root = Converter(document.lines).table(parsed.table(), 0);
  return document;
}

std::string excerpt(std::string_view line, int column, int length) {
  const std::size_t at = byte_of(line, column);
  std::string below;
  for (const char c : line.substr(0, at))
    if ((c & 0xc0) != 0x80) below += c == '\t' ? '\t' : ' ';
  return std::string(line) + "\n" + below +
         std::string(static_cast<std::size_t>(std::max(length, 1)), '^');
}

}  // namespace hotclock::config
