// A figure that was measured several times, and how far it can be trusted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotclock::tuning {

enum class Trust {
  sure,    // the rounds lie within 10 % of their median
  fairly,  // within 30 %
  unsure,  // further apart, or fewer than three: something else was at work here
};
std::string_view to_string(Trust);

struct Figure {
  std::string name, unit;
  std::vector<double> rounds;

  // Of the rounds; 0 where there is none.
  double median() const;
  double lowest() const;
  double highest() const;
  // How far the outermost round but one is from the median, as a part of it: one round may have met
  // with something.
  double spread() const;
  Trust trust() const;
};

// The value below which so much of them lies. REQUIRES: 0 <= part <= 1.
double percentile(std::vector<double> values, double part);

}  // namespace hotclock::tuning
