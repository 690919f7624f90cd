#include "service/api/reading.h"

#include <algorithm>
#include <charconv>

#include "service/http/request.h"
#include "service/theme/festival.h"

namespace hotclock::api {

std::string_view bearer_in(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (!http::same_word(authorization.substr(0, scheme.size()), scheme)) return {};
  authorization.remove_prefix(
      std::min(authorization.find_first_not_of(' ', scheme.size()), authorization.size()));
  return authorization.substr(0, authorization.find(' '));
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = -1;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() > 18 || !std::ranges::all_of(text, is_digit)) return -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::string> country_in(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool two = out.size() == 2 && std::ranges::all_of(out, is_capital);
  return two || out == theme::global ? std::optional(out) : std::nullopt;
}

}  // namespace hotclock::api
