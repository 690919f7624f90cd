#include "service/metrics/families.h"

#include <gtest/gtest.h>

#include "service/metrics/process.h"

namespace hotclock::metrics {
namespace {

bool tells(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST(Metrics, AreToldAsPrometheusReadsThem) {
  Metrics metrics;
  auto& told = counter(metrics, "hotclock_events_told_total", "Events that somebody here heard.");
  EXPECT_TRUE(tells(metrics.text(), "hotclock_events_told_total 0"))
      << "a number is there before anything happened, so that the first time shows";
  told.Increment(3);
  const std::string text = metrics.text();
  EXPECT_TRUE(tells(text, "# HELP hotclock_events_told_total Events that somebody here heard."));
  EXPECT_TRUE(tells(text, "# TYPE hotclock_events_told_total counter"));
  EXPECT_TRUE(tells(text, "hotclock_events_told_total 3"));
}

TEST(Metrics, WhatStandsElsewhereIsReadWhenSomebodyAsks) {
  Metrics metrics;
  double nodes = 1;
  metrics.add([&](Reading& out) {
    out.gauges("hotclock_nodes", "Nodes that work.");
    out.add(nodes, {{"zone", "a"}});
  });
  EXPECT_TRUE(tells(metrics.text(), "hotclock_nodes{zone=\"a\"} 1"));
  nodes = 3;
  EXPECT_TRUE(tells(metrics.text(), "hotclock_nodes{zone=\"a\"} 3"));
}

TEST(Metrics, AHistogramThatWasCountedElsewhereAddsUp) {
  Metrics metrics;
  metrics.add([](Reading& out) {
    out.histograms("hotclock_x_seconds", "Times.");
    const std::array<double, 2> bounds{0.5, 1};
    const std::array<std::uint64_t, 3> counts{4, 2, 1};
    out.add(bounds, counts, 12.5);
  });
  const std::string text = metrics.text();
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_bucket{le=\"0.5\"} 4")) << text;
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_bucket{le=\"1\"} 6"));
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_bucket{le=\"+Inf\"} 7"));
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_count 7"));
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_sum 12.5"));
}

TEST(Metrics, OpenMetricsIsForWhoeverWantsIt) {
  EXPECT_EQ(wanted(""), Format::prometheus);
  EXPECT_EQ(wanted("text/plain, */*;q=0.1"), Format::prometheus);
  EXPECT_EQ(wanted("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
            Format::open_metrics);
  EXPECT_EQ(wanted("text/plain, application/openmetrics-text;q=0.5"), Format::open_metrics);
  EXPECT_EQ(wanted("application/openmetrics-text;q=0, text/plain"), Format::prometheus);
  EXPECT_EQ(wanted("application/openmetrics-text;q=0.0"), Format::prometheus);
}

TEST(OpenMetrics, NamesFamiliesWithoutWhatTellsTheirKind) {
  Metrics metrics;
  counter(metrics, "hotclock_waits_seconds_total", "Time.").Increment(1.5);
  gauges(metrics, "hotclock_build_info", "Which.").Add({{"version", "1"}}).Set(1);
  const std::string text = metrics.text(Format::open_metrics);
  EXPECT_TRUE(tells(text, "# TYPE hotclock_waits_seconds counter")) << text;
  EXPECT_TRUE(tells(text, "# UNIT hotclock_waits_seconds seconds"));
  EXPECT_TRUE(tells(text, "hotclock_waits_seconds_total 1.5"));
  EXPECT_TRUE(tells(text, "# TYPE hotclock_build info"));
  EXPECT_TRUE(tells(text, "hotclock_build_info{version=\"1\"} 1"));
  EXPECT_TRUE(text.ends_with("\n# EOF\n"));
}

TEST(OpenMetrics, EscapesWhatWouldEndALabel) {
  Metrics metrics;
  gauges(metrics, "hotclock_x", "a \"b\"\nc").Add({{"who", "a\"b\\c\nd"}}).Set(0);
  const std::string text = metrics.text(Format::open_metrics);
  EXPECT_TRUE(tells(text, "# HELP hotclock_x a \\\"b\\\"\\nc")) << text;
  EXPECT_TRUE(tells(text, "hotclock_x{who=\"a\\\"b\\\\c\\nd\"} 0"));
}

TEST(OpenMetrics, ABucketNamesTheLastExecutionThatFellIntoIt) {
  Metrics metrics;
  const std::vector<double> bounds{0.5, 5};
  auto& times = histograms(metrics, "hotclock_x_seconds", "Times.").Add({{"job", "a"}}, bounds);
  for (const auto& [took, execution] : {std::pair{0.2, "first"}, {3.0, "slow"}, {0.3, "second"}}) {
    times.Observe(took);
    metrics.exemplars().saw("hotclock_x_seconds", {{"job", "a"}}, bounds,
                            {execution, took, from_millis(1'000'500)});
  }
  const std::string text = metrics.text(Format::open_metrics);
  EXPECT_TRUE(tells(text,
                    "hotclock_x_seconds_bucket{job=\"a\",le=\"0.5\"} 2 # {execution=\"second\"} "
                    "0.3 1000.500"))
      << text;
  EXPECT_TRUE(tells(text,
                    "hotclock_x_seconds_bucket{job=\"a\",le=\"5\"} 3 # {execution=\"slow\"} 3 "
                    "1000.500"));
  EXPECT_TRUE(tells(text, "hotclock_x_seconds_bucket{job=\"a\",le=\"+Inf\"} 3"));
}

TEST(ProcessUse, IsWhatTheKernelSaysOfThisProcess) {
  const ProcessUse before = process_use();
  EXPECT_GT(before.resident_bytes, 1e5);
  EXPECT_GE(before.peak_resident_bytes, before.resident_bytes);
  EXPECT_GT(before.virtual_bytes, before.resident_bytes);
  EXPECT_GE(before.threads, 1);
  EXPECT_GE(before.open_files, 3);
  EXPECT_GE(before.most_files, before.open_files);
  EXPECT_GT(before.started_at, 1.6e9);
  EXPECT_GE(process_use().cpu_seconds, before.cpu_seconds);
}

TEST(ProcessUse, WhatCannotBeReadIsNothing) {
  const ProcessUse nowhere = process_use("/nowhere");
  EXPECT_EQ(nowhere.resident_bytes, 0);
  EXPECT_EQ(nowhere.cpu_seconds, 0);
  EXPECT_EQ(nowhere.open_files, 0);
}

}  // namespace
}  // namespace hotclock::metrics
