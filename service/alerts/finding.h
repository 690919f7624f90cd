// What one rule finds in one pass.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "service/config/alerts.h"

namespace hotclock::alerts {

using config::Rule;
using config::Severity;
using Words = std::map<std::string, std::string>;

// Labels are what it is known by from pass to pass (job, node, sink, ...): no values, no ids. Those
// stand in the annotations, which may change while it goes on.
struct Finding {
  Rule rule = Rule::failed;
  Severity severity = Severity::warning;
  Words labels;
  Words annotations;  // summary, detail, value, execution, runbook
  // What must stay the same while it goes on: another mark is another beginning.
  std::string mark;
  Duration hold = Duration::zero();           // before it fires
  Duration resolve_after = Duration::zero();  // before it is over

  friend bool operator==(const Finding&, const Finding&) = default;
};

// "failed{job="trust-score"}". Quotes and backslashes of values are escaped, so no two are alike.
std::string identity_of(Rule rule, const Words& labels);

}  // namespace hotclock::alerts
