// Festivals over HTTP, for editors.
#pragma once

#include "service/api/festival_acts.h"
#include "service/api/ground.h"
#include "service/http/server.h"

namespace hotclock::api {

//   GET  /api/v1/festivals?country=&standing=&after=&limit=    POST /api/v1/festivals
//   POST /api/v1/festivals/validate                            GET, PUT, DELETE /api/v1/festivals/3
//   POST /api/v1/festivals/3/activate, .../end                 GET
//   /api/v1/festivals/3/preview?country=
//
// All of it, looking too, is for editors. A festival's ETag is its revision: PUT must name it in
// If-Match, other acts may. docs/themes.md has bodies and answers.
// Threads: the loop's. What is built here answers requests as long as its server does.
class FestivalsApi {
 public:
  FestivalsApi(Ground ground, theme::Rules rules)
      : ground_(ground),
        rules_(std::move(rules)),
        editing_{ground.database, ground.clock, rules_} {}

  // REQUIRES: before the server starts, once.
  void serve(http::Server& server);

 private:
  // Lets an editor's request for something that there is through, before its body is read.
  std::optional<http::Response> gate(http::Request& request);
  void answer(http::Exchange exchange);

  const Ground ground_;
  const theme::Rules rules_;
  const Editing editing_;
};

}  // namespace hotclock::api
