// Numbers that are kept elsewhere, written down when somebody asks for them.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock::metrics {

using Labels = std::map<std::string, std::string>;

// One reading. A family is opened, and its numbers follow:
//   reading.gauges("hotclock_nodes", "Nodes that work.");
//   reading.add(3);
// Threads: one at a time.
class Reading {
 public:
  void counters(std::string_view name, std::string_view help);
  void gauges(std::string_view name, std::string_view help);
  void histograms(std::string_view name, std::string_view help);

  // REQUIRES: a family of counters or gauges is open.
  void add(double value, const Labels& labels = {});
  // `counts`: how many fell to each bound or below it, but not to the one before; the last one
  // those above all. REQUIRES: a family of histograms is open.
  void add(std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum,
           const Labels& labels = {});

  std::vector<prometheus::MetricFamily> families() && { return std::move(families_); }

 private:
  void open(std::string_view name, std::string_view help, prometheus::MetricType type);
  prometheus::ClientMetric& labelled(const Labels& labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace hotclock::metrics
