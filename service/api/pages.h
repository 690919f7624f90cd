// The pages of this node beside its clients: themes and bonuses, and how the node is.
#pragma once

#include <memory>

#include "scheduler/base/clock.h"
#include "service/api/ground.h"
#include "service/auth/verifier.h"
#include "service/config/themes.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/log/logger.h"
#include "service/sql/sql.h"
#include "service/theme/look.h"

namespace hotclock::api {

// What pages are built on. All of it outlives them, but the server, which stops before they end.
struct Site {
  http::Loop& loop;
  http::Server& server;
  const auth::TokenVerifier* tokens;  // null: nobody can show one
  sql::Database& database;
  const Clock& clock;
  log::Logger& logger;
};

// Threads: the one that built it; theme_changed() on the loop's.
class Pages {
 public:
  // Adds them to the server, which has not started yet.
  Pages(Site site, const config::ThemesConfig& settings, const theme::Rules& rules);
  ~Pages();

  // What they stand on, for who adds others before the server starts.
  const Ground& ground() const;

  // A client is about to hear of a theme that is another now: who asks after that is shown it.
  void theme_changed();

  // Requests that wait are answered 503, and so are those that come later. When it returns, nothing
  // works for them any more. Twice is no error.
  void stop();

 private:
  class Rooms;
  const std::unique_ptr<Rooms> rooms_;
};

}  // namespace hotclock::api
