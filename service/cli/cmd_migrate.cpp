// hotclock migrate: makes the database, or brings it up to date.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "service/app/store.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"

namespace hotclock::cli {

int cmd_migrate(Console& console, const Common& common, const MigrateArgs&) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  std::vector<std::string> applied;
  const auto database = app::make_store(*settings, console.clock.now(), &applied);
  if (!database) return fail(console, common.json, database.error());
  if (common.json) {
    print(console, {{"database", (*database)->where()},
                    {"applied", boost::json::array(applied.begin(), applied.end())}});
    return exit_done;
  }
  for (const std::string& name : applied) console.out << "applied " << name << '\n';
  console.out << (*database)->where() << " is up to date\n";
  return exit_done;
}

}  // namespace hotclock::cli
