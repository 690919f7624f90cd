// hotclock alerts test: what comes back of notifiers when they are told something.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

bool was_sent(const Seen& one) { return one.text("outcome") == "sent"; }

void show_tests(Console& console, const std::vector<Seen>& tests) {
  Table table({{"notifier"},
               {"kind"},
               {"outcome"},
               {"took", Column::Kind::number},
               {"it said", Column::Kind::wrapped}});
  for (const Seen& one : tests)
    table.add({one.text("notifier"),
               one.text("kind"),
               {one.text("outcome"), was_sent(one) ? Tone::good : Tone::bad},
               one.text("took_ms") + " ms",
               one.text("said")});
  console.out << table.text(look_of(console));
}

}  // namespace

// Fails where one of them was not told.
int cmd_alert_test(Console& console, const Common& common, const AlertTestArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  boost::json::object order;
  if (!args.notifier.empty()) order["notifier"] = args.notifier;
  const auto answer = (*door)->ask(post("/alert-test", order));
  bool all_sent = true;
  const int code = tell(console, common, answer,
                        [&](const Seen& list) { show_tests(console, list.list("items")); });
  if (answer) all_sent = std::ranges::all_of(Seen(answer->body).list("items"), was_sent);
  return all_sent ? code : exit_failed;
}

}  // namespace hotclock::cli
