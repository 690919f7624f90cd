// Values of a job as live_changes keeps them: a JSON object, in the order of the keys, of each
// value and the version that put it in force: {"schedule": ["0 5 * * *", 3]}.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/live/live.h"

namespace hotclock::live {

struct Kept {
  std::string value;
  std::int64_t version = 0;
};
using Values = std::map<std::string, Kept, std::less<>>;

std::string to_json(const Values& values);
// Errc::corrupt where it is none.
Result<Values> values_of(std::string_view json);
std::vector<Value> list_of(const Values& values);

// "schedule = 5 0 * * *, zone = UTC"; "by the files" where there are none: for the audit.
std::string in_words(const Values& values);

// Whether the key has another value in the other, or none there.
bool differ(const Values& one, const Values& other, std::string_view key);

}  // namespace hotclock::live
