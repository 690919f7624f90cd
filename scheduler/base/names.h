// Names of enumerators, in one table each, so that printing and reading cannot differ.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace hotclock {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
constexpr std::string_view name_of(const Names<E, N>& names, E value) {
  for (const auto& [enumerator, name] : names)
    if (enumerator == value) return name;
  return "?";
}

// False where `text` names none; `out` is then left alone.
template <class E, std::size_t N>
constexpr bool find_name(const Names<E, N>& names, std::string_view text, E& out) {
  for (const auto& [enumerator, name] : names)
    if (name == text) return out = enumerator, true;
  return false;
}

}  // namespace hotclock
