#include "service/metrics/metrics.h"

#include <gtest/gtest.h>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace hotclock::metrics {
namespace {

TEST(Metrics, AreToldAsPrometheusReadsThem) {
  Metrics metrics;
  auto& told = prometheus::BuildCounter()
                   .Name("hotclock_events_told_total")
                   .Help("Events that somebody here heard.")
                   .Register(metrics.registry())
                   .Add({});
  EXPECT_NE(metrics.text().find("hotclock_events_told_total 0\n"), std::string::npos)
      << "a number is there before anything happened, so that the first time shows";
  told.Increment(3);
  const std::string text = metrics.text();
  EXPECT_NE(text.find("# HELP hotclock_events_told_total Events that somebody here heard.\n"),
            std::string::npos);
  EXPECT_NE(text.find("# TYPE hotclock_events_told_total counter\n"), std::string::npos);
  EXPECT_NE(text.find("hotclock_events_told_total 3\n"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::metrics
