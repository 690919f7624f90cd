// How often the API was asked for what, how it answered, and how long that took.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"
#include "service/metrics/families.h"

namespace hotclock::api {

// Requests are told apart by the template of their path ("/jobs/{job}/pause"), never by the path
// itself; what is no path of ours is the route "other". All are there at zero from the start.
// Threads: any.
class RequestMetrics {
 public:
  // `metrics` outlives it.
  explicit RequestMetrics(metrics::Metrics& metrics);

  // `path`: the whole one.
  void answered(std::string_view method, std::string_view path, int status, Duration took);

 private:
  // By method and route; answers by the first digit of their status.
  struct Route {
    std::array<prometheus::Counter*, 5> answers{};
    prometheus::Histogram* times = nullptr;
  };
  using Key = std::pair<std::string, std::string>;

  void add(const std::string& method, const std::string& route);

  metrics::Counters& answers_;
  metrics::Histograms& times_;
  std::map<Key, Route> routes_;  // constant once it is built
};

}  // namespace hotclock::api
