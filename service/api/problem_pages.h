// What the code of a problem means: the page that its `type` names.
#pragma once

#include <string_view>

#include "service/http/response.h"

namespace hotclock::api {

// For /api/v1/problems/CODE: a short text; 404 where there is no such code.
http::Response problem_page(std::string_view path);

}  // namespace hotclock::api
