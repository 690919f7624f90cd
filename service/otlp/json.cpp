#include "service/otlp/json.h"

#include <boost/json.hpp>

#include <string_view>

namespace hotclock::otlp {
namespace {

namespace json = boost::json;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Numbers of the enumerations of the protocol.
constexpr int cumulative = 2;
constexpr int internal = 1;
constexpr int went_well = 1;
constexpr int went_wrong = 2;

std::string nanoseconds(Instant at) { return std::to_string(to_millis(at)) + "000000"; }

json::object attribute(std::string_view key, const std::variant<std::string, std::int64_t>& value) {
  json::object told;
  if (const auto* text = std::get_if<std::string>(&value)) told["stringValue"] = *text;
  if (const auto* number = std::get_if<std::int64_t>(&value))
    told["intValue"] = std::to_string(*number);
  return {{"key", key}, {"value", std::move(told)}};
}

json::array attributes(const Attributes& all) {
  json::array out;
  for (const auto& [key, value] : all) out.push_back(attribute(key, value));
  return out;
}

json::object scope() { return {{"name", "hotclock"}}; }

// What stands around both kinds of requests.
json::object message(const char* outer, const char* middle, const char* inner, json::array told,
                     const Resource& resource) {
  json::object of_scope{{"scope", scope()}};
  of_scope[inner] = std::move(told);
  json::object of_resource{{"resource", {{"attributes", attributes(resource)}}}};
  of_resource[middle] = json::array{std::move(of_scope)};
  json::object out;
  out[outer] = json::array{std::move(of_resource)};
  return out;
}

// ---------------------------------------------------------------- numbers

std::string_view unit_of(std::string_view name) {
  if (name.ends_with("_total")) name.remove_suffix(std::string_view("_total").size());
  if (name.ends_with("_seconds")) return "s";
  if (name.ends_with("_bytes")) return "By";
  return "1";
}

json::object point_of(const ClientMetric& metric, Instant began, Instant now) {
  Attributes labels;
  for (const auto& label : metric.label) labels.emplace_back(label.name, label.value);
  return {{"attributes", attributes(labels)},
          {"startTimeUnixNano", nanoseconds(began)},
          {"timeUnixNano", nanoseconds(now)}};
}

// Counts of each bucket alone, as the protocol has them.
void fill(json::object& point, const ClientMetric::Histogram& histogram) {
  json::array counts, bounds;
  std::uint64_t below = 0;
  for (const auto& bucket : histogram.bucket) {
    counts.push_back(json::value(std::to_string(bucket.cumulative_count - below)));
    below = bucket.cumulative_count;
    if (&bucket != &histogram.bucket.back()) bounds.push_back(bucket.upper_bound);
  }
  point["count"] = std::to_string(histogram.sample_count);
  point["sum"] = histogram.sample_sum;
  point["bucketCounts"] = std::move(counts);
  point["explicitBounds"] = std::move(bounds);
}

json::array points_of(const MetricFamily& family, Instant began, Instant now) {
  json::array points;
  for (const ClientMetric& metric : family.metric) {
    json::object point = point_of(metric, began, now);
    if (family.type == MetricType::Histogram)
      fill(point, metric.histogram);
    else
      point["asDouble"] =
          family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value;
    points.push_back(std::move(point));
  }
  return points;
}

json::object metric_of(const MetricFamily& family, Instant began, Instant now) {
  json::object out{
      {"name", family.name}, {"description", family.help}, {"unit", unit_of(family.name)}};
  json::object data{{"dataPoints", points_of(family, began, now)}};
  if (family.type == MetricType::Gauge) {
    out["gauge"] = std::move(data);
    return out;
  }
  data["aggregationTemporality"] = cumulative;
  if (family.type == MetricType::Counter) data["isMonotonic"] = true;
  out[family.type == MetricType::Counter ? "sum" : "histogram"] = std::move(data);
  return out;
}

// ---------------------------------------------------------------- spans

json::object span_of(const Span& span) {
  json::object out{{"traceId", span.trace},
                   {"spanId", span.id},
                   {"name", span.name},
                   {"kind", internal},
                   {"startTimeUnixNano", nanoseconds(span.began)},
                   {"endTimeUnixNano", nanoseconds(span.ended)},
                   {"attributes", attributes(span.attributes)}};
  if (!span.parent.empty()) out["parentSpanId"] = span.parent;
  json::object status{{"code", span.well ? went_well : went_wrong}};
  if (!span.why.empty()) status["message"] = span.why;
  out["status"] = std::move(status);
  return out;
}

}  // namespace

std::string metrics_json(const std::vector<MetricFamily>& families, const Resource& resource,
                         Instant began, Instant now) {
  json::array metrics;
  for (const MetricFamily& family : families)
    if (!family.metric.empty()) metrics.push_back(metric_of(family, began, now));
  return json::serialize(
      message("resourceMetrics", "scopeMetrics", "metrics", std::move(metrics), resource));
}

std::string traces_json(std::span<const Span> spans, const Resource& resource) {
  json::array told;
  for (const Span& span : spans) told.push_back(span_of(span));
  return json::serialize(
      message("resourceSpans", "scopeSpans", "spans", std::move(told), resource));
}

}  // namespace hotclock::otlp
