#include "service/cli/crontab.h"

#include <algorithm>
#include <set>

#include "scheduler/base/utf8.h"

namespace hotclock::cli {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t longest_name = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || is_upper(c); }
bool begins_schedule(char c) { return is_digit(c) || c == '*' || c == '@'; }

// What is left of a line, with its place in it.
class Rest {
 public:
  explicit Rest(std::string_view line) : line_(line) { skip_blanks(); }

  bool empty() const { return at_ >= line_.size(); }
  char peek() const { return line_[at_]; }
  int column() const { return static_cast<int>(at_) + 1; }
  std::string_view text() const { return line_.substr(at_); }

  // Up to the next blank, and past the blanks behind it.
  CrontabPart word() {
    CrontabPart part{std::string(text().substr(0, text().find_first_of(blanks))), column()};
    at_ += part.text.size();
    skip_blanks();
    return part;
  }
  void skip(std::size_t n) {
    at_ += n;
    skip_blanks();
  }

 private:
  void skip_blanks() { at_ = std::min(line_.find_first_not_of(blanks, at_), line_.size()); }

  std::string_view line_;
  std::size_t at_ = 0;
};

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// Quotes belong to the file, not to the value, where they stand around all of it.
std::string_view unquoted(std::string_view text) {
  const bool quoted =
      text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

using What = decltype(CrontabItem::what);

What read_setting(const Rest& rest) {
  const std::string_view text = rest.text();
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return CrontabFault{rest.column(), "this is neither a schedule with a command nor NAME=value"};
  const std::string_view name = unquoted(trimmed(text.substr(0, equals)));
  if (name.empty() || name.find_first_of(blanks) != std::string_view::npos)
    return CrontabFault{rest.column(), "\"" + std::string(name) + "\" is no variable's name"};
  return CrontabSetting{{std::string(name), rest.column()},
                        std::string(unquoted(trimmed(text.substr(equals + 1))))};
}

// Cron ends the command at the first bare `%` and feeds it what follows, each further `%` a
// newline.
void split_command(std::string_view text, CrontabEntry& entry) {
  std::string* into = &entry.command.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '%') {
      *into += text[++i];
    } else if (text[i] != '%') {
      *into += text[i];
    } else if (into == &entry.command.text) {
      into = &entry.input;
    } else {
      *into += '\n';
    }
  }
}

constexpr const char* field_names[] = {"minute", "hour", "day of the month", "month",
                                       "day of the week"};

What read_entry(Rest rest, bool system) {
  CrontabEntry entry;
  const bool nickname = rest.peek() == '@';
  const std::size_t count = nickname ? 1 : 5;
  while (entry.fields.size() < count) {
    if (rest.empty())
      return CrontabFault{rest.column(), std::string("the ") + field_names[entry.fields.size()] +
                                             " is missing: five fields, then the command"};
    entry.fields.push_back(rest.word());
  }
  if (nickname && entry.fields[0].text == "@every" && !rest.empty()) {
    const CrontabPart span = rest.word();
    entry.fields[0].text += " " + span.text;
  }
  if (system) {
    if (rest.empty()) return CrontabFault{rest.column(), "the user is missing"};
    entry.user = rest.word();
  }
  if (rest.empty())
    return CrontabFault{rest.column(), system ? "the command is missing behind the user"
                                              : "the command is missing"};
  entry.command.column = rest.column();
  split_command(trimmed(rest.text()), entry);
  return entry;
}

What read_line(std::string_view line, bool system) {
  Rest rest(line);
  // Some crons take a `-` in front for "do not log this".
  if (rest.peek() == '-' && rest.text().size() > 1 && begins_schedule(rest.text()[1])) rest.skip(1);
  if (begins_schedule(rest.peek())) return read_entry(rest, system);
  return read_setting(rest);
}

// "/usr/local/bin/backup.sh --all" -> "backup".
std::string name_of_command(std::string_view command) {
  std::string_view word = command.substr(0, command.find_first_of(" \t;|&<>"));
  word = word.substr(word.rfind('/') + 1);  // npos + 1 is 0
  word = word.substr(0, word.find('.'));
  const std::string name = name_of_words(word);
  return name.empty() ? "job" : name;
}

// What a comment says about the entry below it; nothing where it is an entry that was switched off,
// the legend of the columns, or more than a title.
std::string title_of(std::string_view comment) {
  const std::string_view text = trimmed(comment.substr(comment.find_first_not_of('#')));
  if (text.empty() || text.size() > 80 || begins_schedule(text[0])) return {};
  if (text.find("dom") != std::string_view::npos && text.find("dow") != std::string_view::npos)
    return {};
  return std::string(text);
}

class Names {
 public:
  std::string unique(const std::string& name) {
    std::string out = name;
    for (int n = 2; !taken_.insert(out).second; ++n) out = name + "-" + std::to_string(n);
    return out;
  }

 private:
  std::set<std::string> taken_;
};

void give_name(CrontabEntry& entry, std::string comment, Names& names) {
  std::string name = name_of_words(comment);
  if (name.empty()) name = name_of_command(entry.command.text);
  entry.name = names.unique(name);
  entry.comment = std::move(comment);
}

}  // namespace

std::string name_of_words(std::string_view words) {
  std::string out;
  for (const char c : words) {
    if (is_letter(c) || is_digit(c))
      out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
    if (out.size() >= longest_name) break;
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::vector<CrontabItem> read_crontab(std::string_view text, bool system) {
  const std::string clean = well_formed(text);
  std::vector<CrontabItem> items;
  Names names;
  std::string title;  // of the comment right above
  int number = 0;
  for (std::string_view rest = clean; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view said = trimmed(line);
    if (said.empty() || said.find_first_not_of('#') == std::string_view::npos) {
      title.clear();
    } else if (said[0] == '#') {
      title = title_of(said);
    } else {
      CrontabItem item{number, std::string(line), read_line(line, system)};
      if (auto* entry = std::get_if<CrontabEntry>(&item.what)) give_name(*entry, title, names);
      items.push_back(std::move(item));
      title.clear();
    }
  }
  return items;
}

}  // namespace hotclock::cli
