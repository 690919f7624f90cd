#include "service/cli/runs_text.h"

#include <ostream>

#include <fmt/format.h>

#include "service/cli/when.h"

namespace hotclock::cli {

void show_runs(Console& console, const operations::Seen& schedule, Instant now) {
  for (const operations::Seen& run : schedule.list("runs")) {
    const std::string note = run.text("note");
    const Instant at = run.instant("at").value_or(Instant{});
    const char* mark = run.flag("lost") ? "-" : note.empty() ? " " : "!";
    console.out << fmt::format(" {} {}  {:<20}  {:<14}{}{}\n", mark, run.text("local"),
                               to_string(at), relative_text(at, now), note.empty() ? "" : "  ",
                               note);
  }
}

}  // namespace hotclock::cli
