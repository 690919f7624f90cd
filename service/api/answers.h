// How pages answer what cannot be done: as RFC 9457 writes problems.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "scheduler/base/result.h"
#include "service/http/response.h"
#include "service/theme/look.h"

namespace hotclock::api {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view css_type = "text/css; charset=UTF-8";

// Where nobody but who asked may keep an answer.
inline constexpr std::string_view for_nobody_else = "private, no-store";

boost::json::array problems_json(const std::vector<theme::Problem>& problems);

// {"type":"about:blank","title":"Bad Request","status":400,"detail":"...","problems":[...]}, for
// nobody to keep. The list of problems is left out where it is empty.
http::Response problem(int status, std::string_view detail,
                       const std::vector<theme::Problem>& problems = {});

// What nobody but who asked may keep.
http::Response private_answer(std::string text, std::string_view type);

// By the kind of the error: 503 with Retry-After where later may do, 404, 409, 400, 501; 500 for
// faults of our own, whose words are not a client's to read.
http::Response problem_of(const Error& error);

}  // namespace hotclock::api
