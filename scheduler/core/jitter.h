// How much later than its instant a slot may be claimed, so that many nodes' and jobs' work does not
// begin in the same second.
#pragma once

#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock {

// Anything from zero to `most`, evenly spread; the same for the same slot on every node and every
// time.
Duration jitter_of(std::string_view job, Instant scheduled_for, Duration most);

}  // namespace hotclock
