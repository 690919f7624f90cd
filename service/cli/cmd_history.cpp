// hotclock history: what became of the slots.
#include <ostream>

#include <boost/json/array.hpp>

#include "service/cli/commands.h"
#include "service/cli/slot_filters.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/operations/json.h"

namespace hotclock::cli {
namespace {

std::string duration_text(const ledger::SlotView& slot) {
  return slot.started_at && slot.ended_at ? to_words(*slot.ended_at - *slot.started_at) : "";
}

void show(Console& console, const Seen& list) {
  Table table({{"slot"},
               {"job"},
               {"end"},
               {"trigger"},
               {"took", Column::Kind::number},
               {"execution"},
               {"reason", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const auto slot = operations::slot_of(one);
    table.add({to_string(slot.slot.scheduled_for),
               slot.slot.job,
               {standing(slot), tone_of(slot)},
               std::string(to_string(slot.slot.trigger)),
               duration_text(slot),
               slot.execution,
               slot.reason});
  }
  if (!table.empty()) console.out << table.text(look_of(console));
  if (const std::string next = list.text("next"); table.empty() && !next.empty())
    console.err << "no slot is like that so far back; go on with --until\n";
  else if (table.empty())
    console.err << "no slot is like that\n";
}

// Only job and time narrow a search.
Query search_query(const Query& filters, const std::string& words, const std::string& in) {
  Query query{{"words", words}, {"in", in}};
  for (const auto& [name, value] : filters)
    if (name == "job" || name == "since" || name == "until") query.emplace_back(name, value);
  return query;
}

// One answer of all places that are searched, each hit with its place.
Result<Answer> searched(Door& door, const Query& filters, const HistoryArgs& args) {
  boost::json::array items;
  std::string next;
  for (const char* place : {"reasons", "set_aside", "logs"}) {
    if (args.in != "all" && args.in != place) continue;
    auto page = ask_for_all(door, get("/history/search", search_query(filters, args.search, place)),
                            static_cast<std::size_t>(args.limit));
    if (!page) return page;
    const Seen list(page->body);
    if (args.in != "all") next = list.text("next");
    for (const Seen& one : list.list("items")) {
      boost::json::object hit = one.members();
      hit["in"] = place;
      items.push_back(std::move(hit));
    }
  }
  return operations::listed(std::move(items), next);
}

void show_hits(Console& console, const Seen& list) {
  Table table(
      {{"slot"}, {"job"}, {"outcome"}, {"in"}, {"execution"}, {"text", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items"))
    table.add({to_string(one.instant("scheduled_for").value_or(Instant{})), one.text("job"),
               one.text("outcome"), one.text("in"), one.text("execution"), one.text("excerpt")});
  if (table.empty())
    console.err << "these words are nowhere\n";
  else
    console.out << table.text(look_of(console));
}

int search(Console& console, const Common& common, Door& door, const Query& query,
           const HistoryArgs& args) {
  return tell(console, common, searched(door, query, args),
              [&](const Seen& list) { show_hits(console, list); });
}

}  // namespace

int cmd_history(Console& console, const Common& common, const HistoryArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto query = filters_of(**door, args.slots);
  if (!query) return fail(console, common.json, query.error());
  if (!args.search.empty()) return search(console, common, **door, *query, args);
  return tell(console, common,
              ask_for_all(**door, get("/slots", *query), static_cast<std::size_t>(args.limit)),
              [&](const Seen& list) { show(console, list); });
}

int cmd_history_export(Console& console, const Common& common, const HistoryExportArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  auto query = filters_of(**door, args.slots);
  if (!query) return fail(console, common.json, query.error());
  query->emplace_back("format", args.format);
  for (std::string cursor;;) {
    Query page = *query;
    page.emplace_back("cursor", cursor);
    const auto lines = (*door)->ask(get("/history/export", page));
    if (!lines) return fail(console, common.json, lines.error());
    console.out << lines->text;
    if (lines->next.empty()) return exit_done;
    cursor = lines->next;
  }
}

}  // namespace hotclock::cli
