// "Did you mean ...?": the known word nearest to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hotclock {

// Whichever of `known` takes the least change to become `word`: letters inserted, removed,
// replaced, or swapped with their neighbour; a change of case counts a quarter. Empty where that is more
// than a third of the word's letters (one change is always near enough, but not for a single
// letter).
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);
std::string_view nearest(std::string_view word, std::span<const std::string> known);

}  // namespace hotclock
