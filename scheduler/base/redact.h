// Texts that may carry passwords, made fit for logs and screens.
#pragma once

#include <string>
#include <string_view>

namespace hotclock {

// `text` with "***" for the password of every URL in it (scheme://user:password@host) and for what
// stands behind "password=". Where it is not clear how far a password goes, more is hidden, not
// less.
std::string without_passwords(std::string_view text);

}  // namespace hotclock
