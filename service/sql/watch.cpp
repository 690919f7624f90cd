#include "service/sql/watch.h"

#include <algorithm>

namespace hotclock::sql {
namespace {

// A year is as good as for ever, and far from any overflow.
constexpr Duration longest = std::chrono::days{365};

}  // namespace

Watch::Watch(const Limits& limits)
    : stop_(limits.stop),
      deadline_(std::chrono::steady_clock::now() + std::min(limits.deadline, longest)),
      span_(limits.deadline) {}

Error Watch::cut_short() const {
  if (stopped()) return Error(Errc::stopped, "stopped on request");
  return Error(Errc::timeout, "not done within " + to_words(span_));
}

Error Watch::waited_for(const std::string& held) const {
  if (stopped()) return Error(Errc::stopped, "stopped on request while " + held);
  if (!late()) return Error(Errc::busy, held);
  return Error(Errc::busy, held + ", and still was after " + to_words(span_));
}

}  // namespace hotclock::sql
