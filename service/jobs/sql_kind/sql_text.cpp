#include "service/jobs/sql_kind/sql_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace hotclock::sql_kind {
namespace {

constexpr std::array<std::string_view, 10> words{"SELECT", "INSERT", "UPDATE",  "DELETE",
                                                 "WITH",   "MERGE",  "REPLACE", "TRUNCATE",
                                                 "CALL",   "REFRESH"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string first_word(std::string_view text) {
  std::string word;
  for (const char c : text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()))) {
    if (!is_letter(c)) break;
    word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return word;
}

// Where what begins at `at` and means nothing to us ends: a text or name in quotes, a comment. `at`
// where nothing of the kind begins. One without an end goes on to the end of all: the engine
// refuses it.
std::size_t behind_opaque(std::string_view text, std::size_t at) {
  const auto behind = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, from);
    return found == text.npos ? text.size() : found + end.size();
  };
  const std::string_view rest = text.substr(at);
  if (rest[0] == '\'' || rest[0] == '"') return behind(rest.substr(0, 1), at + 1);
  if (rest.starts_with("--")) return behind("\n", at);
  if (rest.starts_with("/*")) return behind("*/", at + 2);
  if (rest.starts_with("$$")) return behind("$$", at + 2);
  return at;
}

// Numbers the parameters anew while it copies the text.
class Numbering {
 public:
  explicit Numbering(std::string_view text) : rest_(text) {}

  Result<SqlText> read() {
    for (std::size_t at = 0; at < rest_.size();) {
      const std::size_t behind = behind_opaque(rest_, at);
      if (behind == at && is_parameter(at)) {
        if (auto taken = take_parameter(at); !taken) return std::move(taken).error();
        continue;
      }
      const std::size_t end = std::max(behind, at + 1);
      out_.text += rest_.substr(at, end - at);
      at = end;
    }
    return std::move(out_);
  }

 private:
  // A name may hold a dollar sign too.
  bool is_parameter(std::size_t at) const {
    return rest_[at] == '$' && at + 1 < rest_.size() && is_digit(rest_[at + 1]) &&
           (at == 0 || (!is_letter(rest_[at - 1]) && !is_digit(rest_[at - 1])));
  }

  Result<> take_parameter(std::size_t& at) {
    std::size_t end = at + 1;
    while (end < rest_.size() && is_digit(rest_[end])) ++end;
    const std::string_view name = rest_.substr(at, end - at);
    if (name != "$1" && name != "$2")
      return Error(Errc::invalid,
                   fmt::format("there is no {}: $1 is the slot's instant, $2 the same in"
                               " milliseconds",
                               name));
    out_.text += fmt::format("${}", number_of(name == "$1" ? Given::slot : Given::slot_millis));
    at = end;
    return {};
  }

  std::size_t number_of(Given given) {
    const auto known = std::ranges::find(out_.given, given);
    if (known != out_.given.end()) return static_cast<std::size_t>(known - out_.given.begin()) + 1;
    out_.given.push_back(given);
    return out_.given.size();
  }

  std::string_view rest_;
  SqlText out_;
};

}  // namespace

Result<SqlText> read_sql(std::string_view text) {
  const std::string word = first_word(text);
  if (std::ranges::find(words, word) == words.end())
    return Error(Errc::invalid,
                 fmt::format("a statement begins with {}, not with {}", fmt::join(words, ", "),
                             word.empty() ? "a comment or nothing" : word));
  return Numbering(text).read();
}

}  // namespace hotclock::sql_kind
