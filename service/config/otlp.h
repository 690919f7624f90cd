// The settings of what is sent to a collector of OpenTelemetry.
#pragma once

#include <string>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::config {

// [otlp]
struct OtlpConfig {
  std::string endpoint;  // "http://127.0.0.1:4318"; empty: nothing is sent
  Secret headers;        // "Name=value,Name=value"
  Duration every = std::chrono::seconds{30};
  bool traces = true;  // one of each slot, beside the numbers
};

// Reads the table; who calls finishes it. Mistakes are recorded in the section.
OtlpConfig read_otlp(Section section);

}  // namespace hotclock::config
