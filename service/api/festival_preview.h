// What a country would wear of a festival, for editors. On a worker.
#pragma once

#include <cstdint>
#include <string_view>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/http/response.h"
#include "service/sql/sql.h"
#include "service/theme/look.h"

namespace hotclock::api {

// Threads: any; all of it outlives the look.
struct Editing {
  sql::Database& database;
  const Clock& clock;
  const theme::Rules& rules;
};

// An empty country is the festival's own. `format`: "", "json", "css".
Result<http::Response> festival_preview(const Editing& editing, std::int64_t id,
                                        std::string_view country, std::string_view format);

}  // namespace hotclock::api
