#include "service/http/frame.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "service/http/base64.h"

namespace hotclock::http {
namespace {

constexpr std::string_view handshake_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift & 0xff);
}

// SHA-1 with what OpenSSL would look up anew each time; one of them serves a thread for its life.
class Sha1 {
 public:
  using Digest = std::array<unsigned char, 20>;

  Digest of(std::string_view text) {
    Digest out{};
    EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr);
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
    EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD, Free> algorithm_{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  const std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace

std::string frame_header(Opcode opcode, std::size_t size) {
  std::string out(1, static_cast<char>(0x80 | static_cast<int>(opcode)));
  if (size < 126) {
    append_number(out, size, 1);
  } else if (size < 65536) {
    out += static_cast<char>(126);
    append_number(out, size, 2);
  } else {
    out += static_cast<char>(127);
    append_number(out, size, 8);
  }
  return out;
}

std::string frame(Opcode opcode, std::string_view content) {
  return frame_header(opcode, content.size()).append(content);
}

std::string close_frame(std::uint16_t code) {
  std::string content;
  if (code != 1005) append_number(content, code, 2);
  return frame(Opcode::close, content);
}

std::string accept_key(std::string_view key) {
  const auto nonce = from_base64(key);
  if (!nonce || nonce->size() != 16) return {};
  const std::string text = std::string(key).append(handshake_guid);
  thread_local Sha1 sha1;
  const Sha1::Digest digest = sha1.of(text);
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace hotclock::http
