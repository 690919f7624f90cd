// A token as its owner has it: "hc_", 8 letters of key id, "_", 43 letters of secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::access {

struct TokenText {
  std::string_view key_id;  // both into the text that was read
  std::string_view secret;
};
// None where the text is not exactly what new_token_text() makes: it is then nobody's token, and
// the database is not asked. No two texts are read alike.
std::optional<TokenText> read_token(std::string_view text);
Result<std::string> new_token_text();

}  // namespace hotclock::access
