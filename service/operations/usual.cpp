#include "service/operations/usual.h"

#include <algorithm>

#include "service/ledger/history.h"

namespace hotclock::operations {

Result<std::optional<Duration>> usual_duration(Desk& desk, const std::string& job) {
  constexpr int attempts = 20;
  auto past = ledger::past_work(desk.database, job, attempts);
  if (!past) return std::move(past).error();
  std::vector<Duration>& all = past->durations;
  if (all.empty()) return std::optional<Duration>();
  const auto middle = all.begin() + std::ssize(all) / 2;
  std::ranges::nth_element(all, middle);
  return std::optional(*middle);
}

}  // namespace hotclock::operations
