#include "service/metrics/open_metrics.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace hotclock::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view total = "_total";
constexpr std::string_view info = "_info";

std::string without(const std::string& name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

bool is_info(const MetricFamily& family) {
  return family.type == MetricType::Gauge && family.name.ends_with(info);
}

// A family's name is that of its numbers without what tells of their kind.
std::string name_of(const MetricFamily& family) {
  if (family.type == MetricType::Counter) return without(family.name, total);
  return is_info(family) ? without(family.name, info) : family.name;
}

std::string_view type_of(const MetricFamily& family) {
  if (is_info(family)) return "info";
  switch (family.type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "unknown";
  }
}

std::string_view unit_of(std::string_view name) {
  static constexpr std::array<std::string_view, 3> units{"seconds", "bytes", "ratio"};
  for (const std::string_view unit : units)
    if (name.size() > unit.size() && name.ends_with(unit) &&
        name[name.size() - unit.size() - 1] == '_')
      return unit;
  return {};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string labels_text(const ClientMetric& metric, const std::string& more = {}) {
  std::string text;
  for (const auto& label : metric.label)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", label.name, escaped(label.value));
  if (!more.empty()) text += (text.empty() ? "" : ",") + more;
  return text.empty() ? text : "{" + text + "}";
}

std::string exemplar_text(const Exemplar& exemplar) {
  return fmt::format(" # {{execution=\"{}\"}} {} {:.3f}", escaped(exemplar.execution),
                     number(exemplar.value), static_cast<double>(to_millis(exemplar.at)) / 1000);
}

Labels labels_of(const ClientMetric& metric) {
  Labels labels;
  for (const auto& label : metric.label) labels.emplace(label.name, label.value);
  return labels;
}

void tell_histogram(std::string& out, const MetricFamily& family, const ClientMetric& metric,
                    const Exemplars& exemplars) {
  const Labels labels = labels_of(metric);
  for (std::size_t i = 0; i < metric.histogram.bucket.size(); ++i) {
    const auto& bucket = metric.histogram.bucket[i];
    const auto exemplar = exemplars.of(family.name, labels, i);
    out += fmt::format("{}_bucket{} {}{}\n", family.name,
                       labels_text(metric, fmt::format("le=\"{}\"", number(bucket.upper_bound))),
                       bucket.cumulative_count, exemplar ? exemplar_text(*exemplar) : "");
  }
  const std::string labelled = labels_text(metric);
  out += fmt::format("{}_count{} {}\n", family.name, labelled, metric.histogram.sample_count);
  out += fmt::format("{}_sum{} {}\n", family.name, labelled, number(metric.histogram.sample_sum));
}

void tell_number(std::string& out, const MetricFamily& family, const ClientMetric& metric) {
  const bool counts = family.type == MetricType::Counter;
  const std::string_view suffix = counts ? total : is_info(family) ? info : "";
  out += fmt::format("{}{}{} {}\n", name_of(family), suffix, labels_text(metric),
                     number(counts ? metric.counter.value : metric.gauge.value));
}

void tell_head(std::string& out, const MetricFamily& family) {
  const std::string name = name_of(family);
  out += fmt::format("# TYPE {} {}\n", name, type_of(family));
  if (const auto unit = unit_of(name); !unit.empty())
    out += fmt::format("# UNIT {} {}\n", name, unit);
  out += fmt::format("# HELP {} {}\n", name, escaped(family.help));
}

}  // namespace

std::string open_metrics(const std::vector<MetricFamily>& families, const Exemplars& exemplars) {
  std::string out;
  for (const MetricFamily& family : families) {
    tell_head(out, family);
    for (const ClientMetric& metric : family.metric)
      if (family.type == MetricType::Histogram)
        tell_histogram(out, family, metric, exemplars);
      else
        tell_number(out, family, metric);
  }
  return out + "# EOF\n";
}

}  // namespace hotclock::metrics
