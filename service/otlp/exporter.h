// Sends numbers and spans to a collector of OpenTelemetry: OTLP over HTTP, as JSON.
#pragma once

#include <deque>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "service/log/logger.h"
#include "service/metrics/families.h"
#include "service/otlp/span.h"

namespace hotclock::otlp {

struct ExporterSettings {
  std::string endpoint;  // "http://127.0.0.1:4318"
  std::vector<std::pair<std::string, std::string>> headers;
  Duration every = std::chrono::seconds{30};
  Resource resource;
};

// "a=b,c=d" as headers; what is none is left out.
std::vector<std::pair<std::string, std::string>> headers_of(std::string_view text);

// Spans wait for their turn in a bounded queue: where the collector is away for longer than that
// lasts, the oldest are lost, and counted. Numbers that could not be sent are not sent again: the
// next ones hold all that counts. Nobody ever waits for the collector but its own thread. Threads:
// any.
class Exporter {
 public:
  static constexpr std::size_t most_waiting = 8192;
  static constexpr std::size_t most_at_once = 512;

  // What is handed in outlives it; what `metrics` reads, too.
  Exporter(metrics::Metrics& metrics, Clock& clock, log::Logger& logger, ExporterSettings settings);
  // Sends what waits once more, and stops.
  ~Exporter();

  void start();
  void stop();
  void add(Span span);
  // Sends all that there is now; an error where any of it was not taken.
  Result<> send_all(std::stop_token stop = {});

 private:
  void work(std::stop_token stop);
  Result<> send(const char* what, std::string body, const std::stop_token& stop);
  Result<> send_numbers(const std::stop_token& stop);
  Result<> send_spans(const std::stop_token& stop);
  std::vector<Span> taken();
  void put_back(std::vector<Span> spans);

  metrics::Metrics& metrics_;
  Clock& clock_;
  log::Logger& logger_;
  const ExporterSettings settings_;
  const Instant began_;
  prometheus::Counter& sent_;
  prometheus::Counter& lost_;
  prometheus::Counter& well_;
  prometheus::Counter& failed_;

  Mutex m_;
  std::deque<Span> waiting_ HOTCLOCK_GUARDED_BY(m_);
  std::jthread thread_;
};

}  // namespace hotclock::otlp
