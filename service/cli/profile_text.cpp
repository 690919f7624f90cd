#include "service/cli/profile_text.h"

#include <fmt/format.h>

#include <ostream>

#include "service/cli/progress_line.h"
#include "service/cli/table.h"

namespace hotclock::cli {
namespace {

using operations::Seen;
using enum Column::Kind;

std::string share(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return "";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string bytes_words(std::int64_t bytes) {
  if (bytes < 10'240) return fmt::format("{} B", bytes);
  const double kib = static_cast<double>(bytes) / 1024;
  return kib < 10'240 ? fmt::format("{:.0f} KiB", kib) : fmt::format("{:.1f} MiB", kib / 1024);
}

void show_phases(Console& console, const Seen& profile) {
  const Seen in = profile.object("phases");
  const std::int64_t whole = profile.number("waiting_us") + profile.number("claim_us") +
                             profile.number("run_us") + profile.number("ending_us");
  Table table({{"phase"}, {"took", number}, {"share", number}, {"what it is"}});
  const auto add = [&](const char* name, std::int64_t took, const char* means) {
    table.add({name, span_words(took), share(took, whole), means});
  };
  add("waiting", profile.number("waiting_us"), "from when it could have been claimed");
  add("claim", profile.number("claim_us"), "until its code began");
  add("reading", profile.number("reading_us"), "in transactions that only read");
  add("turn", in.number("turn_us"), "waiting to write: a connection, or the writer's lock");
  add("statements", in.number("statements_us"), "the job's own, in chunks");
  add("own code", in.number("own_us"), "between the statements of chunks");
  add("events", in.number("events_us"), "into the outbox");
  add("fence check", in.number("fence_us"), "whether the lease is still held");
  add("commit", in.number("commit_us"), "");
  add("elsewhere", profile.number("elsewhere_us"), "outside any transaction");
  if (profile.has("ending_us"))
    add("ending", profile.number("ending_us"), "until its end was recorded");
  console.out << '\n' << table.text(look_of(console));
}

void show_chunks(Console& console, const Seen& profile) {
  Table table({{"chunk", number},
               {"took", number},
               {"statements", number},
               {"own", number},
               {"fence", number},
               {"commit", number},
               {"rows", number},
               {"bytes", number},
               {""}});
  for (const Seen& chunk : profile.list("kept_chunks")) {
    const Seen in = chunk.object("phases");
    table.add({std::to_string(chunk.number("number")),
               span_words(chunk.number("took_us")),
               span_words(in.number("statements_us")),
               span_words(in.number("own_us")),
               span_words(in.number("fence_us")),
               span_words(in.number("commit_us")),
               grouped(chunk.number("rows")),
               bytes_words(chunk.number("bytes")),
               {chunk.flag("committed") ? "" : "rolled back", Tone::notice}});
  }
  if (table.empty()) return;
  console.out << '\n' << table.text(look_of(console));
  const auto left_out = profile.number("chunks") - std::ssize(profile.list("kept_chunks"));
  if (left_out > 0)
    console.out << fmt::format("  the first and the slowest; {} more are not shown\n",
                               grouped(left_out));
}

void show_statements(Console& console, const Seen& profile) {
  Table table({{"statement", cut},
               {"runs", number},
               {"took", number},
               {"longest", number},
               {"gave", number},
               {"changed", number},
               {"sent", number},
               {"read", number}});
  for (const Seen& one : profile.list("statements"))
    table.add({one.text("name"), grouped(one.number("runs")), span_words(one.number("took_us")),
               span_words(one.number("longest_us")), grouped(one.number("rows_given")),
               grouped(one.number("rows_changed")), bytes_words(one.number("bytes_sent")),
               bytes_words(one.number("bytes_given"))});
  if (!table.empty()) console.out << '\n' << table.text(look_of(console));
}

void show_plans(Console& console, const Seen& profile) {
  for (const Seen& plan : profile.list("plans")) {
    console.out << fmt::format("\nplan of {}\n", plan.text("statement"));
    for (const std::string& line : plan.texts("lines")) console.out << "  " << line << '\n';
    for (const Seen& finding : plan.list("findings"))
      console.out << fmt::format("  ! {}: {}\n", finding.text("kind"), finding.text("words"));
    if (plan.list("findings").empty()) console.out << "  nothing is wrong with it\n";
  }
}

}  // namespace

std::string span_words(std::int64_t us) {
  if (us < 1'000) return fmt::format("{} us", us);
  const double ms = static_cast<double>(us) / 1000;
  if (ms < 1'000) return fmt::format("{:.1f} ms", ms);
  return fmt::format("{:.2f} s", ms / 1000);
}

void show_profile(Console& console, const Seen& profile) {
  console.out << fmt::format(
      "{}: {}, {} chunks ({} rolled back), {} rows, {}\n", profile.text("job"),
      profile.number("attempts") == 1 ? "one attempt"
                                      : grouped(profile.number("attempts")) + " attempts together",
      grouped(profile.number("chunks")), grouped(profile.number("rolled_back")),
      grouped(profile.number("rows")), bytes_words(profile.number("bytes")));
  show_phases(console, profile);
  show_chunks(console, profile);
  show_statements(console, profile);
  show_plans(console, profile);
}

}  // namespace hotclock::cli
