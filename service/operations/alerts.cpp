// Alerts, their rules and silences, and trying the notifiers.
#include "service/operations/alert_json.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "service/alerts/evaluate.h"
#include "service/alerts/store.h"
#include "service/config/alert_thresholds.h"
#include "service/config/alert_words.h"
#include "service/notices/couriers.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/runbook/runbook.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

json::object words_json(const alerts::Words& words) {
  json::object out;
  for (const auto& [name, value] : words) out[name] = value;
  return out;
}

json::object alert_json(const alerts::Alert& alert) {
  return {{"id", std::to_string(alert.id)},
          {"rule", config::to_string(alert.rule)},
          {"severity", config::to_string(alert.severity)},
          {"state", alerts::to_string(alert.state)},
          {"labels", words_json(alert.labels)},
          {"annotations", words_json(alert.annotations)},
          {"began_at", rfc3339(alert.began)},
          {"fired_at", rfc3339_or_null(alert.fired)},
          {"resolved_at", rfc3339_or_null(alert.resolved)},
          {"held_back", alert.held_back}};
}

std::string_view state_of(const alerts::Silence& silence, Instant now) {
  if (silence.ends <= now) return "over";
  return silence.begins > now ? "coming" : "in_force";
}

json::object silence_json(const alerts::Silence& silence, Instant now) {
  return {{"id", std::to_string(silence.id)}, {"matchers", words_json(silence.matchers)},
          {"author", silence.author},         {"reason", silence.reason},
          {"state", state_of(silence, now)},  {"begins_at", rfc3339(silence.begins)},
          {"ends_at", rfc3339(silence.ends)}, {"made_at", rfc3339(silence.made)},
          {"lifted_by", silence.lifted_by}};
}

json::object thresholds_json(config::Rule rule, const config::AlertRule& how) {
  json::object out;
  for (const auto& [name, words] : config::thresholds_of(rule, how)) out[name] = words;
  return out;
}

// What it saw in the last pass; null where it was never looked at.
json::value last_json(const std::optional<alerts::LastPass>& pass, config::Rule rule,
                      const std::string& job) {
  if (!pass) return nullptr;
  const auto look = std::ranges::find_if(
      pass->looks, [&](const alerts::Look& one) { return one.rule == rule && one.job == job; });
  if (look == pass->looks.end()) return nullptr;
  return json::object{{"at", rfc3339(pass->at)}, {"value", look->value}, {"about", look->about}};
}

json::object rule_json(config::Rule rule, const config::AlertRule& how, const std::string& job,
                       const std::string& form, const std::optional<alerts::LastPass>& pass) {
  return {{"rule", config::to_string(rule)},
          {"job", job},
          {"looks_for", config::looks_for(rule)},
          {"enabled", how.enabled},
          {"severity", config::to_string(how.severity)},
          {"for_ms", how.hold.count()},
          {"resolve_after_ms", how.resolve_after.count()},
          {"thresholds", thresholds_json(rule, how)},
          {"says", config::in_words(rule, how)},
          {"last", last_json(pass, rule, job)},
          {"runbook", runbook::link(form, config::to_string(rule))}};
}

template <class Value>
std::optional<Value> named(const Call& call, std::string_view name) {
  Value value{};
  return from_string(call.text(name), value) ? std::optional(value) : std::nullopt;
}

Result<alerts::AlertQuery> query_of(const Call& call) {
  alerts::AlertQuery query{.state = named<alerts::State>(call, "state"),
                           .all = call.flag("all"),
                           .rule = named<config::Rule>(call, "rule"),
                           .severity = named<config::Severity>(call, "severity"),
                           .job = call.text("job")};
  if (call.says("rule") && !query.rule)
    return Error(Errc::not_found, fmt::format("there is no rule '{}'", call.text("rule")));
  if (!call.says("cursor")) return query;
  query.before = call.id("cursor");
  if (*query.before == 0) return Error(Errc::invalid, "the cursor is none that was given out");
  return query;
}

}  // namespace

Result<json::array> alerts_json(Desk& desk) {
  const auto standing = alerts::list(desk.database, {.limit = 500});
  if (!standing) return standing.error();
  json::array items;
  for (const alerts::Alert& alert : *standing) items.push_back(alert_json(alert));
  return items;
}

