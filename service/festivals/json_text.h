// JSON as text, where what an editor wrote is to be kept as it was written: 1.15 stays 1.15.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotclock::festivals {

// The values of an object's members in their order, without the white space between their parts.
// REQUIRES: `object` is the valid JSON of an object.
std::vector<std::string> member_texts(std::string_view object);

// A text as JSON has it, in its quotes.
std::string quoted(std::string_view text);

// `text` where it is JSON, otherwise null: on one line.
std::string json_or_null(std::string_view text);

}  // namespace hotclock::festivals
