// What a text must be to mean the same in every engine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hotclock::sql {

// Why `text` cannot be stored: it holds a NUL character (PostgreSQL has none) or is no UTF-8
// (SQLite would keep it silently). None where it can.
std::optional<std::string> unfit(std::string_view text);

}  // namespace hotclock::sql
