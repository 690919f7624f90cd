// A piece of work as OpenTelemetry has it: a span of a trace.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::otlp {

using Attributes = std::vector<std::pair<std::string, std::variant<std::string, std::int64_t>>>;

struct Span {
  std::string trace;   // 32 digits in hex
  std::string id;      // 16
  std::string parent;  // 16; empty: it is the root of its trace
  std::string name;
  Instant began, ended;
  Attributes attributes = {};
  bool well = true;
  std::string why = {};  // where it is not
};

// Who they are of: "service.name" and the like.
using Resource = Attributes;

}  // namespace hotclock::otlp
