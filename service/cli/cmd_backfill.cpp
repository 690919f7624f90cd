// hotclock backfill: a plan over a past range first, then its slots, oldest first.
#include <algorithm>
#include <iostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/rehearsal.h"
#include "service/cli/see_through.h"
#include "service/cli/slot_text.h"
#include "service/cli/when.h"
#include "service/ledger/control.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t most_slots = 10'000;
// What each slot would do is found out by running it in earnest and rolling it back; beyond so many
// the plan says how many more there are.
constexpr std::size_t most_rehearsed = 31;

// One due instant of the range.
struct Planned {
  Instant at;
  std::string stands;      // what it came to, if it has a row
  bool left_out = false;   // done, or being worked
  std::string would_do;
};

struct Range {
  Instant from, to;
};

Result<Range> read_range(const BackfillArgs& args, const Zone& zone, Instant now) {
  const auto from = read_instant(args.from, zone, now);
  if (!from) return from.error().within("--from");
  const auto to = read_instant(args.to, zone, now);
  if (!to) return to.error().within("--to");
  if (*to < *from) return Error(Errc::invalid, "--to lies before --from");
  if (*to > now) return Error(Errc::invalid, "--to lies in the future: a backfill is of slots that have passed");
  return Range{*from, *to};
}

bool settled(const ledger::SlotView& slot) {
  return slot.state != State::ended || slot.ended == End::completed;
}

Result<std::vector<Planned>> plan(Session& session, const config::JobConfig& job, const Range& range) {
  std::vector<Planned> planned;
  for (auto at = job.schedule.next(range.from - Duration{1}); at && *at <= range.to;
       at = job.schedule.next(*at)) {
    if (planned.size() == most_slots)
      return Error(Errc::invalid, fmt::format("the range holds more than {} slots; take a shorter one", most_slots));
    planned.push_back({*at, "no row", false, {}});
  }
  const auto rows =
      ledger::slots_between(*session.database, job.name, range.from, range.to + Duration{1});
  if (!rows) return rows.error();
  for (const ledger::SlotView& row : *rows) {
    const auto found = std::find_if(planned.begin(), planned.end(), [&](const Planned& p) {
      return p.at == row.slot.scheduled_for;
    });
    if (found == planned.end() || found->left_out) continue;
    found->stands = standing(row);
    found->left_out = settled(row);
  }
  std::size_t rehearsed = 0;
  for (Planned& p : planned) {
    if (p.left_out || ++rehearsed > most_rehearsed) continue;
    const auto outcome = rehearse(session, job, p.at);
    if (!outcome) return outcome.error();
    p.would_do = rehearsal_words(*outcome);
  }
  return planned;
}

void show(Console& console, const config::JobConfig& job, const std::vector<Planned>& planned) {
  Table table({{"slot"}, {"wall clock"}, {"stands"}, {"plan"}, {"would do", Column::Kind::wrapped}});
  for (const Planned& p : planned)
    table.add({to_string(p.at), local_text(p.at, job.schedule.zone()), p.stands,
               p.left_out ? Cell("leave out", Tone::faint) : Cell("work", Tone::good), p.would_do});
  if (table.empty())
    console.out << "no slot of " << job.name << " lies in that range\n";
  else
    console.out << table.text(look_of(console));
}

json::array as_json(const std::vector<Planned>& planned) {
  json::array list;
  for (const Planned& p : planned)
    list.push_back(json::object{{"scheduled_for", to_string(p.at)},
                                {"stands", p.stands},
                                {"left_out", p.left_out},
                                {"would_do", p.would_do}});
  return list;
}

Result<> agreed(Console& console, const BackfillArgs& args, std::size_t slots) {
  if (args.yes) return {};
  if (!console.in_is_terminal)
    return Error(Errc::invalid, "nobody is there to agree to the plan; look at it with --dry-run, then give --yes");
  console.err << fmt::format("Work these {} slots? [y/N] ", slots) << std::flush;
  std::string answer;
  std::getline(console.in, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return Error(Errc::conflict, "nothing was entered");
}

// Enters the plan's slots; their ids, oldest first.
Result<std::vector<std::int64_t>> enter(Console& console, Session& session, const config::JobConfig& job,
                                        const BackfillArgs& args, const std::vector<Instant>& slots) {
  const Instant now = session.clock->now();
  if (auto known = enrolled(session, now); !known) return known.error();
  UuidSource uuids;
  const ledger::Backfill backfill{.job = job.name, .slots = slots, .key = uuids.next(now).text(),
                                  .priority = job.policy->priority};
  const auto entered = ledger::enter_backfill(*session.database, backfill,
                                              {asking(console, args.by), "backfill"}, now);
  if (!entered) return entered.error();
  const auto rows = ledger::slots_between(*session.database, job.name, slots.front(),
                                          slots.back() + Duration{1});
  if (!rows) return rows.error();
  std::vector<std::int64_t> ids;
  for (const auto& row : *rows)
    if (row.slot.trigger == Trigger::backfill && row.slot.key.find(backfill.key) != std::string::npos)
      ids.push_back(row.id);
  return ids;
}

int tell_ends(Console& console, const Common& common, const std::vector<ledger::ExecutionView>& views) {
  int code = exit_done;
  json::array list;
  Table table({{"slot"}, {"end"}, {"execution"}, {"did", Column::Kind::wrapped}});
  for (const auto& view : views) {
    const std::string did = view.attempts.empty() ? view.slot.reason
                                                  : tally_words(view.attempts.back().tally);
    table.add({to_string(view.slot.slot.scheduled_for), {standing(view.slot), tone_of(view.slot)},
               view.slot.execution, did});
    list.push_back(execution_json(view));
    code = std::max(code, exit_code_of(view.slot));
  }
  if (common.json)
    print(console, {{"slots", std::move(list)}});
  else
    console.out << '\n' << table.text(look_of(console));
  return code;
}

}  // namespace

int cmd_backfill(Console& console, const Common& common, const BackfillArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto job = app::find_job(session->settings, args.job);
  if (!job) return fail(console, common.json, job.error());
  const auto range = read_range(args, (*job)->schedule.zone(), session->clock->now());
  if (!range) return fail(console, common.json, range.error());
  const auto planned = plan(*session, **job, *range);
  if (!planned) return fail(console, common.json, planned.error());
  if (!common.json) show(console, **job, *planned);
  std::vector<Instant> slots;
  for (const Planned& p : *planned)
    if (!p.left_out) slots.push_back(p.at);
  if (args.dry_run || slots.empty()) {
    if (common.json) print(console, {{"job", args.job}, {"plan", as_json(*planned)}});
    return exit_done;
  }
  if (auto yes = agreed(console, args, slots.size()); !yes) return fail(console, common.json, yes.error());
  const auto ids = enter(console, *session, **job, args, slots);
  if (!ids) return fail(console, common.json, ids.error());
  const auto views = see_through(console, common, *session, *ids);
  if (!views) return fail(console, common.json, views.error());
  return tell_ends(console, common, *views);
}

}  // namespace hotclock::cli
