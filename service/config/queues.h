// The settings of queues: lines of slots that share the workers.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/core/turns.h"
#include "service/config/section.h"

namespace hotclock::config {

// What the default queue is called in settings and listings; QueueRule::name is empty for it.
constexpr std::string_view default_queue = "default";

// "default" for "".
std::string_view shown_queue(std::string_view name);

// One queue's table, below [queues]; who calls finishes it. Mistakes are recorded in the section.
QueueRule read_queue(Section& section, std::string_view name);

// The queues that there are without any setting, in their order.
std::vector<std::string> shipped_queues();

// A job's `queue`: one of these queues, as QueueRule names it.
std::string read_queue_of_job(Section& section, std::string_view otherwise,
                              std::span<const QueueRule> queues);

}  // namespace hotclock::config
