#include "service/auditor/spans.h"

#include <algorithm>

namespace hotclock::auditor {
namespace {

Instant earlier(Instant t, Duration by) {
  return t < Instant::min() + by ? Instant::min() : t - by;
}
Instant later(Instant t, Duration by) { return t > Instant::max() - by ? Instant::max() : t + by; }

}  // namespace

void Spans::begin(Instant at, const std::string& by, std::optional<Instant> until) {
  end(at);
  spans_.push_back({at, until.value_or(Instant::max()), by});
}

void Spans::end(Instant at) {
  if (!spans_.empty()) spans_.back().until = std::min(spans_.back().until, at);
}

const Span* Spans::well_inside(Instant t, Duration margin) const {
  const auto found = std::ranges::find_if(spans_, [&](const Span& span) {
    return later(span.from, margin) < t && t < earlier(span.until, margin);
  });
  return found == spans_.end() ? nullptr : &*found;
}

bool Spans::near(Instant t, Duration margin) const {
  return std::ranges::any_of(spans_, [&](const Span& span) {
    return earlier(span.from, margin) <= t && t <= later(span.until, margin);
  });
}

}  // namespace hotclock::auditor
