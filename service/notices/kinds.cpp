#include "service/notices/kinds.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include "scheduler/base/utf8.h"
#include "service/notices/rendering.h"

namespace hotclock::notices {
namespace {

constexpr std::size_t most_alerts = 100;
constexpr std::size_t longest_words = 200;

// The beginning of what somebody else says, as one line.
std::string words_of(std::string_view body) {
  std::string out = well_formed(body.substr(0, longest_words));
  for (char& c : out)
    if ((c >= 0 && c < ' ') || c == 0x7f) c = ' ';
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_away(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500 || status == 401 ||
         status == 403 || status == 404 || status == 410 || (status >= 300 && status < 400);
}

boost::json::object json_of(const std::map<std::string, std::string>& words) {
  boost::json::object out;
  for (const auto& [name, value] : words) out[name] = well_formed(value);
  return out;
}

boost::json::object json_of(const AlertText& alert) {
  boost::json::object out{{"id", alert.id},
                          {"rule", alert.rule},
                          {"severity", alert.severity},
                          {"state", alert.state},
                          {"labels", json_of(alert.labels)},
                          {"annotations", json_of(alert.annotations)},
                          {"began", to_string(alert.began)},
                          {"fired", to_string(alert.fired)}};
  if (alert.resolved) out["resolved"] = to_string(*alert.resolved);
  return out;
}

}  // namespace

std::string_view word_of(Answer::Fate fate) {
  switch (fate) {
    case Answer::Fate::sent:
      return "sent";
    case Answer::Fate::away:
      return "away";
    case Answer::Fate::refused:
      break;
  }
  return "refused";
}

std::unique_ptr<Notifier> make_notifier(const config::NotifierConfig& settings) {
  switch (settings.kind) {
    case config::NotifierKind::alertmanager:
      return make_alertmanager(settings);
    case config::NotifierKind::webhook:
      return make_webhook(settings);
    case config::NotifierKind::slack:
      return make_slack(settings);
    case config::NotifierKind::email:
      return make_email(settings);
    case config::NotifierKind::command:
      break;
  }
  return make_command(settings);
}

Result<outgoing::Request> post_of(const config::NotifierConfig& settings, std::string_view path,
                                  std::string body) {
  auto url = settings.url.reveal();
  if (!url) return std::move(url).error().within("url");
  while (!path.empty() && url->ends_with('/')) url->pop_back();
  outgoing::Request request{
      .url = std::move(url).value() + std::string(path),
      .headers = {{"Content-Type", "application/json"}, {"User-Agent", "Hotclock"}},
      .body = std::move(body),
      .timeout = settings.timeout,
      .reach = {.allow_private = settings.allow_private},
      .ca_file = settings.ca.string()};
  if (!settings.authorization.given()) return request;
  auto value = settings.authorization.reveal();
  if (!value) return std::move(value).error().within("authorization");
  if (std::ranges::any_of(*value, [](char c) { return c >= 0 && c < ' '; }))
    return Error(Errc::invalid, "it is more than one line").within("authorization");
  request.headers.emplace_back("Authorization", std::move(value).value());
  return request;
}

Answer judged(const Result<outgoing::Response>& response) {
  if (!response) return away(response.error());
  const int status = response->status;
  Answer answer{.said = fmt::format("HTTP {}", status), .retry_after = response->retry_after};
  if (status >= 200 && status < 300) return answer;
  if (const std::string words = words_of(response->body); !words.empty())
    answer.said += ": " + words;
  answer.fate = is_away(status) ? Answer::Fate::away : Answer::Fate::refused;
  return answer;
}

Answer away(const Error& why) { return {.fate = Answer::Fate::away, .said = why.message()}; }

std::string json_of(const Message& message, const config::NotifierConfig& settings) {
  const Rendered texts = rendered(message, settings.title, settings.text, Medium::plain);
  boost::json::array alerts;
  for (const AlertText& alert : message.alerts)
    if (alerts.size() < most_alerts) alerts.push_back(json_of(alert));
  boost::json::object data{
      {"notifier", settings.name},      {"group", message.group},
      {"state", message.state()},       {"severity", severity_of(message.alerts)},
      {"title", texts.title},           {"text", texts.text},
      {"count", message.alerts.size()}, {"left_out", message.alerts.size() - alerts.size()},
      {"alerts", std::move(alerts)}};
  const std::string kind = message.test ? "test" : message.state();
  return boost::json::serialize(boost::json::object{{"type", "alerts." + kind},
                                                    {"timestamp", to_string(message.created)},
                                                    {"data", std::move(data)}});
}

Message test_message(const std::string& notifier, const std::string& id, Instant now) {
  const AlertText alert{.id = id,
                        .rule = "test",
                        .severity = "info",
                        .state = "firing",
                        .labels = {{"notifier", notifier}},
                        .annotations = {{"summary", "a test of the notifier " + notifier},
                                        {"detail", "Somebody tries it: nothing is the matter."}},
                        .began = now,
                        .fired = now,
                        .resolved = {}};
  return {.id = id, .group = "test", .alerts = {alert}, .created = now, .test = true};
}

}  // namespace hotclock::notices
