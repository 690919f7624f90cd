// hotclock alerts: what is the matter, what is looked for, and what nobody wants to hear of.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/config/units.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

Tone tone_of(const Seen& alert) {
  if (alert.text("state") != "firing") return Tone::faint;
  return alert.text("severity") == "info" ? Tone::plain : Tone::notice;
}

std::string in_words(const Seen& labels) {
  std::string words;
  for (const auto& [name, value] : labels.members())
    words += (words.empty() ? "" : ", ") + std::string(name) + '=' + labels.text(name);
  return words;
}

std::string when_text(const Seen& of, std::string_view name, Instant now) {
  const auto at = of.instant(name);
  return at ? relative_text(*at, now) : "";
}

void show_list(Console& console, const Seen& list, Instant now) {
  Table table({{"alert", Column::Kind::number},
               {"severity"},
               {"state"},
               {"rule"},
               {"began"},
               {"what", Column::Kind::wrapped},
               {"told", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string held_back = one.text("held_back");
    table.add({one.text("id"),
               {one.text("severity"), tone_of(one)},
               {one.text("state"), tone_of(one)},
               one.text("rule"),
               when_text(one, "began_at", now),
               one.object("annotations").text("summary"),
               held_back.empty() ? "yes" : "no: " + held_back});
  }
  if (table.empty())
    console.err << "nothing is the matter\n";
  else
    console.out << table.text(look_of(console));
}

void show_one(Console& console, const Seen& alert, Instant now) {
  Table table({{"alert"}, {alert.text("id"), Column::Kind::wrapped}});
  for (const std::string_view name : {"rule", "severity", "state"})
    table.add({std::string(name), alert.text(name)});
  table.add({"labels", in_words(alert.object("labels"))});
  for (const auto& [name, value] : alert.object("annotations").members())
    table.add({std::string(name), alert.object("annotations").text(name)});
  table.add({"began", when_text(alert, "began_at", now)});
  if (alert.has("fired_at")) table.add({"fired", when_text(alert, "fired_at", now)});
  if (alert.has("resolved_at")) table.add({"over", when_text(alert, "resolved_at", now)});
  if (!alert.text("held_back").empty()) table.add({"held back", alert.text("held_back")});
  console.out << table.text(look_of(console));
}

void show_rules(Console& console, const Seen& list) {
  Table table({{"rule"},
               {"of"},
               {"severity"},
               {"for"},
               {"looks for", Column::Kind::wrapped},
               {"from where on", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string job = one.text("job");
    table.add({one.text("rule"), job.empty() ? "all" : job,
               one.flag("enabled") ? one.text("severity") : "off",
               to_words(Duration{one.number("for_ms")}), one.text("looks_for"), one.text("says")});
  }
  console.out << table.text(look_of(console));
}

void show_silences(Console& console, const Seen& list, Instant now) {
  Table table({{"silence", Column::Kind::number},
               {"state"},
               {"of", Column::Kind::wrapped},
               {"author"},
               {"ends"},
               {"reason", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items"))
    table.add({one.text("id"), one.text("state"), in_words(one.object("matchers")),
               one.text("author"), when_text(one, "ends_at", now), one.text("reason")});
  if (table.empty())
    console.err << "nothing is silenced\n";
  else
    console.out << table.text(look_of(console));
}

void show_tried(Console& console, const Seen& list) {
  Table table({{"notifier"}, {"kind"}, {"outcome"}, {"said", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string outcome = one.text("outcome");
    table.add({one.text("notifier"),
               one.text("kind"),
               {outcome, outcome == "sent" ? Tone::good : Tone::notice},
               one.text("said")});
  }
  if (table.empty())
    console.err << "nobody is told of alerts: the settings name no notifier ([notifiers.NAME])\n";
  else
    console.out << table.text(look_of(console));
}

// "2h" from now, or an instant.
Result<Answer> silenced(Door& door, const AlertSilenceArgs& args) {
  json::object order{{"matchers", json::array(args.matchers.begin(), args.matchers.end())},
                     {"reason", args.reason}};
  if (const auto span = config::parse_duration(args.until)) {
    order["lasts_ms"] = span->count();
  } else {
    const auto utc = load_zone("UTC");
    if (!utc) return utc.error();
    const auto end = read_instant(args.until, **utc, door.now());
    if (!end) return end.error().within("--until");
    order["ends_at"] = operations::rfc3339(*end);
  }
  return door.ask(post("/silences", order));
}

}  // namespace

int cmd_alerts(Console& console, const Common& common, const AlertsArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto request = get("/alerts", {{"all", args.all ? "true" : ""},
                                       {"state", args.state},
                                       {"rule", args.rule},
                                       {"severity", args.severity},
                                       {"job", args.job}});
  return tell(console, common, ask_for_all(**door, request, static_cast<std::size_t>(args.limit)),
              [&](const Seen& list) { show_list(console, list, (*door)->now()); });
}

int cmd_alert_show(Console& console, const Common& common, const AlertShowArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/alerts/" + args.alert)),
              [&](const Seen& alert) { show_one(console, alert, (*door)->now()); });
}

int cmd_alert_rules(Console& console, const Common& common, const AlertRulesArgs&) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/alert-rules")),
              [&](const Seen& list) { show_rules(console, list); });
}

int cmd_silences(Console& console, const Common& common, const SilencesArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/silences", {{"all", args.all ? "true" : ""}})),
              [&](const Seen& list) { show_silences(console, list, (*door)->now()); });
}

int cmd_alert_silence(Console& console, const Common& common, const AlertSilenceArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, silenced(**door, args), [&](const Seen& silence) {
    console.out << fmt::format("silence {}: nobody is told of {} until {}\n", silence.text("id"),
                               in_words(silence.object("matchers")),
                               to_string(silence.instant("ends_at").value_or(Instant{})));
  });
}

int cmd_alert_unsilence(Console& console, const Common& common, const AlertUnsilenceArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto lifted = (*door)->ask(remove("/silences/" + args.silence, args.reason));
  if (!lifted) return fail(console, common.json, lifted.error());
  if (common.json)
    print(console, {{"lifted", args.silence}});
  else
    console.out << "silence " << args.silence << " is over\n";
  return exit_done;
}

int cmd_alert_test(Console& console, const Common& common, const AlertTestArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  json::object order{{"reason", args.reason}};
  if (!args.notifier.empty()) order["notifier"] = args.notifier;
  const auto tried = (*door)->ask(post("/alert-test", order));
  const int code =
      tell(console, common, tried, [&](const Seen& list) { show_tried(console, list); });
  if (!tried) return code;
  const auto items = Seen(tried->body).list("items");
  const bool all =
      std::ranges::all_of(items, [](const Seen& one) { return one.text("outcome") == "sent"; });
  return all ? code : exit_failed;
}

}  // namespace hotclock::cli
