// The REST front: /api/v1 over HTTP, from the bytes of a request to an operation and back.
#pragma once

#include <memory>
#include <string>

#include "service/api/callers.h"
#include "service/api/limits.h"
#include "service/api/live_lists.h"
#include "service/api/request_metrics.h"
#include "service/api/workers.h"
#include "service/http/server.h"
#include "service/log/logger.h"
#include "service/operations/operations.h"

namespace hotclock::api {

struct RestSettings {
  access::SessionRules sessions;
  LimitSettings limits;
};

// All of it outlives the front, but the server, which stops before it ends.
struct RestGround {
  http::Loop& loop;
  Workers& workers;
  operations::Desk& desk;
  log::Logger& logger;
  RequestMetrics* requests = nullptr;  // null: nobody counts
};

//   /api/v1/...                 the operations (service/operations/table*.cpp)
//   /api/v1/session             POST a token for a cookie, GET who it is, DELETE it
//   /api/v1/events?topics=      live lists, as server-sent events
//   /api/v1/openapi.json        what all of it takes and gives; anybody may read it
//   /api/v1/problems/CODE       what a problem's code means; the same
//   /api/v1/runbook/NAME        what to do when an alert of that rule fires; the same
//
// Everything else wants a token (Authorization: Bearer) or a session's cookie. Each answer carries
// X-Request-Id, the one that was sent or a new one, which stands in the audit, too.
// Threads: the loop's; news() any.
class Rest {
 public:
  Rest(RestGround ground, RestSettings settings);

  // REQUIRES: before the server starts, once.
  void serve(http::Server& server);
  // Something may have changed that live lists show.
  void news() { lists_.news(); }

 private:
  // One request, taken off the wire for a worker.
  struct Asked;
  using Answered = std::function<http::Response(const Asked& asked, const std::stop_token& stop)>;

  std::optional<http::Response> gate(http::Request& request);
  void count(const http::Request& request, const http::Response& response) const;
  void answer(http::Exchange exchange, Answered work);
  http::Response perform(const Asked& asked) const;
  http::Response open_session(const Asked& asked) const;
  http::Response show_session(const Asked& asked) const;
  http::Response end_session(const Asked& asked) const;
  void listen(http::Exchange exchange);
  std::shared_ptr<const Asked> taken(http::Request& request);
  http::Response too_many(const http::Request& request) const;

  const RestGround ground_;
  Limits limits_;
  const Callers callers_;
  const operations::Operations operations_;
  LiveLists lists_;
  const std::shared_ptr<const std::string> openapi_;
};

// HTTP's form of an answer: problems with the path and the request's id, links below /api/v1. The
// link to a page that follows repeats `query`, as it was sent.
http::Response response_of(operations::Answer answer, const std::string& path,
                           const std::string& request_id, std::string_view query = {});
// What every answer carries, that browsers need to be told.
void dress(const http::Request& request, http::Response& response);

}  // namespace hotclock::api
