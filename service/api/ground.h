// What pages stand on, and how they answer from a worker.
#pragma once

#include <memory>

#include "scheduler/base/clock.h"
#include "service/api/access.h"
#include "service/api/workers.h"
#include "service/http/exchange.h"
#include "service/log/logger.h"
#include "service/sql/sql.h"

namespace hotclock::api {

// All of it outlives the pages.
struct Ground {
  http::Loop& loop;
  Workers& workers;
  Access& access;
  sql::Database& database;
  const Clock& clock;
  log::Logger& logger;
};

// A request that somebody shares who will answer it, on the loop's thread.
using Waiting = std::shared_ptr<http::Exchange>;
inline Waiting waiting(http::Exchange exchange) {
  return std::make_shared<http::Exchange>(std::move(exchange));
}

// problem_of(), and a line in the log where it is the fault of neither the client nor the load.
http::Response refused(const Ground& ground, const Error& error);

// Answers with what `work` makes on a worker; `work` must not touch what belongs to the loop. Where
// there is no room it is 503.
void answer(const Ground& ground, http::Exchange exchange, Workers::Work<http::Response> work);

}  // namespace hotclock::api
