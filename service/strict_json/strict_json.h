// JSON from strangers: read so that none of it can be understood in two ways.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/base/result.h"

namespace hotclock::strict_json {

// The value that `text` is. Errc::invalid, "it is nested too deeply" beyond `deepest` and "it is no
// JSON" for everything else; the text is not repeated.
Result<boost::json::value> parse(std::string_view text, std::size_t deepest);

// The paths of names that stand twice in one object, each once for every time too often:
// "colors.primary", "skins[2].name". `text` is JSON that parse() has read.
std::vector<std::string> repeated_names(std::string_view text, std::size_t deepest);

// The object that `text` is. Refused: what parse() refuses more than 16 deep, what is no object, and
// a name that stands twice.
Result<boost::json::object> object_of(std::string_view text);

// The text that is the member `name`; null where there is none, or it is no text.
const boost::json::string* text_of(const boost::json::object& object, std::string_view name);

}  // namespace hotclock::strict_json
