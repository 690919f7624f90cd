// How pages answer what cannot be done: as RFC 9457 writes problems.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/http/response.h"
#include "service/theme/look.h"

namespace hotclock::api {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view css_type = "text/css; charset=UTF-8";

// {"type":"about:blank","title":"Bad Request","status":400,"detail":"...","problems":[...]}, for
// nobody to keep. The list of problems is left out where it is empty.
http::Response problem(int status, std::string_view detail,
                       const std::vector<theme::Problem>& problems = {});

// By the kind of the error: 503 with Retry-After where later may do, 404, 409, 400; 500 for faults
// of our own, whose words are not a client's to read.
http::Response problem_of(const Error& error);

// A whole number in digits, at least 0 and of at most 18 digits; -1 where `text` is none.
std::int64_t number_in(std::string_view text);

}  // namespace hotclock::api
