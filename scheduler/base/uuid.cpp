#include "scheduler/base/uuid.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace hotclock {
namespace {

constexpr std::string_view hex = "0123456789abcdef";
constexpr bool dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void fill(void* buffer, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(buffer);
  while (size > 0) {
    const auto got = getrandom(at, size, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace

std::string Uuid::text() const {
  std::array<char, 36> out;
  char* at = out.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (dash_before(i)) *at++ = '-';
    *at++ = hex[bytes[i] >> 4];
    *at++ = hex[bytes[i] & 15];
  }
  return {out.data(), out.size()};
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  Uuid uuid;
  if (text.size() != 36) return std::nullopt;
  std::size_t at = 0;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (dash_before(i) && text[at++] != '-') return std::nullopt;
    for (int nibble = 0; nibble < 2; ++nibble) {
      const char c = text[at++];
      const auto digit = hex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
      if (digit == std::string_view::npos) return std::nullopt;
      uuid.bytes[i] = static_cast<std::uint8_t>(uuid.bytes[i] << 4 | digit);
    }
  }
  return uuid;
}

Uuid UuidSource::next(Instant now) {
  // 12 bits count within a millisecond; when they run out, or the clock went back, the last
  // millisecond is simply lived on.
  if (to_millis(now) > last_millis_) {
    last_millis_ = to_millis(now);
    count_ = static_cast<std::uint32_t>(random() & 0x7ff);  // half the room is left to count in
  } else if (++count_ > 0xfff) {
    ++last_millis_;
    count_ = 0;
  }
  Uuid uuid;
  for (int i = 0; i < 6; ++i)
    uuid.bytes[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(static_cast<std::uint64_t>(last_millis_) >> (40 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | count_ >> 8);
  uuid.bytes[7] = static_cast<std::uint8_t>(count_);
  std::uint64_t bits = random();
  for (std::size_t i = 8; i < 16; ++i, bits >>= 8) uuid.bytes[i] = static_cast<std::uint8_t>(bits);
  uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

std::uint64_t UuidSource::random() {
  if (used_ == pool_.size()) {
    fill(pool_.data(), sizeof pool_);
    used_ = 0;
  }
  return pool_[used_++];
}

}  // namespace hotclock
