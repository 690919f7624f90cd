// Any text as a crontab: every line of it gets one verdict, and what is taken over can be read
// again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scheduler/cron/schedule.h"
#include "service/cli/import_crontab.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hotclock;
  using namespace hotclock::cli;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool system : {false, true}) {
    const ImportReport report =
        import_crontab(text, {system, "Australia/Sydney", from_millis(1'795'478'400'000)});
    for (const ImportedLine& line : report.lines) {
      if (line.column < 1) std::abort();
      if (line.verdict == LineVerdict::refused && line.remarks.empty()) std::abort();
      if (!line.toml.empty() &&
          !Schedule::parse(line.schedule, {.zone = line.zone, .hash_key = line.name}))
        std::abort();
    }
    as_json(report);
    table_of(report).text({80, true});
  }
  return 0;
}
