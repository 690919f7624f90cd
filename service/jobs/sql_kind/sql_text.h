// A statement that a file of settings brings along: what may be read of it without an engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"

namespace hotclock::sql_kind {

// What a statement may ask for.
enum class Given { slot, slot_millis };  // $1, $2

struct SqlText {
  std::string text;          // its parameters numbered $1, $2 ... without a gap
  std::vector<Given> given;  // what each of them is
};

// Errc::invalid: it does not begin with the word of a statement that may stand in a chunk, or asks
// for a parameter there is none of. That it begins with that word, without a comment in front of
// it, and that the engines prepare no more than one statement at a time, is why none can end its
// transaction: COMMIT, BEGIN, SET and all others are not among these words.
Result<SqlText> read_sql(std::string_view text);

}  // namespace hotclock::sql_kind
