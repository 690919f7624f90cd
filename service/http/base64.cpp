#include "service/http/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hotclock::http {
namespace {

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t none = 0xff;

constexpr std::array<std::uint8_t, 256> values() {
  std::array<std::uint8_t, 256> out{};
  for (auto& value : out) value = none;
  for (std::size_t i = 0; i < standard.size(); ++i)
    out[static_cast<unsigned char>(standard[i])] = static_cast<std::uint8_t>(i);
  return out;
}
constexpr auto value_of = values();

std::uint32_t byte(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

std::string encode(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t three =
        byte(bytes, at) << 16 | byte(bytes, at + 1) << 8 | byte(bytes, at + 2);
    const std::size_t digits = bytes.size() - at >= 3 ? 4 : bytes.size() - at + 1;
    for (std::size_t i = 0; i < digits; ++i) out += alphabet[three >> (18 - 6 * i) & 63];
    if (padded) out.append(4 - digits, '=');
  }
  return out;
}

// Nothing where the padding is not what it has to be.
std::optional<std::string_view> without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const auto padding = text.substr(std::min(text.find('='), text.size()));
  if (!padding.empty() && padding != "=" && padding != "==") return std::nullopt;
  return text.substr(0, text.size() - padding.size());
}

}  // namespace

std::string to_base64(std::string_view bytes) { return encode(bytes, standard, true); }
std::string to_base64_url(std::string_view bytes) { return encode(bytes, url_safe, false); }

std::optional<std::string> from_base64(std::string_view text) {
  const auto digits = without_padding(text);
  if (!digits) return std::nullopt;
  std::string out;
  out.reserve(digits->size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : *digits) {
    const std::uint8_t value = value_of[static_cast<unsigned char>(c)];
    if (value == none) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
    bits &= (1u << count) - 1;
  }
  if (bits != 0) return std::nullopt;
  return out;
}

}  // namespace hotclock::http
