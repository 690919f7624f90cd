// hotclock nodes, drift, reload: the nodes, and what settings they go by.
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

void tell_drain(Console& console, const Seen& node) {
  if (!node.has("draining")) return;
  const Seen drain = node.object("draining");
  console.out << fmt::format("{} takes nothing new since {}, by {}: {}\n", node.text("name"),
                             to_string(drain.instant("since").value_or(Instant{})),
                             drain.text("by"), drain.text("reason"));
}

void show_nodes(Console& console, const Seen& list, Instant now) {
  Table table({{"node"},
               {"host"},
               {"state"},
               {"version"},
               {"started"},
               {"seen"},
               {"clock ahead", Column::Kind::number},
               {"running", Column::Kind::number}});
  for (const Seen& one : list.list("items")) {
    const bool drains = one.text("state") == "works" && one.has("draining");
    const std::string state = drains ? "drains" : one.text("state");
    const Tone tone = drains             ? Tone::notice
                      : state == "works" ? Tone::good
                      : state == "lost"  ? Tone::bad
                                         : Tone::faint;
    table.add({one.text("name"),
               one.text("host"),
               {state, tone},
               one.text("version"),
               to_string(one.instant("started_at").value_or(Instant{})),
               relative_text(one.instant("seen_at").value_or(now), now),
               fmt::format("{} ms", one.number("clock_ahead_ms")),
               std::to_string(one.number("running"))});
  }
  if (table.empty())
    console.err << "no node serves, or has within a day\n";
  else
    console.out << table.text(look_of(console));
  for (const Seen& one : list.list("items")) tell_drain(console, one);
}

void show_drift(Console& console, const Seen& list, Instant now) {
  Table table({{"job"},
               {"key"},
               {"live"},
               {"files"},
               {"by"},
               {"since"},
               {"reason", Column::Kind::wrapped},
               {"note", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items"))
    table.add({one.text("job"), one.text("key"), one.text("live"), one.text("file"),
               one.text("author"), relative_text(one.instant("since").value_or(now), now),
               one.text("reason"), one.text("note")});
  if (table.empty())
    console.out << "nothing was changed live: everything goes by the files\n";
  else
    console.out << table.text(look_of(console));
}

void show_reload(Console& console, const Seen& reloaded) {
  const auto in_force = reloaded.list("in_force"), later = reloaded.list("at_next_start");
  for (const Seen& one : in_force)
    console.out << fmt::format("{}: {} instead of {}\n", one.text("key"), one.text("after"),
                               one.text("before"));
  for (const Seen& one : later)
    console.out << fmt::format("{}: {} instead of {}, from the next start on\n", one.text("key"),
                               one.text("after"), one.text("before"));
  if (in_force.empty() && later.empty()) console.out << "nothing has changed\n";
}

}  // namespace

int cmd_nodes(Console& console, const Common& common, const NodesArgs&) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/nodes")),
              [&](const Seen& list) { show_nodes(console, list, (*door)->now()); });
}

int cmd_node_drain(Console& console, const Common& common, const NodeDrainArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const std::string path = "/nodes/" + args.node + "/drain";
  return tell(
      console, common,
      (*door)->ask(args.undo ? remove(path, args.reason) : post(path, {{"reason", args.reason}})),
      [&](const Seen& node) {
        if (args.undo) console.out << node.text("name") << " takes what is due again\n";
        tell_drain(console, node);
      });
}

int cmd_drift(Console& console, const Common& common, const DriftArgs&) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/config/drift")),
              [&](const Seen& list) { show_drift(console, list, (*door)->now()); });
}

int cmd_reload(Console& console, const Common& common, const ReloadArgs& args) {
  if (server_of(console, common).empty())
    return fail(console, common.json,
                Error(Errc::invalid,
                      "it is a node that reads its settings anew: ask one with "
                      "--server URL, or send its process SIGHUP"));
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(post("/config/reload", {{"reason", args.reason}})),
              [&](const Seen& reloaded) { show_reload(console, reloaded); });
}

}  // namespace hotclock::cli
