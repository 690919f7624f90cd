#include "service/otlp/exporter.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "service/otlp/json.h"
#include "service/outgoing/http_client.h"

namespace hotclock::otlp {
namespace {

constexpr Duration patience = std::chrono::seconds{10};

metrics::Counters& spans(metrics::Metrics& metrics) {
  return metrics::counters(metrics, "hotclock_otlp_spans_total",
                           "Spans of traces, by whether a collector took them.");
}
metrics::Counters& exports(metrics::Metrics& metrics) {
  return metrics::counters(metrics, "hotclock_otlp_exports_total", "Requests to the collector.");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> headers_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> headers;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    const auto equals = one.find('=');
    if (equals != one.npos && equals > 0)
      headers.emplace_back(one.substr(0, equals), one.substr(equals + 1));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return headers;
}

Exporter::Exporter(metrics::Metrics& metrics, Clock& clock, log::Logger& logger,
                   ExporterSettings settings)
    : metrics_(metrics),
      clock_(clock),
      logger_(logger),
      settings_(std::move(settings)),
      began_(clock.now()),
      sent_(spans(metrics).Add({{"outcome", "sent"}})),
      lost_(spans(metrics).Add({{"outcome", "lost"}})),
      well_(exports(metrics).Add({{"outcome", "done"}})),
      failed_(exports(metrics).Add({{"outcome", "failed"}})) {}

Exporter::~Exporter() { stop(); }

void Exporter::start() {
  if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
}

void Exporter::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  static_cast<void>(send_all());
}

void Exporter::work(std::stop_token stop) {
  bool well = true;
  while (clock_.sleep_until(clock_.now() + settings_.every, stop)) {
    const auto sent = send_all(stop);
    if (!sent && well && !stop.stop_requested())
      logger_.warning("the collector takes nothing; it is tried again",
                      {{"at", settings_.endpoint}, {"error", sent.error().message()}});
    if (sent && !well) logger_.info("the collector takes what is sent again");
    well = static_cast<bool>(sent);
  }
}

void Exporter::add(Span span) {
  Lock lock(m_);
  waiting_.push_back(std::move(span));
  if (waiting_.size() <= most_waiting) return;
  waiting_.pop_front();
  lost_.Increment();
}

Result<> Exporter::send_all(std::stop_token stop) {
  auto numbers = send_numbers(stop);
  auto spans = send_spans(stop);
  return numbers ? std::move(spans) : std::move(numbers);
}

Result<> Exporter::send_numbers(const std::stop_token& stop) {
  return send("metrics", metrics_json(metrics_.read(), settings_.resource, began_, clock_.now()),
              stop);
}

Result<> Exporter::send_spans(const std::stop_token& stop) {
  for (;;) {
    std::vector<Span> some = taken();
    if (some.empty()) return {};
    auto sent = send("traces", traces_json(some, settings_.resource), stop);
    if (!sent && sent.error().code() != Errc::invalid) {
      put_back(std::move(some));
      return sent;
    }
    (sent ? sent_ : lost_).Increment(static_cast<double>(some.size()));
    if (!sent) return sent;
  }
}

std::vector<Span> Exporter::taken() {
  Lock lock(m_);
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most_at_once, waiting_.size()));
  std::vector<Span> some(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return some;
}

// In front of those that came meanwhile; where there is no room for all of them the oldest are
// lost.
void Exporter::put_back(std::vector<Span> spans) {
  Lock lock(m_);
  const std::size_t room = most_waiting - std::min(waiting_.size(), most_waiting);
  const std::size_t stay = std::min(room, spans.size());
  lost_.Increment(static_cast<double>(spans.size() - stay));
  waiting_.insert(waiting_.begin(),
                  std::make_move_iterator(spans.end() - static_cast<std::ptrdiff_t>(stay)),
                  std::make_move_iterator(spans.end()));
}

// What the collector refuses for good it would refuse again; what it has no time for now comes
// again.
Result<> Exporter::send(const char* what, std::string body, const std::stop_token& stop) {
  outgoing::Request request{.url = fmt::format("{}/v1/{}", settings_.endpoint, what),
                            .headers = settings_.headers,
                            .body = std::move(body),
                            .timeout = patience,
                            .reach = {.allow_private = true}};
  request.headers.emplace_back("Content-Type", "application/json");
  auto answer = outgoing::send(request, stop);
  const bool taken = answer && answer->status / 100 == 2;
  (taken ? well_ : failed_).Increment();
  if (taken) return {};
  if (!answer) return std::move(answer).error().within("send to the collector");
  const bool later = answer->status == 429 || answer->status >= 500;
  return Error(later ? Errc::unavailable : Errc::invalid,
               fmt::format("the collector answers {} to {}", answer->status, what));
}

}  // namespace hotclock::otlp