Result<Answer> list_alerts(Desk& desk, const Call& call) {
  auto query = query_of(call);
  if (!query) return std::move(query).error();
  const auto limit = static_cast<std::size_t>(call.number("limit", 50));
  query->limit = static_cast<int>(limit) + 1;
  const auto found = alerts::list(desk.database, *query);
  if (!found) return found.error();
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, found->size()); ++i)
    items.push_back(alert_json((*found)[i]));
  return listed(std::move(items),
                found->size() > limit ? std::to_string((*found)[limit - 1].id) : "");
}

Result<Answer> show_alert(Desk& desk, const Call& call) {
  const auto alert = alerts::find(desk.database, call.id("alert"));
  if (!alert) return alert.error();
  return answer_of(alert_json(*alert));
}

// The general ones, and behind them those that are otherwise for a job.
Result<Answer> list_alert_rules(Desk& desk, const Call&) {
  const auto settings = desk.settings();
  const config::AlertsConfig& general = settings->alerts;
  const auto pass = alerts::last_pass(desk.database);
  if (!pass) return pass.error();
  json::array items;
  for (const config::Rule rule : config::all_rules())
    items.push_back(rule_json(rule, general.rules[rule], "", general.runbook, *pass));
  for (const config::JobConfig& job : settings->jobs)
    for (const config::Rule rule : config::all_rules())
      if (config::is_of_jobs(rule) && job.alerts[rule] != general.rules[rule])
        items.push_back(rule_json(rule, job.alerts[rule], job.name, general.runbook, *pass));
  return listed(std::move(items));
}

Result<Answer> list_silences(Desk& desk, const Call& call) {
  const Instant now = desk.now();
  const auto found = alerts::list_silences(desk.database, call.flag("all"),
                                           static_cast<int>(call.number("limit", 50)), now);
  if (!found) return found.error();
  json::array items;
  for (const alerts::Silence& silence : *found) items.push_back(silence_json(silence, now));
  return listed(std::move(items));
}

Result<Answer> make_silence(Desk& desk, const Call& call) {
  const Instant now = desk.now();
  alerts::Silence silence{.begins = call.instant("begins_at").value_or(now)};
  for (const std::string& matcher : call.texts("matchers")) {
    const auto equals = matcher.find('=');
    if (equals == matcher.npos)
      return Error(Errc::invalid, fmt::format("'{}' is no matcher; write LABEL=VALUE, such as "
                                              "job=trust-*",
                                              matcher));
    silence.matchers[matcher.substr(0, equals)] = matcher.substr(equals + 1);
  }
  silence.ends = call.says("lasts_ms") ? silence.begins + Duration{call.number("lasts_ms")}
                                       : call.instant("ends_at").value_or(silence.begins);
  const auto made = alerts::make_silence(desk.database, silence, call.person(), now);
  if (!made) return made.error();
  Answer answer = answer_of(silence_json(*made, now), 201);
  answer.location = fmt::format("/silences/{}", made->id);
  return answer;
}

Result<Answer> lift_silence(Desk& desk, const Call& call) {
  auto lifted = alerts::lift_silence(desk.database, call.id("silence"), call.person(), desk.now());
  if (!lifted) return std::move(lifted).error();
  return Answer{.status = 204};
}

Result<Answer> test_alerts(Desk& desk, const Call& call) {
  const auto tried =
      notices::try_out(desk.settings()->notifiers, call.text("notifier"), desk.clock, {});
  if (!tried) return tried.error();
  auto noted = audit::append(desk.database, {.what = "alert.test", .detail = call.text("notifier")},
                             call.person(), desk.now());
  if (!noted) return std::move(noted).error();
  json::array items;
  for (const notices::Tried& one : *tried)
    items.push_back(json::object{{"notifier", one.notifier},
                                 {"kind", one.kind},
                                 {"outcome", notices::word_of(one.answer.fate)},
                                 {"said", one.answer.said},
                                 {"took_ms", one.took.count()}});
  return listed(std::move(items));
}

}  // namespace hotclock::operations
