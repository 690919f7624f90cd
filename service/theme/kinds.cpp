#include "service/theme/kinds.h"

#include <algorithm>

#include "scheduler/base/utf8.h"

namespace hotclock::theme {
namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t longest_shown = 60;

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_small(c) || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class First, class Rest>
bool is_name(std::string_view text, First first, Rest rest) {
  return !text.empty() && text.size() <= longest_name && first(text[0]) &&
         std::all_of(text.begin(), text.end(), rest);
}

bool is_plain(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const bool ends_line = c == 0x2028 || c == 0x2029;
  const bool turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return !control && !ends_line && !turns;
}

bool stands_in_url(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-._~/%?=&+,:@#!").find(c) != std::string_view::npos;
}

// "%20": not what would be a dot, a slash, a backslash or a control character once it is decoded.
bool is_escape(std::string_view text) {
  if (text.size() < 3 || !is_hex(text[1]) || !is_hex(text[2])) return false;
  const int code = std::stoi(std::string(text.substr(1, 2)), nullptr, 16);
  return code >= 0x20 && code != 0x7f && code != '.' && code != '/' && code != '\\';
}

bool escapes_are_good(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (!is_escape(text.substr(at))) return false;
  return true;
}

// "/a/b.webp?v=3": it begins with a slash, and no part of it is empty or leads elsewhere.
bool is_path(std::string_view text) {
  if (!text.starts_with('/') || !std::all_of(text.begin(), text.end(), stands_in_url)) return false;
  if (text.find("..") != std::string_view::npos || !escapes_are_good(text)) return false;
  const std::string path = std::string(text.substr(0, text.find_first_of("?#"))) + "/";
  return path.find("/./") == std::string::npos &&
         path.substr(0, path.size() - 1).find("//") == std::string::npos;
}

constexpr std::string_view scheme = "https://";

// "cdn.example" of "https://cdn.example/sky.webp"; empty where it has none.
std::string_view host_of(std::string_view url) {
  if (!url.starts_with(scheme)) return {};
  url.remove_prefix(scheme.size());
  return url.substr(0, url.find('/'));
}

bool is_host(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? "443" : text.substr(colon + 1);
  return !name.empty() && !port.empty() && std::all_of(port.begin(), port.end(), is_digit) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; });
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_host(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small(x) == small(y); });
}

// What of `text` `passes`, at most `most` characters.
template <class Passes>
std::string kept(std::string_view text, std::size_t most, Passes passes) {
  std::string out;
  for (; !text.empty() && most > 0;) {
    const Utf8Character c = first_character(text);
    const std::size_t size = std::max<std::size_t>(c.size, 1);
    if (c.size > 0 && passes(c.code)) {
      out += text.substr(0, size);
      --most;
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

bool is_slug(std::string_view text) {
  return is_name(text, is_small, [](char c) { return is_small(c) || is_digit(c) || c == '-'; });
}

bool is_element_name(std::string_view text) {
  return is_name(text, is_small, [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_family(std::string_view text) {
  return is_name(text, is_letter,
                 [](char c) { return is_letter(c) || is_digit(c) || c == ' ' || c == '-'; });
}

bool is_plain_text(std::string_view text) { return plain(text).size() == text.size(); }

std::string plain(std::string_view text) { return kept(text, text.size(), is_plain); }

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

bool is_address(std::string_view text) {
  if (text.size() > longest_url) return false;
  if (text.starts_with('/')) return is_path(text);
  const std::string_view host = host_of(text);
  const std::string_view path = text.substr(std::min(text.size(), scheme.size() + host.size()));
  return is_host(host) && (path.empty() || is_path(path));
}

bool is_url(std::string_view text, const Rules& rules) {
  if (!is_address(text)) return false;
  return text.starts_with('/') ||
         std::any_of(rules.hosts.begin(), rules.hosts.end(),
                     [&](const std::string& host) { return same_host(host, host_of(text)); });
}

std::string kebab(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (small(c) != c) out += '-';
    out += small(c);
  }
  return out;
}

std::string shown(std::string_view text) {
  std::string out = kept(text, longest_shown + 1, is_plain);
  if (length(out) <= longest_shown) return out;
  return kept(out, longest_shown, is_plain) + "...";
}

}  // namespace hotclock::theme
