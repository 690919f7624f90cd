// What one rule finds in one pass, and what it sees where it finds nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

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

// What a rule sees at one job, node, sink, ...: the value that it judges by.
struct Look {
  Rule rule = Rule::failed;
  std::string job;    // whose own rule it is; empty: the general one
  std::string about;  // where it is seen; empty: there is one such thing
  std::string value;  // in words: "2 in a row, 3 of the last 10"
  double near = 0;    // to finding something: from 1 on it does

  friend bool operator==(const Look&, const Look&) = default;
};

// How near a value is to what is too much: from 1 on it is; 0 where nothing is too much.
template <class Value, class Most>
double share(Value value, Most most) {
  return most > Most{} ? static_cast<double>(value) / static_cast<double>(most) : 0;
}
inline double share(Duration value, Duration most) { return share(value.count(), most.count()); }

struct Seen {
  std::vector<Finding> findings;
  std::vector<Look> looks;
};

// "failed{job="trust-score"}". Quotes and backslashes of values are escaped, so no two are alike.
std::string identity_of(Rule rule, const Words& labels);

}  // namespace hotclock::alerts
