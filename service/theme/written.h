// The JSON of editors: read so that none of it can be understood in two ways.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "service/theme/look.h"

namespace hotclock::theme {

// The value that `text` is. None, and a problem at `where`, where it is longer than `most` bytes,
// no JSON or nested more than 6 deep. A name that stands twice in one object is a problem, too; its
// last value counts. Problems inside are told at `inside` followed by their path.
std::optional<boost::json::value> read_json(std::string_view text, std::size_t most,
                                            const std::string& where, const std::string& inside,
                                            std::vector<Problem>& problems);

// The path of a member: "colors" and "primary" are "colors.primary".
std::string below(const std::string& path, std::string_view member);

}  // namespace hotclock::theme
