// What an editor's request does to festivals, and how it is answered. On a worker.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/festivals/festivals.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "service/sql/sql.h"
#include "service/theme/look.h"

namespace hotclock::api {

// An editor's request, taken apart. `id` is 0 where the address names no festival.
struct Call {
  std::int64_t id = 0;
  std::int64_t user = 0;
  std::string body;
  http::Fields parameters;
  std::string if_match;
  std::string if_none_match;
};

// Threads: any; all of it outlives the acts.
struct Editing {
  sql::Database& database;
  const Clock& clock;
  const theme::Rules& rules;
};

// What `country` would wear of that festival; an empty country is its own. `format`: "", "json",
// "css".
Result<http::Response> festival_preview(const Editing& editing, std::int64_t id,
                                        std::string_view country, std::string_view format);

// One of the things that can be done. Mistakes of the editor are answers; errors are those that
// festivals.h names.
struct FestivalAct {
  std::string_view method;
  std::string_view page;  // "", "/validate", "/ID", "/ID/activate", ...
  Result<http::Response> (*work)(const Editing& editing, const Call& call);
};
std::span<const FestivalAct> festival_acts();

}  // namespace hotclock::api
