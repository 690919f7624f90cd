// Maintenance: stretches of time in which slots wait until they are over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "scheduler/base/time.h"
#include "scheduler/zone/zone.h"

namespace hotclock {

// One window: a stretch of time, or one that comes back each week.
struct Maintenance {
  struct Once {
    Instant from;
    Instant until;  // the first instant that is no longer in it
  };
  // By a zone's wall clock. It begins when that first shows `from`, and ends when it last shows
  // `until`: so an hour that is there twice lies in it both times. Where the clock skips a reading,
  // the end of the gap stands for it.
  struct Weekly {
    std::uint8_t days = 0;  // on which it begins; bit 0 is Sunday
    int from = 0;           // minutes of the day
    int until = 0;          // the same; not later than `from`: of the day after
    std::shared_ptr<const Zone> zone;
  };

  std::string name;  // as the settings have it: "Sun 02:00-04:00"
  std::variant<Once, Weekly> when;
};

// Where windows follow one another without a break, the end of the last of them.
struct HeldUp {
  Instant until;
  std::string by;  // the name of the window in which it lies
};
// None where `t` lies in no window.
std::optional<HeldUp> held_up(std::span<const Maintenance> windows, Instant t);

// Whether the windows that come back leave no time between them.
bool never_ends(std::span<const Maintenance> windows);

}  // namespace hotclock
