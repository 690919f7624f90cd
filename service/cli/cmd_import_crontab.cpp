// hotclock import-crontab: a verdict per line of a crontab.
#include <ostream>

#include "scheduler/zone/zone.h"
#include "service/cli/commands.h"
#include "service/cli/import_crontab.h"
#include "service/cli/text_file.h"

namespace hotclock::cli {
int cmd_import_crontab(Console& console, const Common& common, const ImportCrontabArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  ImportOptions options;
  options.system = args.system;
  if (!args.zone.empty()) options.zone = args.zone;
  if (const auto zone = load_zone(options.zone); !zone) return fail(console, common.json, zone.error());
  options.now = console.clock.now();
  const ImportReport report = import_crontab(*text, options);
  const int refused = report.count(LineVerdict::refused);
  if (common.json) {
    print(console, as_json(report));
  } else {
    console.out << table_of(report).text(look_of(console)) << '\n' << suggestions(report);
    console.err << report.count(LineVerdict::ok) << " lines are fine, "
                << report.count(LineVerdict::warning) << " have a warning, " << refused
                << " are refused\n";
  }
  return refused == 0 ? exit_done : exit_failed;
}

}  // namespace hotclock::cli
