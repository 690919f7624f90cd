#include "service/api/ground.h"

#include <utility>

#include "service/api/answers.h"

namespace hotclock::api {

http::Response refused(const Ground& ground, const Error& error) {
  auto response = problem_of(error);
  const bool expected = error.code() == Errc::busy || error.code() == Errc::stopped;
  if (response.status >= 500 && !expected)
    ground.logger.warning("a request could not be answered", {{"error", error.message()}});
  return response;
}

void answer(const Ground& ground, http::Exchange exchange, Workers::Work<http::Response> work) {
  const Waiting asks = waiting(std::move(exchange));
  ground.workers.run<http::Response>(
      std::move(work), [&ground, asks](Result<http::Response> response) {
        asks->respond(response ? std::move(response).value() : refused(ground, response.error()));
      });
}

}  // namespace hotclock::api
