// The door of a server: operations over HTTP, by a token.
#pragma once

#include <memory>

#include "service/cli/door.h"

namespace hotclock::cli {

// The server of `--server` or HOTCLOCK_SERVER, with the token of `--token-file`, HOTCLOCK_TOKEN or
// HOTCLOCK_TOKEN_FILE, which no other user of the machine may be able to read. Nothing is asked
// yet. Errc::invalid: the address is none, it would send the token over the net for all to read,
// or there is no token.
//
// It asks again, with the same Idempotency-Key, what was not sent or is safe to send twice; a
// change that may have been done is Errc::unknown.
Result<std::unique_ptr<Door>> open_remote_door(Console& console, const Common& common);

}  // namespace hotclock::cli
