// The clients that a person means.
#pragma once

#include <string>

#include "scheduler/base/result.h"
#include "service/hub/presence.h"

namespace hotclock::cli {

// By what was typed behind --room, --user and --socket. Errc::invalid where a room or a user cannot be.
Result<hub::Whom> read_whom(const std::string& room, const std::string& user,
                            const std::string& socket);

}  // namespace hotclock::cli
