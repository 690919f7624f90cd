// hotclock config: every setting in force, and where it comes from.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"

namespace hotclock::cli {

int cmd_config(Console& console, const Common& common, const ConfigArgs&) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  if (common.json) {
    boost::json::array list;
    for (const auto& shown : settings->shown)
      list.push_back(boost::json::object{
          {"key", shown.key}, {"value", shown.value}, {"origin", shown.origin}});
    print(console, {{"settings", std::move(list)}});
    return exit_done;
  }
  Table table({{"key"}, {"value", Column::Kind::cut}, {"from"}});
  for (const auto& shown : settings->shown)
    table.add({shown.key, shown.value, {shown.origin, shown.origin == "default" ? Tone::faint : Tone::plain}});
  console.out << table.text(look_of(console));
  return exit_done;
}

}  // namespace hotclock::cli
