// What a text is known by where it must not, or need not, be kept itself: a secret's hash, an ETag, a
// seal. Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace hotclock::digest {

// SHA-256 (FIPS 180-4), as 64 digits in lower-case hex; who needs fewer takes the first of them.
std::string sha256_hex(std::string_view text);

}  // namespace hotclock::digest
