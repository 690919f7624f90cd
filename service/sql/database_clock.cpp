#include "service/sql/database_clock.h"

#include <algorithm>

namespace hotclock::sql {
namespace {

// Answers take their time, and not the same each time: the one that took the least is nearest to the
// truth, and shows the most. One that shows this much less is no slow answer: the clock was set back, or
// ours runs fast.
constexpr Duration slow_answer = std::chrono::milliseconds{50};

Duration elapsed(Steady from, Steady to) { return std::chrono::duration_cast<Duration>(to - from); }

}  // namespace

std::optional<DatabaseClock::Heard> DatabaseClock::heard() const {
  Lock lock(m_);
  return heard_;
}

Instant DatabaseClock::now() const {
  const auto heard = this->heard();
  return heard ? heard->now + elapsed(heard->at, machine_.steady()) : machine_.now();
}

bool DatabaseClock::sleep_until(Instant deadline, std::stop_token stop) {
  if (!heard()) return machine_.sleep_until(deadline, stop);
  // No farther than the machine's clock reaches, whatever it shows.
  const Duration left = std::clamp<Duration>(deadline - now(), Duration::zero(), std::chrono::days{365});
  return machine_.sleep_until(machine_.now() + left, stop);
}

Result<> DatabaseClock::ask(Database& database) {
  auto now = database.now();
  if (!now) return std::move(now).error().within("ask the database for its time");
  if (*now) hear(**now, machine_.steady());
  return {};
}

void DatabaseClock::hear(Instant now, Steady heard_at) {
  Lock lock(m_);
  if (heard_) {
    const Instant believed = heard_->now + elapsed(heard_->at, heard_at);
    if (now <= believed && believed - now < slow_answer) return;
  }
  heard_ = Heard{now, heard_at};
}

}  // namespace hotclock::sql
