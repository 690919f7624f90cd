// Words as search() knows them, the same for texts that it reads itself and for PostgreSQL's index.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"

namespace hotclock::past {

struct Word {
  std::string text;     // small letters and digits
  bool begins = false;  // every word that begins so

  friend bool operator==(const Word&, const Word&) = default;
};

// Errc::invalid: none, or more than 20.
Result<std::vector<Word>> words_of(std::string_view query);

// "'bank' & 'time':*", as to_tsquery takes it.
std::string tsquery(const std::vector<Word>& words);

// Whether all of them occur in the text.
bool occur(const std::vector<Word>& words, std::string_view text);

// At most some 160 bytes of it around where the first of them occurs, on one line.
std::string excerpt(const std::vector<Word>& words, std::string_view text);

}  // namespace hotclock::past
