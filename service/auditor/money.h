// Compares what og-daily-bonus should have paid with what was paid: for each date its slots, its
// users and its transactions, in pieces of users, so it needs no more room for a million of them
// than for ten.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/auditor/difference.h"
#include "service/auditor/facts.h"

namespace hotclock::auditor {

struct MoneyCounts {
  std::string date;
  std::int64_t slots = 0;      // of that date, those that people asked for too
  std::int64_t completed = 0;  // of these
  std::int64_t payments = 0, coins = 0;
  std::int64_t set_aside = 0;       // users whom an execution set aside: they are not paid
  std::int64_t entitled_since = 0;  // not paid, whose term began behind the slot
  bool amounts_judged = false;      // nobody had seen the prices of that time otherwise
  bool open = false;                // a slot of it has not ended: the rest waits
};

// Days from before there was a record of the job's schedule are nobody's to judge. The slot's
// calendar days that lie in [from, until] in the zone of the job's schedule, and those behind today
// that anybody was paid for.
Result<std::vector<std::string>> bonus_dates(const Ground& ground, Instant from, Instant until);

// One date. Where a slot of it has not ended, or one comes meanwhile, nothing is compared: `open`
// says so.
Result<MoneyCounts> compare_money(const Ground& ground, const std::string& date, Differences& out);

}  // namespace hotclock::auditor
