// What every benchmark prints: figures with their units, and goals they are held against, as a table
// for people and as JSON for programs.
#pragma once

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace hotclock::bench {

class Report {
 public:
  explicit Report(std::string title) : title_(std::move(title)) {}

  // A figure. `goal` is what it should be ("<= 300"), `met` whether it is; both empty where there is none.
  void add(std::string name, double value, std::string unit, std::string goal = {}, bool met = true) {
    rows_.push_back({std::move(name), value, std::move(unit), std::move(goal), met});
  }
  void at_most(std::string name, double value, std::string unit, double limit) {
    add(std::move(name), value, std::move(unit), fmt::format("<= {:g}", limit), value <= limit);
  }
  void at_least(std::string name, double value, std::string unit, double limit) {
    add(std::move(name), value, std::move(unit), fmt::format(">= {:g}", limit), value >= limit);
  }

  // The table on standard output; the JSON into `json_file` unless it is empty.
  void print(const std::string& json_file) const {
    fmt::print("\n{}\n", title_);
    for (const Row& row : rows_)
      fmt::print("  {:<58} {:>14} {:<12} {:<12} {}\n", row.name, number(row.value), row.unit, row.goal,
                 row.goal.empty() ? "" : row.met ? "met" : "MISSED");
    if (!json_file.empty()) write_json(json_file);
  }

 private:
  struct Row {
    std::string name;
    double value;
    std::string unit, goal;
    bool met;
  };

  static std::string number(double value) {
    return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
  }

  void write_json(const std::string& file) const {
    std::ofstream out(file);
    out << fmt::format("{{\"title\": \"{}\", \"figures\": [", title_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      out << fmt::format("{}\n  {{\"name\": \"{}\", \"value\": {}, \"unit\": \"{}\"", i ? "," : "",
                         row.name, row.value, row.unit);
      if (!row.goal.empty()) out << fmt::format(", \"goal\": \"{}\", \"met\": {}", row.goal, row.met);
      out << '}';
    }
    out << "\n]}\n";
  }

  std::string title_;
  std::vector<Row> rows_;
};

// The value below which `share` (0..1) of `values` lie. Sorts them.
template <class T>
T percentile(std::vector<T>& values, double share);

}  // namespace hotclock::bench

#include <algorithm>

template <class T>
T hotclock::bench::percentile(std::vector<T>& values, double share) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}
