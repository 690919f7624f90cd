// hotclock slots: the same act on all slots that are like that.
#include <algorithm>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "service/cli/agreeing.h"
#include "service/cli/commands.h"
#include "service/cli/slot_filters.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

struct Act {
  const char* path;
  const char* question;  // of how many
};
constexpr Act cancel{"/slots/cancel", "Cancel these {}?"};
constexpr Act retry{"/slots/retry", "Work these {} anew?"};

// As the API takes it in a body: spans are numbers there.
json::object order_of(const Query& filters) {
  json::object order;
  for (const auto& [name, value] : filters) {
    if (value.empty()) continue;
    order[name] = name == "longer_than_ms" ? json::value(std::stoll(value)) : json::value(value);
  }
  return order;
}

Result<Query> narrowed(Door& door, const SlotFilters& slots) {
  auto filters = filters_of(door, slots);
  if (!filters) return filters;
  const auto says = [](const auto& filter) { return !filter.second.empty(); };
  if (std::ranges::none_of(*filters, says))
    return Error(Errc::invalid, "say which slots: a job, --state, --since, ...");
  return filters;
}

void show(Console& console, const Seen& done) {
  Table table({{"slot"}, {"job"}, {"outcome"}, {"why", Column::Kind::wrapped}});
  for (const Seen& one : done.list("items")) {
    const std::string outcome = one.text("outcome"), anew = one.text("new_slot");
    const auto at = one.instant("scheduled_for");
    table.add({at ? to_string(*at) : one.text("slot"),
               one.text("job"),
               {outcome, outcome == "refused" ? Tone::notice : Tone::good},
               anew.empty() ? one.text("why") : "as slot " + anew});
  }
  console.out << table.text(look_of(console));
  console.err << fmt::format("{} done, {} refused{}\n", done.number("done"), done.number("refused"),
                             done.text("stopped").empty() ? "" : ": " + done.text("stopped"));
}

int done_to_many(Console& console, const Common& common, const SlotsActArgs& args, const Act& act) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto filters = narrowed(**door, args.slots);
  if (!filters) return fail(console, common.json, filters.error());
  const auto counted = (*door)->ask(get("/history/count", *filters));
  if (!counted) return fail(console, common.json, counted.error());
  const Seen count(counted->body);
  const std::string slots =
      fmt::format("{}{} slots", count.number("count"), count.flag("more") ? " or more" : "");
  if (args.dry_run || count.number("count") == 0)
    return tell(console, common, counted,
                [&](const Seen&) { console.out << slots << " are like that\n"; });
  if (auto yes = agreed(console, args.yes, fmt::format(fmt::runtime(act.question), slots)); !yes)
    return fail(console, common.json, yes.error());
  json::object order = order_of(*filters);
  order["matching"] = count.number("count");
  order["reason"] = args.reason;
  return tell(console, common, (*door)->ask(post(act.path, order)),
              [&](const Seen& done) { show(console, done); });
}

}  // namespace

int cmd_slots_cancel(Console& console, const Common& common, const SlotsCancelArgs& args) {
  return done_to_many(console, common, args, cancel);
}

int cmd_slots_retry(Console& console, const Common& common, const SlotsRetryArgs& args) {
  return done_to_many(console, common, args, retry);
}

}  // namespace hotclock::cli
