// A million schedules in one timetable: memory, processor time of a fire, the longest tick.
//   timetable [--json FILE] [--schedules N]
#include <malloc.h>
#include <time.h>

#include <chrono>
#include <cstring>
#include <map>

#include "bench/report.h"
#include "scheduler/core/timetable.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

// The thread's own processor time: what others do on the machine does not count.
struct Watch {
  using duration = std::chrono::nanoseconds;
  static duration now() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec};
  }
};

const Instant begin_at = from_millis(1'795'608'000'000);

std::size_t heap_bytes() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

double micros(Watch::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

// 70 % every 1 to 15 minutes, 25 % hourly, 5 % daily; the offsets differ.
std::string expression(int i) {
  const int kind = i % 100;
  if (kind < 70) return fmt::format("{} */{} * * * *", i % 60, 1 + i % 15);
  if (kind < 95) return fmt::format("{} {} * * * *", i % 60, i / 7 % 60);
  return fmt::format("0 {} {} * * *", i % 60, i / 60 % 24);
}

void run(int schedules, const std::string& json) {
  Report report(fmt::format("timetable of {} schedules", schedules));
  const CatchUpRule rule;
  std::map<std::string, Schedule> parsed;  // equal expressions share one, as a copy is a pointer
  for (int i = 0; i < schedules; ++i) {
    const std::string text = expression(i);
    if (!parsed.contains(text)) parsed.emplace(text, Schedule::parse(text).value());
  }

  const std::size_t before = heap_bytes();
  auto started = Watch::now();
  Timetable table;
  for (int i = 0; i < schedules; ++i)
    table.add(static_cast<Timetable::Row>(i), parsed.at(expression(i)), rule, begin_at);
  const double set_up = micros(Watch::now() - started);
  report.at_most("bytes per schedule", static_cast<double>(heap_bytes() - before) / schedules, "B", 256);
  report.add("set-up", set_up / 1000, "ms");

  std::int64_t fires = 0;
  double worst = 0, total = 0;
  for (Instant now = begin_at + 1s; now <= begin_at + 10min; now += 1s) {
    for (;;) {
      started = Watch::now();
      const auto due = table.due(now, 1000);
      const double took = micros(Watch::now() - started);
      worst = std::max(worst, took);
      total += took;
      fires += static_cast<std::int64_t>(due.size());
      if (due.size() < 1000) break;
    }
  }
  report.at_most("cost of a fire", total * 1000 / static_cast<double>(fires), "ns", 300);
  report.at_most("worst tick", worst / 1000, "ms", 5);
  report.add("fires", static_cast<double>(fires), "");
  report.print(json);
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) {
  int schedules = 1'000'000;
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--json")) json = argv[i + 1];
    if (!std::strcmp(argv[i], "--schedules")) schedules = std::atoi(argv[i + 1]);
  }
  hotclock::bench::run(schedules, json);
}
