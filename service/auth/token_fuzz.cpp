// Any text as a token: it is refused, unless its signature is good; and a text of keys is a ring or
// an error, and never anything else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "service/auth/base64url.h"
#include "service/auth/key_ring.h"
#include "service/auth/token.h"
#include "service/auth/verifier.h"

using namespace hotclock;
using namespace hotclock::auth;

namespace {

const TokenVerifier& verifier() {
  static const TokenVerifier out(
      std::make_unique<KeySource>(
          KeyRing::of(Key::secret("a secret that the fuzzer cannot guess, at all").value())),
      {});
  return out;
}

// The parser sees the text itself, and as the claims of a token with a good header, whose base64
// would otherwise hide what is behind it.
void try_all(std::string_view text) {
  if (const auto token = take_apart(text); !token && token.error().message().empty()) std::abort();
  if (verifier().verify(text, from_millis(0))) std::abort();
  const std::string framed = "eyJhbGciOiJIUzI1NiJ9." + to_base64url(text) + ".AA";
  const auto token = take_apart(framed);
  if (token && token->signed_text.size() + 3 != framed.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_all(text);
  if (const auto ring = KeyRing::of_jwks(text); ring && ring->size() == 0) std::abort();
  if (const auto bytes = from_base64url(text); bytes && to_base64url(*bytes) != text) std::abort();
  return 0;
}
