// JSON from strangers: one object, of which nothing can be understood in two ways.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "scheduler/base/result.h"

namespace hotclock::auth {

// The object that `text` is. Refused: what is no JSON, no UTF-8 or no object, a name that stands
// twice in one object, and anything nested more than 16 deep. Messages never repeat the text.
Result<boost::json::object> strict_object(std::string_view text);

// The text that is the member `name`; null where there is none, or it is no text.
const boost::json::string* text_of(const boost::json::object& object, std::string_view name);

}  // namespace hotclock::auth
