// For tests: a platform whose jobs worked as they should, to be damaged by hand, and an auditor to
// find it.
#pragma once

#include <string>
#include <vector>

#include "service/auditor/comparison.h"
#include "service/ledger/ledger_support.h"

namespace hotclock::auditor {

using ledger::must;
using namespace std::chrono_literals;

// 2026-11-23T14:00Z: in Sydney it is the 24th, one in the morning.
constexpr Instant start = from_millis(1'795'442'400'000);
// 00:05 of the 25th in Sydney.
constexpr Instant bonus_slot = start + 23h + 5min;

class AuditorFixture : public ledger::LedgerFixture {
 protected:
  AuditorFixture();

  // The settings, with these files of jobs.d over the defaults: {"poll", "catch_up = \"none\""}.
  void settings(const std::vector<std::pair<std::string, std::string>>& files = {},
                const std::string& main = "");
  config::Config& in_force() { return settings_; }

  // A job of this schedule since `since`.
  void enrol(const std::string& job, const std::string& stored, Instant since);
  // Another schedule from then on, as a node that starts with another file has it.
  void reschedule(const std::string& job, const std::string& stored, Instant at);
  // Slots of the job at these instants, each entered on time, worked and completed.
  void works(const std::string& job, Instant from, Instant until, Duration every);
  // The execution that worked it.
  std::string works_one(const std::string& job, Instant at, Tally tally = {},
                        Trigger trigger = Trigger::schedule);
  // Its row alone, with an end that no attempt had.
  void ends_unworked(const std::string& job, Instant at, Instant entered, End end,
                     const std::string& reason);

  // Holders of tiers 1 to 5 in turn, entitled since long before `start`.
  void users(std::int64_t count);
  // What og-daily-bonus pays all of them for the day of `bonus_slot`, in one slot that completes.
  void pays(std::int64_t count, const std::string& date = "2026-11-25", Instant at = bonus_slot);

  void sql(const std::string& text);
  Comparison compared(Instant from, Instant until, Wanted wanted = {});
  // "slot_missing slot 2026-11-23T14:10:00Z", sorted.
  std::vector<std::string> found(Instant from, Instant until, Wanted wanted = {});
  std::vector<std::string> found() { return found(start, now_); }
  SlotCounts counts(const std::string& job);

  Instant now_ = start + 2 * 24h;

 private:
  config::Config settings_;
};

std::vector<std::string> lines_of(const Comparison& comparison);
const Looked& looked_at(const Comparison& comparison, const std::string& scope);

}  // namespace hotclock::auditor
