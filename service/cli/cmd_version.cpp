// hotclock version: the version, and what it stands on.
#include <ostream>

#include <boost/json/object.hpp>

#include "scheduler/zone/zone.h"
#include "service/cli/commands.h"
#include "service/sql/sql.h"

namespace hotclock::cli {

int cmd_version(Console& console, const Common& common, const VersionArgs&) {
  const std::string zones = zone_data_version(), sqlite = sql::engine_version();
  if (common.json)
    print(console, {{"version", HOTCLOCK_VERSION}, {"sqlite", sqlite}, {"zone_data", zones}});
  else
    console.out << "hotclock " << HOTCLOCK_VERSION << "\nSQLite " << sqlite << "\nzone data " << zones
                << '\n';
  return exit_done;
}

}  // namespace hotclock::cli
