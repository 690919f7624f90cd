#include "scheduler/base/nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hotclock {
namespace {

constexpr std::size_t kChange = 4;  // a change of case costs a quarter of it
constexpr std::size_t kLongestWord = 100;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t replacing(char a, char b) {
  if (a == b) return 0;
  return lower(a) == lower(b) ? kChange / 4 : kChange;
}

// The edit distance, row by row; neighbours that swapped places count as one change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j * kChange;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i * kChange;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(
          {last[j] + kChange, row[j - 1] + kChange, last[j - 1] + replacing(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + kChange);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

template <class Word>
std::string_view nearest_of(std::string_view word, std::span<const Word> known) {
  if (word.size() > kLongestWord) return {};
  std::size_t least = word.size() < 2 ? kChange / 2 : std::max(kChange, word.size() * kChange / 3);
  std::string_view found;
  for (const Word& candidate : known) {
    const std::size_t d = distance(word, candidate);
    if (d < least || (d == least && found.empty())) {
      least = d;
      found = candidate;
    }
  }
  return found;
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  return nearest_of(word, known);
}

std::string_view nearest(std::string_view word, std::span<const std::string> known) {
  return nearest_of(word, known);
}

}  // namespace hotclock
