// Stretches of time in which slots of a job were not to be worked, from what people did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::auditor {

struct Span {
  Instant from;
  Instant until;  // Instant::max(): it is not over
  std::string by;
};

// Spans of one kind, put together from acts in their order. Threads: one at a time.
class Spans {
 public:
  // It begins, or goes on until another instant.
  void begin(Instant at, const std::string& by, std::optional<Instant> until = {});
  void end(Instant at);

  // The span in which `t` lies well inside: not within `margin` of its borders, where an act and a
  // claim may have passed each other.
  const Span* well_inside(Instant t, Duration margin) const;
  // Whether `t` lies in one, or within `margin` of one.
  bool near(Instant t, Duration margin) const;

 private:
  std::vector<Span> spans_;
};

}  // namespace hotclock::auditor
