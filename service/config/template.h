// Texts with fields in them: "{{rule}} of {{jobs}}". Nothing else: no conditions, no loops.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hotclock::config {

// What is wrong with one, and where.
struct TemplateMistake {
  std::string what;   // "there is no field \"rul\""
  std::string right;  // "did you mean rule?"
  std::size_t offset = 0;
  std::size_t length = 0;
};

// None where every field is one of `fields` and every "{{" has its "}}".
std::optional<TemplateMistake> mistake_in(std::string_view text,
                                          std::span<const std::string_view> fields);

// The text with what `value` says of each field. REQUIRES: there is no mistake in it.
std::string filled(std::string_view text,
                   const std::function<std::string(std::string_view field)>& value);

}  // namespace hotclock::config
