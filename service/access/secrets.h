// Secrets that are shown once, and the hashes that are kept of them.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::access {

// 256 bits of the operating system's randomness, as 43 letters that may stand in a URL.
Result<std::string> random_secret();
// 40 bits of it, as 8 letters and digits that nobody takes for one another.
Result<std::string> random_key_id();

// SHA-256, in hex. Enough for what is random itself: there is nothing to guess.
std::string hash_of(std::string_view text);
// In the same time wherever they differ.
bool same_hash(std::string_view one, std::string_view other);

}  // namespace hotclock::access
