// Principals and grants as they are kept, and as people read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/access/principal.h"

namespace hotclock::access {

// {"name":"asha","role":"operator","rights":[],"jobs":["og-*"],"from":"10.0.0.7","token":3}
std::string to_json(const Principal& principal);
// What to_json() wrote; Errc::corrupt for anything else.
Result<Principal> principal_of_json(std::string_view text);

// "operator", "operator: look, run; for og-*": as the audit has it.
std::string to_words(const Grant& grant);

// Words separated by spaces, as columns hold lists.
std::string joined(const std::vector<std::string>& words);
std::vector<std::string> words_of(std::string_view text);
std::string joined(const std::vector<Right>& rights);
// Errc::corrupt where a word is none that this program knows: then nothing is granted.
Result<Grant> grant_of(std::string_view role, std::string_view rights, std::string_view jobs);

}  // namespace hotclock::access
