// What to do when an alert fires: where the link of an alert leads ([alerts] runbook).
#pragma once

#include "service/http/request.h"
#include "service/http/response.h"

namespace hotclock::api {

// REQUIRES: the path begins with /api/v1/runbook/.
// For /api/v1/runbook/NAME: the page, as HTML for who asks for that, else as Markdown; for
// /api/v1/runbook/ all of them. 404, with the nearest, where there is none.
http::Response runbook_page(const http::Request& request);

}  // namespace hotclock::api
