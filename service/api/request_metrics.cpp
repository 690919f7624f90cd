#include "service/api/request_metrics.h"

#include <algorithm>

#include "service/operations/operations.h"
#include "service/operations/table.h"

namespace hotclock::api {
namespace {

constexpr std::string_view root = "/api/v1";
constexpr const char* other = "other";

// Paths of the front itself, which are no operations.
constexpr std::array<std::pair<const char*, const char*>, 7> of_the_front{
    {{"POST", "/session"},
     {"GET", "/session"},
     {"DELETE", "/session"},
     {"GET", "/events"},
     {"GET", "/openapi.json"},
     {"GET", "/problems/{code}"},
     {"GET", "/runbook/{rule}"}}};

std::string route_of(std::string_view method, std::string_view path) {
  if (!path.starts_with(root)) return other;
  path.remove_prefix(root.size());
  if (path.starts_with("/problems/")) return "/problems/{code}";
  if (path.starts_with("/runbook/")) return "/runbook/{rule}";
  for (const auto& [_, known] : of_the_front)
    if (path == known) return known;
  const auto found = operations::find(method == "HEAD" ? "GET" : method, path);
  const auto* operation = std::get_if<operations::Found>(&found);
  return operation ? std::string(operation->operation->path) : other;
}

}  // namespace

RequestMetrics::RequestMetrics(metrics::Metrics& metrics)
    : answers_(metrics::counters(metrics, "hotclock_http_requests_total",
                                 "Requests to the API that were answered.")),
      times_(metrics::histograms(
          metrics, "hotclock_http_request_duration_seconds",
          "From the head of a request to the API until its answer was there.")) {
  for (const operations::Operation& operation : operations::table())
    add(std::string(operation.method), std::string(operation.path));
  for (const auto& [method, route] : of_the_front) add(method, route);
  add(other, other);
}

void RequestMetrics::add(const std::string& method, const std::string& route) {
  const metrics::Labels labels{{"method", method}, {"route", route}};
  Route& made = routes_[{method, route}];
  if (made.times) return;
  made.times =
      &times_.Add(labels, prometheus::Histogram::BucketBoundaries{0.005, 0.025, 0.1, 0.5, 2.5, 10});
  for (std::size_t i = 0; i < made.answers.size(); ++i) {
    metrics::Labels all = labels;
    all.emplace("code", std::to_string(i + 1) + "xx");
    made.answers[i] = &answers_.Add(all);
  }
}

void RequestMetrics::answered(std::string_view method, std::string_view path, int status,
                              Duration took) {
  const std::string asked(method == "HEAD" ? "GET" : method);
  auto found = routes_.find({asked, route_of(asked, path)});
  if (found == routes_.end()) found = routes_.find({other, other});
  Route& route = found->second;
  route.answers[static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)]->Increment();
  route.times->Observe(metrics::seconds(took));
}

}  // namespace hotclock::api
