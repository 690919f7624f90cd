// hotclock alerts explain: a page of the runbook. It needs neither settings nor a database, since
// it is read when those are gone.
#include <algorithm>
#include <ostream>
#include <vector>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/cli/commands.h"
#include "service/runbook/runbook.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

std::vector<std::string_view> names() {
  std::vector<std::string_view> out(runbook::pages().size());
  std::ranges::transform(runbook::pages(), out.begin(), &runbook::Page::name);
  return out;
}

Error no_such_page(const std::string& rule) {
  const auto all = names();
  const auto near = nearest(rule, std::span<const std::string_view>(all));
  return Error(Errc::not_found,
               near.empty()
                   ? fmt::format("there is no rule '{}'; hotclock alerts explain lists them", rule)
                   : fmt::format("there is no rule '{}'; did you mean '{}'?", rule, near));
}

int list_pages(Console& console, const Common& common) {
  const auto all = names();
  if (common.json)
    print(console, {{"rules", json::array(all.begin(), all.end())}});
  else
    for (const std::string_view name : all) console.out << name << '\n';
  return exit_done;
}

}  // namespace

int cmd_alert_explain(Console& console, const Common& common, const AlertExplainArgs& args) {
  if (args.rule.empty()) return list_pages(console, common);
  const runbook::Page* page = runbook::find(args.rule);
  if (!page) return fail(console, common.json, no_such_page(args.rule));
  if (common.json)
    print(console, {{"rule", page->name}, {"page", page->text}});
  else
    console.out << page->text;
  return exit_done;
}

}  // namespace hotclock::cli
