#include "scheduler/core/redaction.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace hotclock {
namespace {

constexpr std::array<std::string_view, 14> usual_keys{
    "password",  "passwd",    "passphrase", "pwd",        "secret",      "token",         "apikey",
    "accesskey", "secretkey", "privatekey", "signingkey", "credentials", "authorization", "cookie"};
// Whose values go on to the end of their line.
constexpr std::array<std::string_view, 2> headers{"authorization", "cookie"};

bool is_of_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool ends_line(char c) { return c == '\n' || c == '\r'; }
bool is_quote(char c) { return c == '"' || c == '\''; }
bool ends_plain_value(char c) {
  constexpr std::string_view others = ",;&()[]{}<>|";
  return is_blank(c) || ends_line(c) || is_quote(c) || others.find(c) != others.npos;
}

bool ends_authority(char c) {
  constexpr std::string_view others = "/?#\\<>";
  return is_blank(c) || ends_line(c) || is_quote(c) || others.find(c) != others.npos;
}

std::string plain(std::string_view key) {
  std::string out;
  for (const char c : key)
    if (std::isalnum(static_cast<unsigned char>(c)))
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// "app:secret@db" -> "app:***@db". Where no '@' has come it may yet, unless a port stands there.
std::string without_password(std::string_view authority) {
  const std::size_t at = authority.rfind('@');
  const std::string_view user = authority.substr(0, at);
  const std::size_t colon = user.find(':');
  if (colon == user.npos) return std::string(authority);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool host = user.starts_with('[') || std::ranges::all_of(user.substr(colon + 1), is_digit);
  if (at == authority.npos && host) return std::string(authority);
  std::string out(user.substr(0, colon + 1));
  out += hidden;
  if (at != authority.npos) out += authority.substr(at);
  return out;
}

}  // namespace

Redaction::Redaction(const std::vector<std::string>& more)
    : keys_(usual_keys.begin(), usual_keys.end()) {
  for (const std::string& key : more)
    if (std::string it = plain(key); !it.empty()) keys_.push_back(std::move(it));
}

std::string Redaction::through(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) take(c, out);
  return out;
}

std::string Redaction::held() const { return without_password(held_); }

bool Redaction::names_secret(std::string_view key) const {
  const std::string it = plain(key);
  return std::ranges::any_of(keys_, [&](const std::string& end) { return it.ends_with(end); });
}

void Redaction::take(char c, std::string& out) {
  switch (place_) {
    case Place::text:
      return take_text(c, out);
    case Place::behind_key:
      return take_behind_key(c, out);
    case Place::before_value:
      return take_before_value(c, out);
    case Place::value:
      return take_value(c, out);
    case Place::authority:
      return take_authority(c, out);
  }
}

void Redaction::begin_text(char c, std::string& out) {
  place_ = Place::text;
  word_.clear();
  before_word_ = 0;
  slashes_ = 0;
  take_text(c, out);
}

void Redaction::take_text(char c, std::string& out) {
  out += c;
  if (is_of_a_word(c)) {
    if (word_.size() == 2 * longest_key) word_.erase(0, longest_key);
    word_ += c;
    slashes_ = 0;
    return;
  }
  const char before_word = std::exchange(before_word_, c);
  if (c == ':')
    slashes_ = 1;
  else
    slashes_ = c == '/' && slashes_ > 0 ? slashes_ + 1 : 0;
  if (slashes_ == 3) {
    place_ = Place::authority;
    slashes_ = 0;
  } else if (!word_.empty() && !ends_line(c) && names_secret(word_)) {
    const std::string key = plain(word_);
    whole_line_ = std::ranges::any_of(headers, [&](auto end) { return key.ends_with(end); });
    line_quote_ = is_quote(before_word) ? before_word : 0;
    const bool option = word_.starts_with("--") && is_blank(c);
    if (option || c == '=' || c == ':')
      place_ = Place::before_value;
    else if (is_blank(c) || is_quote(c) || c == '\\')
      place_ = Place::behind_key;
  }
  word_.clear();
}

void Redaction::take_behind_key(char c, std::string& out) {
  if (c != '=' && c != ':' && !is_blank(c) && !is_quote(c)) return begin_text(c, out);
  if (c == '=' || c == ':') place_ = Place::before_value;
  out += c;
}

void Redaction::take_before_value(char c, std::string& out) {
  const bool stands_between = is_blank(c) || c == '=' || c == '>' || c == '\\';
  if (stands_between) {
    quote_escaped_ = c == '\\';
    out += c;
    return;
  }
  if (ends_plain_value(c) && !is_quote(c)) return begin_text(c, out);
  quote_ = is_quote(c) ? c : 0;
  quote_escaped_ = quote_ && quote_escaped_;
  backslash_ = false;
  place_ = Place::value;
  if (quote_) out += c;
  out += hidden;
}

void Redaction::take_value(char c, std::string& out) {
  if (ends_line(c)) return begin_text(c, out);
  if (!quote_) {
    if (whole_line_ ? line_quote_ && c == line_quote_ : ends_plain_value(c)) begin_text(c, out);
    return;
  }
  if (c == quote_ && backslash_ == quote_escaped_) {
    if (quote_escaped_) out += '\\';
    return begin_text(c, out);
  }
  backslash_ = c == '\\' && !backslash_;
}

void Redaction::take_authority(char c, std::string& out) {
  const bool over = held_.size() == most_held || ends_authority(c);
  if (!over) {
    held_ += c;
    return;
  }
  out +=
      held_.size() == most_held || held_.find('@') != held_.npos ? without_password(held_) : held_;
  held_.clear();
  begin_text(c, out);
}

std::string redacted(std::string_view text, const std::vector<std::string>& more) {
  if (text.empty()) return {};  // of most attempts: they end without an error
  Redaction redaction(more);
  std::string out = redaction.through(text);
  return out += redaction.held();
}

}  // namespace hotclock
