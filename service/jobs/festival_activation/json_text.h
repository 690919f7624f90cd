// The JSON texts of the platform, as they go into events.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace hotclock::festival_activation {

// A text that is no JSON reaches the clients as null rather than keep a festival from starting.
boost::json::value json_of(std::string_view text);

}  // namespace hotclock::festival_activation
