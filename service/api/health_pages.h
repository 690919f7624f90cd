// Whether this node lives and can do its work, for whoever hands requests on to it or starts it
// anew.
#pragma once

#include <string>

#include "service/api/fresh.h"
#include "service/api/ground.h"
#include "service/http/server.h"

namespace hotclock::api {

//   GET /livez    200: the loop answers. It depends on nothing else.
//   GET /readyz   200 where the database answers and has every migration, else 503:
//                 {"ready":false,"checks":[{"name":"database","ok":false,"detail":"unavailable"},...]}
//
// Anybody may ask, and learns no more than that; the database is asked once a second at most.
// Threads: the loop's. What is built here answers requests as long as its server does.
class HealthPages {
 public:
  explicit HealthPages(Ground ground);

  // REQUIRES: before the server starts, once.
  void serve(http::Server& server);

 private:
  struct Health {
    bool ready = false;
    std::string page;
  };
  static Health look(sql::Database& database, const std::stop_token& stop);

  Fresh<Health> health_;
};

}  // namespace hotclock::api
