#include "service/past/words.h"

#include <algorithm>

namespace hotclock::past {
namespace {

constexpr std::size_t most_words = 20;
constexpr std::size_t excerpt_before = 50, excerpt_size = 160;

// Bytes of other scripts are letters: nothing here splits them.
bool is_in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Where the next word from `at` on begins and ends; both text.size() where there is none.
struct Range {
  std::size_t begin, end;
};
Range next_word(std::string_view text, std::size_t at) {
  const auto begin =
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_in_word);
  const auto end = std::find_if_not(begin, text.end(), is_in_word);
  return {static_cast<std::size_t>(begin - text.begin()),
          static_cast<std::size_t>(end - text.begin())};
}

bool is_it(const Word& word, std::string_view candidate) {
  if (word.begins ? candidate.size() < word.text.size() : candidate.size() != word.text.size())
    return false;
  return std::equal(word.text.begin(), word.text.end(), candidate.begin(),
                    [](char a, char b) { return a == small(b); });
}

// Where the word occurs first; npos where it does not.
std::size_t place_of(const Word& word, std::string_view text) {
  for (Range range = next_word(text, 0); range.begin < text.size();
       range = next_word(text, range.end))
    if (is_it(word, text.substr(range.begin, range.end - range.begin))) return range.begin;
  return std::string_view::npos;
}

bool is_inside_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

Result<std::vector<Word>> words_of(std::string_view query) {
  std::vector<Word> words;
  for (Range range = next_word(query, 0); range.begin < query.size();
       range = next_word(query, range.end)) {
    Word word{.text = std::string(query.substr(range.begin, range.end - range.begin))};
    std::ranges::transform(word.text, word.text.begin(), small);
    word.begins = range.end < query.size() && query[range.end] == '*';
    words.push_back(std::move(word));
  }
  if (words.empty()) return Error(Errc::invalid, "there is no word to look for: letters or digits");
  if (words.size() > most_words)
    return Error(Errc::invalid, "these are more than " + std::to_string(most_words) + " words");
  return words;
}

std::string tsquery(const std::vector<Word>& words) {
  std::string out;
  for (const Word& word : words)
    out += (out.empty() ? "'" : " & '") + word.text + (word.begins ? "':*" : "'");
  return out;
}

bool occur(const std::vector<Word>& words, std::string_view text) {
  return std::ranges::all_of(
      words, [text](const Word& word) { return place_of(word, text) != std::string_view::npos; });
}

std::string excerpt(const std::vector<Word>& words, std::string_view text) {
  std::size_t at = words.empty() ? 0 : place_of(words.front(), text);
  if (at == std::string_view::npos) at = 0;
  std::size_t begin = at > excerpt_before ? at - excerpt_before : 0;
  std::size_t end = std::min(text.size(), begin + excerpt_size);
  while (begin > 0 && is_inside_letter(text[begin])) --begin;
  while (end < text.size() && is_inside_letter(text[end])) --end;
  std::string out(text.substr(begin, end - begin));
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return (begin > 0 ? "..." : "") + out + (end < text.size() ? "..." : "");
}

}  // namespace hotclock::past
