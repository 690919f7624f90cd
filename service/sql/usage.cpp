#include "service/sql/usage.h"

namespace hotclock::sql {
namespace {

constexpr std::string_view other = "other";

constexpr auto relaxed = std::memory_order_relaxed;

// The bounds as the clock counts.
constexpr auto limits = [] {
  std::array<std::int64_t, Timing::bounds.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::int64_t>(Timing::bounds[i] * 1e9);
  return out;
}();

}  // namespace

void Timing::took(std::chrono::nanoseconds span) {
  std::size_t at = 0;
  while (at < limits.size() && span.count() > limits[at]) ++at;
  counts_[at].fetch_add(1, relaxed);
  nanoseconds_.fetch_add(span.count(), relaxed);
}

Timing::Read Timing::read() const {
  Read out;
  for (std::size_t i = 0; i < counts_.size(); ++i) out.counts[i] = counts_[i].load(relaxed);
  out.seconds = static_cast<double>(nanoseconds_.load(relaxed)) / 1e9;
  return out;
}

// What is not of a .sql file has a text of its maker's for a name.
Timing& Meter::of(std::string_view statement) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789_.";
  if (statement.find_first_not_of(plain) != statement.npos) statement = other;
  Lock lock(m_);
  const auto found = statements_.find(statement);
  if (found != statements_.end()) return found->second;
  return statements_[std::string(statements_.size() < most_names ? statement : other)];
}

Usage Meter::read() const {
  Usage out;
  for (std::size_t i = 0; i < kinds; ++i)
    out.errors[static_cast<Errc>(i)] = errors_[i].load(relaxed);
  Lock lock(m_);
  for (const auto& [name, timing] : statements_) out.statements.emplace(name, timing.read());
  return out;
}

}  // namespace hotclock::sql
