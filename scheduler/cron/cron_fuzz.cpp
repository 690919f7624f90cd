// Any bytes as an expression: reading ends, and what was read keeps the promises of Schedule.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_at(const Schedule& s, Instant t) {
  const auto next = s.next(t), previous = s.previous(t);
  if (next) {
    expect(*next > t && s.matches(*next));
    expect(s.previous(*next).value_or(Instant::min()) <= t);
    (void)s.note(*next).text();
  }
  if (previous) {
    expect(*previous < t && s.matches(*previous));
    expect(s.next(*previous).value_or(Instant::max()) >= t);
  }
  if (s.never() || s.is_reboot()) expect(!next && !previous);
}

void check(std::string_view text, const ScheduleOptions& options, Instant t) {
  auto read = Schedule::read(text, options);
  if (const auto* e = std::get_if<ScheduleError>(&read)) {
    expect(!e->problem.empty() && e->column <= text.size() + 1);
    (void)caret(text, *e);
    return;
  }
  const Schedule& s = std::get<Schedule>(read);
  for (Instant at : {t, Instant::min(), Instant::max(), from_millis(1'772'953'200'000)})
    check_at(s, at);
  expect(!s.describe().empty());
  (void)s.warnings(t);
}

}  // namespace
}  // namespace hotclock

// The first bytes choose the dialect, the rule, the zone and the instant; the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hotclock;
  if (size < 4) return 0;
  constexpr std::string_view kZones[] = {"UTC", "America/New_York", "Australia/Lord_Howe",
                                         "Africa/Casablanca"};
  const ScheduleOptions options{.zone = kZones[data[0] % 4],
                                .dst = static_cast<DstRule>(data[1] % 3),
                                .dialect = static_cast<Dialect>(data[2] % 3),
                                .hash_key = "job"};
  const Instant t = from_millis(std::int64_t{data[3]} * 28'000'000'000);
  check({reinterpret_cast<const char*>(data) + 4, size - 4}, options, t);
  return 0;
}
