// Ids that nobody can guess.
#pragma once

#include <string>

namespace hotclock::socketio {

// 20 characters that may stand in a URL: 15 random bytes.
std::string random_id();

}  // namespace hotclock::socketio
