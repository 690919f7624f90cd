// Prometheus' Alertmanager, its API v2: it groups, silences and tells on its own.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/utf8.h"
#include "service/notices/kinds.h"

namespace hotclock::notices {
namespace {

// Each firing alert is sent anew every minute. One that is not, since no node lives, ends by itself
// behind this.
constexpr Duration lasts = std::chrono::minutes{4};
constexpr Duration test_lasts = std::chrono::seconds{30};

// Of a label: letters, digits and underscores, no digit first.
std::string label_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    out += letter || (digit && !out.empty()) ? c : '_';
  }
  return out.empty() ? "_" : out;
}

boost::json::object labels_of(const AlertText& alert) {
  boost::json::object out;
  for (const auto& [name, value] : alert.labels)
    if (!value.empty()) out[label_name(name)] = well_formed(value);
  out["alertname"] = alert.rule;
  out["severity"] = alert.severity;
  return out;
}

boost::json::object alert_of(const AlertText& alert, const Message& message, Instant now) {
  boost::json::object annotations;
  for (const auto& [name, value] : alert.annotations)
    annotations[label_name(name)] = well_formed(value);
  const Instant end = alert.resolved.value_or(now + (message.test ? test_lasts : lasts));
  // Alertmanager takes none that ends before it begins.
  return {{"labels", labels_of(alert)},
          {"annotations", std::move(annotations)},
          {"startsAt", to_string(std::min(alert.began, end))},
          {"endsAt", to_string(end)}};
}

class Alertmanager final : public Notifier {
 public:
  explicit Alertmanager(config::NotifierConfig settings) : settings_(std::move(settings)) {}

  Answer tell(const Message& message, Instant now, std::stop_token stop) override {
    boost::json::array alerts;
    for (const AlertText& alert : message.alerts) alerts.push_back(alert_of(alert, message, now));
    const auto request = post_of(settings_, "/api/v2/alerts", boost::json::serialize(alerts));
    if (!request) return away(request.error());
    return judged(outgoing::send(*request, std::move(stop)));
  }

 private:
  const config::NotifierConfig settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_alertmanager(const config::NotifierConfig& settings) {
  return std::make_unique<Alertmanager>(settings);
}

}  // namespace hotclock::notices
