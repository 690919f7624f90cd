#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>

#include "service/otlp/exporter.h"
#include "service/otlp/json.h"
#include "service/outgoing/receiver_support.h"

namespace hotclock::otlp {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const Instant began = from_millis(1'795'565'100'000);

Span span(const std::string& name = "attempt") {
  return {
      .trace = std::string(32, 'a'),
      .id = std::string(16, 'b'),
      .parent = std::string(16, 'c'),
      .name = name,
      .began = began,
      .ended = began + 1500ms,
      .attributes = {{"hotclock.job", "og-daily-bonus"}, {"hotclock.attempt", std::int64_t{2}}}};
}

const json::value& at(const json::value& value, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = value.find_pointer(pointer, missing);
  static const json::value none("missing");
  return found ? *found : none;
}

// ---------------------------------------------------------------- the JSON form

TEST(OtlpJson, ASpanHasItsIdsInHexAndItsInstantsInNanoseconds) {
  const std::vector<Span> spans{span()};
  const auto told = json::parse(traces_json(spans, {{"service.name", "hotclock"}}));
  EXPECT_EQ(at(told, "/resourceSpans/0/resource/attributes/0/value/stringValue"),
            json::value("hotclock"));
  const json::value& one = at(told, "/resourceSpans/0/scopeSpans/0/spans/0");
  EXPECT_EQ(at(one, "/traceId"), json::value(std::string(32, 'a')));
  EXPECT_EQ(at(one, "/spanId"), json::value(std::string(16, 'b')));
  EXPECT_EQ(at(one, "/parentSpanId"), json::value(std::string(16, 'c')));
  EXPECT_EQ(at(one, "/kind"), json::value(1));
  EXPECT_EQ(at(one, "/startTimeUnixNano"), json::value("1795565100000000000"));
  EXPECT_EQ(at(one, "/endTimeUnixNano"), json::value("1795565101500000000"));
  EXPECT_EQ(at(one, "/attributes/1/value/intValue"), json::value("2"));
  EXPECT_EQ(at(one, "/status/code"), json::value(1));
}

TEST(OtlpJson, ARootHasNoParentAndAFailureSaysWhy) {
  Span root = span("slot");
  root.parent.clear();
  root.well = false;
  root.why = "no room";
  const std::vector<Span> spans{root};
  const auto told = json::parse(traces_json(spans, {}));
  const json::value& one = at(told, "/resourceSpans/0/scopeSpans/0/spans/0");
  EXPECT_FALSE(one.as_object().contains("parentSpanId"));
  EXPECT_EQ(at(one, "/status/code"), json::value(2));
  EXPECT_EQ(at(one, "/status/message"), json::value("no room"));
}

struct Told {
  json::value told;
  const json::value& metric(std::string_view name) const {
    static const json::value none("missing");
    for (const auto& one : at(told, "/resourceMetrics/0/scopeMetrics/0/metrics").as_array())
      if (at(one, "/name") == json::value(name)) return one;
    return none;
  }
};

Told told_of(metrics::Metrics& metrics) {
  return {json::parse(metrics_json(metrics.read(), {}, began, began + 1s))};
}

TEST(OtlpJson, CountersGrowSinceTheBeginning) {
  metrics::Metrics metrics;
  metrics::counters(metrics, "hotclock_waits_seconds_total", "Time.")
      .Add({{"job", "a"}})
      .Increment(2.5);
  const Told told = told_of(metrics);
  const json::value& one = told.metric("hotclock_waits_seconds_total");
  EXPECT_EQ(at(one, "/unit"), json::value("s"));
  EXPECT_EQ(at(one, "/description"), json::value("Time."));
  EXPECT_EQ(at(one, "/sum/aggregationTemporality"), json::value(2));
  EXPECT_EQ(at(one, "/sum/isMonotonic"), json::value(true));
  EXPECT_EQ(at(one, "/sum/dataPoints/0/asDouble"), json::value(2.5));
  EXPECT_EQ(at(one, "/sum/dataPoints/0/startTimeUnixNano"), json::value("1795565100000000000"));
  EXPECT_EQ(at(one, "/sum/dataPoints/0/timeUnixNano"), json::value("1795565101000000000"));
  EXPECT_EQ(at(one, "/sum/dataPoints/0/attributes/0/value/stringValue"), json::value("a"));
}

TEST(OtlpJson, AHistogramCountsEachBucketAlone) {
  metrics::Metrics metrics;
  auto& times = metrics::histograms(metrics, "hotclock_x_seconds", "Times.")
                    .Add({}, prometheus::Histogram::BucketBoundaries{0.5, 5});
  for (const double took : {0.1, 0.2, 3.0, 60.0}) times.Observe(took);
  const Told told = told_of(metrics);
  const json::value& point = at(told.metric("hotclock_x_seconds"), "/histogram/dataPoints/0");
  EXPECT_EQ(at(point, "/count"), json::value("4"));
  EXPECT_EQ(at(point, "/bucketCounts"), json::value((json::array{"2", "1", "1"})));
  EXPECT_EQ(at(point, "/explicitBounds"), json::value((json::array{0.5, 5.0})));
}

// ---------------------------------------------------------------- sending

struct ExporterTest : testing::Test {
  SystemClock clock;
  log::Logger logger{
      {.level = log::Level::error, .repeat_after = {}}, clock, [](std::string_view) {}};
  metrics::Metrics metrics;

