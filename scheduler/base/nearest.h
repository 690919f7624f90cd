// "Did you mean ...?": the known word nearest to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hotclock {

// Whichever of `known` takes the fewest single-letter changes (insert, remove, replace, swap two
// neighbours; a change of case counts least) to become `word`; empty where none is near enough to
// be meant, which is a third of the word's length and at least one change.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);
std::string_view nearest(std::string_view word, std::span<const std::string> known);

}  // namespace hotclock
