// hotclock approvals, approve, refuse: the second person's part.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "service/cli/agreeing.h"
#include "service/cli/commands.h"
#include "service/cli/see_through.h"
#include "service/cli/show_execution.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

void show_list(Console& console, const Seen& list, Instant now) {
  Table table({{"approval", Column::Kind::number},
               {"what"},
               {"job"},
               {"asked by"},
               {"when"},
               {"state"},
               {"reason", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items"))
    table.add({one.text("id"), one.text("what"), one.text("job"), one.text("requested_by"),
               relative_text(one.instant("requested_at").value_or(now), now), one.text("state"),
               one.text("reason")});
  if (table.empty())
    console.err << "nothing waits for a second person\n";
  else
    console.out << table.text(look_of(console));
}

// What will be done, to the letter.
void show_plan(Console& console, const Seen& approval) {
  Table table({{"approval"}, {approval.text("id"), Column::Kind::wrapped}});
  table.add({"what", approval.text("what")});
  table.add({"job", approval.text("job")});
  table.add({"asked by", approval.text("requested_by")});
  table.add({"reason", approval.text("reason")});
  for (const auto& [name, value] : approval.object("plan").object("said").members())
    if (name != "job" && name != "reason")
      table.add({std::string(name), value.is_string() ? std::string(value.get_string())
                                                      : boost::json::serialize(value)});
  table.add({"plan", approval.text("plan_hash")});
  console.out << table.text(look_of(console));
}

Result<Answer> approved(Console& console, const Common& common, Door& door,
                        const ApproveArgs& args) {
  const auto answer = door.ask(get("/approvals/" + args.approval));
  if (!answer) return answer;
  const Seen approval(answer->body);
  if (!common.json) show_plan(console, approval);
  if (approval.text("state") == "open")
    if (auto yes = agreed(console, args.yes, "Say yes to exactly this?"); !yes)
      return std::move(yes).error();
  return door.ask(post("/approvals/" + args.approval + "/approve",
                       {{"plan_hash", approval.text("plan_hash")}, {"reason", args.reason}}));
}

// The slots that the answer is about: of a run one, of a backfill many, of a change none.
std::vector<std::string> slots_in(const Seen& result) {
  std::vector<std::string> slots;
  if (result.has("scheduled_for")) slots.push_back(result.text("id"));
  for (const Seen& item : result.list("items"))
    if (item.has("scheduled_for")) slots.push_back(item.text("id"));
  return slots;
}

// What was asked for is worked as if it had needed nobody.
int see_through(Console& console, const Common& common, Door& door, const Seen& result) {
  const auto ends = cli::see_through(console, common, door, slots_in(result));
  if (!ends) return fail(console, common.json, ends.error());
  int code = exit_done;
  for (const Answer& end : *ends) {
    const auto view = operations::execution_of(Seen(end.body));
    if (!common.json) show_execution(console, view);
    code = std::max(code, exit_code_of(view.slot));
  }
  return code;
}

}  // namespace

int cmd_approvals(Console& console, const Common& common, const ApprovalsArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/approvals", {{"open", args.all ? "false" : ""}})),
              [&](const Seen& list) { show_list(console, list, (*door)->now()); });
}

int cmd_approve(Console& console, const Common& common, const ApproveArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto answer = approved(console, common, **door, args);
  const int code = tell(console, common, answer, [&](const Seen& said) {
    const Seen approval = said.object("approval");
    console.out << fmt::format("approved, and done: {} of {}, asked for by {}\n",
                               approval.text("what"), approval.text("job"),
                               approval.text("requested_by"));
  });
  if (!answer || args.no_wait) return code;
  return see_through(console, common, **door, Seen(answer->body).object("result"));
}

int cmd_refuse(Console& console, const Common& common, const RefuseArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(
      console, common,
      (*door)->ask(post("/approvals/" + args.approval + "/refuse", {{"reason", args.reason}})),
      [&](const Seen& approval) {
        console.out << fmt::format("approval {} is {}; nothing was done\n", approval.text("id"),
                                   approval.text("state"));
      });
}

}  // namespace hotclock::cli
