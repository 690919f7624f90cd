#include "service/digest/sha256.h"

#include <openssl/sha.h>

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hotclock::digest {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

}  // namespace hotclock::digest
