#include "service/http/request.h"

#include <algorithm>
#include <optional>

namespace hotclock::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What comes before the next `separator`; takes both off `text`.
std::string_view cut(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// The character of an escape at the front of `text`; -1 where there is none.
int escaped(std::string_view text) {
  if (text.size() < 3) return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

// `lenient`: a broken escape stands for itself, and a plus is a space, as in queries.
std::optional<std::string> decoded(std::string_view text, bool lenient) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int code = text[i] == '%' ? escaped(text.substr(i)) : -1;
    if (code >= 0) {
      out += static_cast<char>(code);
      i += 2;
    } else if (text[i] == '%' && !lenient) {
      return std::nullopt;
    } else {
      out += lenient && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Fields parameters_of(std::string_view query) {
  Fields out;
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    const std::string_view name = cut(value, '=');
    if (!name.empty()) out.emplace_back(*decoded(name, true), *decoded(value, true));
  }
  return out;
}

// "http://host/path" as a proxy would be asked: the path alone.
std::string_view without_origin(std::string_view target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const auto slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

}  // namespace

std::string Request::headers_joined(std::string_view name) const {
  std::string out;
  for (const auto& [each, value] : headers) {
    if (each != name) continue;
    if (!out.empty()) out += ',';
    out += value;
  }
  return out;
}

std::string_view find(const Fields& fields, std::string_view name) {
  const auto at = std::ranges::find(fields, name, &Fields::value_type::first);
  return at == fields.end() ? std::string_view{} : std::string_view(at->second);
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty())
    if (same_word(trimmed(cut(list, ',')), word)) return true;
  return false;
}

bool Request::asks_for_websocket() const {
  return has_word(header("upgrade"), "websocket") && has_word(header("connection"), "upgrade");
}

bool read_target(std::string_view target, Request& request) {
  target = without_origin(cut(target, '#'));
  const std::string_view sent = cut(target, '?');
  auto path = decoded(sent, false);
  const bool asterisk = path == "*" && request.method == "OPTIONS";
  if (!path || (!path->starts_with('/') && !asterisk)) return false;
  if (path->find('\0') != std::string::npos) return false;
  request.path = std::move(*path);
  request.escaped_slash = std::ranges::count(request.path, '/') != std::ranges::count(sent, '/');
  request.query = target;
  request.parameters = parameters_of(target);
  return true;
}

}  // namespace hotclock::http