  std::unique_ptr<Exporter> to(const outgoing::Receiver& receiver) {
    return std::make_unique<Exporter>(
        metrics, clock, logger,
        ExporterSettings{.endpoint = receiver.url(""),
                         .headers = headers_of("X-Key=s3cret,X-Tenant=7"),
                         .resource = {{"service.name", "hotclock"}}});
  }
  double spans(const std::string& outcome) const {
    const std::string series = "hotclock_otlp_spans_total{outcome=\"" + outcome + "\"} ";
    const std::string text = metrics.text();
    return std::stod(text.substr(text.find(series) + series.size()));
  }
};

TEST_F(ExporterTest, SendsNumbersAndSpansAsACollectorReadsThem) {
  outgoing::Receiver receiver({outgoing::http_answer("200 OK", "", "{}")});
  const auto exporter = to(receiver);
  exporter->add(span());
  const auto sent = exporter->send_all();
  ASSERT_TRUE(sent) << sent.error().message();
  const auto got = receiver.received();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].line, "POST /v1/metrics HTTP/1.1");
  EXPECT_EQ(got[1].line, "POST /v1/traces HTTP/1.1");
  EXPECT_EQ(got[1].headers.at("content-type"), "application/json");
  EXPECT_EQ(got[1].headers.at("x-key"), "s3cret");
  EXPECT_EQ(got[1].headers.at("x-tenant"), "7");
  EXPECT_EQ(at(json::parse(got[1].body), "/resourceSpans/0/scopeSpans/0/spans/0/name"),
            json::value("attempt"));
  EXPECT_NE(got[0].body.find("hotclock_otlp_spans_total"), std::string::npos);
  EXPECT_EQ(spans("sent"), 1);
}

TEST_F(ExporterTest, SpansStayWhereTheCollectorHasNoTime) {
  outgoing::Receiver receiver({outgoing::http_answer("503 Service Unavailable"),
                               outgoing::http_answer("503 Service Unavailable"),
                               outgoing::http_answer("200 OK")});
  const auto exporter = to(receiver);
  exporter->add(span("first"));
  EXPECT_FALSE(exporter->send_all());
  exporter->add(span("second"));
  EXPECT_TRUE(exporter->send_all());
  const auto told = json::parse(receiver.received().back().body);
  EXPECT_EQ(at(told, "/resourceSpans/0/scopeSpans/0/spans/0/name"), json::value("first"));
  EXPECT_EQ(at(told, "/resourceSpans/0/scopeSpans/0/spans/1/name"), json::value("second"));
  EXPECT_EQ(spans("sent"), 2);
  EXPECT_EQ(spans("lost"), 0);
}

TEST_F(ExporterTest, WhatIsRefusedForGoodIsLostAndCounted) {
  outgoing::Receiver receiver({outgoing::http_answer("400 Bad Request")});
  const auto exporter = to(receiver);
  exporter->add(span());
  EXPECT_FALSE(exporter->send_all());
  EXPECT_EQ(spans("lost"), 1);
}

TEST_F(ExporterTest, TheQueueIsBoundedAndWhatFallsOutIsCounted) {
  outgoing::Receiver receiver({""});
  const auto exporter = to(receiver);
  for (std::size_t i = 0; i < Exporter::most_waiting + 10; ++i) exporter->add(span());
  EXPECT_EQ(spans("lost"), 10);
  EXPECT_FALSE(exporter->send_all());
  exporter->add(span());
  EXPECT_EQ(spans("lost"), 11) << "what was put back takes its room again";
}

TEST_F(ExporterTest, WhatWaitsIsSentOnceMoreAtTheEnd) {
  outgoing::Receiver receiver({outgoing::http_answer("200 OK")});
  auto exporter = to(receiver);
  exporter->start();
  exporter->add(span());
  exporter->stop();
  EXPECT_EQ(spans("sent"), 1);
}

TEST(Headers, AreReadAsTheyAreWrittenInOneLine) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(headers_of(""), Pairs{});
  EXPECT_EQ(headers_of("Authorization=Bearer a=b,X=,broken,=no"),
            (Pairs{{"Authorization", "Bearer a=b"}, {"X", ""}}));
}

}  // namespace
}  // namespace hotclock::otlp
