// What this process uses of its machine, under the names that all programs have for it.
#pragma once

#include <string>
#include <string_view>

#include "service/metrics/metrics.h"

namespace hotclock::metrics {

// What the kernel says of a process, read from its folder of /proc.
struct ProcessUse {
  double cpu_seconds = 0;
  double started_at = 0;  // Unix time, by the machine's clock
  double resident_bytes = 0;
  double peak_resident_bytes = 0;
  double virtual_bytes = 0;
  double threads = 0;
  double open_files = 0;
  double most_files = 0;
};

// Numbers that cannot be read stay 0.
ProcessUse process_use(const std::string& proc = "/proc");

// From here on they are among the numbers.
void add_process(Metrics& metrics);

}  // namespace hotclock::metrics
