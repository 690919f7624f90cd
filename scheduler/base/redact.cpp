#include "scheduler/base/redact.h"

namespace hotclock {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::string_view url_mark = "://";
constexpr std::string_view key_mark = "password=";
constexpr std::string_view word_ends = " \t\r\n\"'<>";

// The "user:password@" that `word` (what follows "://") begins with: its length without the "@".
std::size_t user_part(std::string_view word) {
  const auto authority = word.substr(0, word.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  // A password may hold a bare "/" or "?", against the rules: then the "@" stands further behind.
  return at != std::string_view::npos ? at : word.rfind('@');
}

std::string url_without(std::string_view word) {
  const auto at = user_part(word);
  const auto colon = word.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon >= at)
    return std::string(word);
  return std::string(word.substr(0, colon + 1)) + std::string(hidden) +
         std::string(word.substr(at));
}

// Applies `change` to whatever follows each `mark`, up to one of `ends`.
template <class Change>
std::string after_each(std::string_view mark, std::string_view ends, std::string_view text,
                       const Change& change) {
  std::string out;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    out += text.substr(0, at + mark.size());
    text.remove_prefix(at + mark.size());
    const auto word = text.substr(0, text.find_first_of(ends));
    out += change(word);
    text.remove_prefix(word.size());
  }
  return out += text;
}

}  // namespace

std::string without_passwords(std::string_view text) {
  const std::string urls = after_each(url_mark, word_ends, text, url_without);
  const std::string ends = std::string(word_ends) + "&";
  return after_each(key_mark, ends, urls, [](std::string_view) { return std::string(hidden); });
}

}  // namespace hotclock
