#include "service/tuning/figure.h"

#include <algorithm>
#include <cmath>

namespace hotclock::tuning {

std::string_view to_string(Trust trust) {
  if (trust == Trust::sure) return "sure";
  return trust == Trust::fairly ? "fairly" : "unsure";
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double place = part * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (place - std::floor(place));
}

double Figure::median() const { return percentile(rounds, 0.5); }
double Figure::lowest() const { return percentile(rounds, 0); }
double Figure::highest() const { return percentile(rounds, 1); }

double Figure::spread() const {
  const double middle = median();
  if (middle <= 0) return 0;
  std::vector<double> away;
  for (const double round : rounds) away.push_back(std::abs(round - middle) / middle);
  std::ranges::sort(away);
  return away.size() > 3 ? away[away.size() - 2] : away.back();
}

Trust Figure::trust() const {
  if (rounds.size() < 3 || spread() > 0.3) return Trust::unsure;
  return spread() > 0.1 ? Trust::fairly : Trust::sure;
}

}  // namespace hotclock::tuning
