// ./chaos: rounds of faults for as long as asked, from a seed, and a report.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "tests/chaos/faults.h"

namespace hotclock::chaos {
namespace {

struct Options {
  double minutes = 5;
  std::uint64_t seed = std::random_device{}();
  std::string only;           // faults whose name or group it is
  std::string report;         // a file
  bool stop_at_first = false;  // violation
};

constexpr const char* usage =
    "./chaos [--minutes N] [--seed S] [--only FAULT|GROUP] [--report FILE] [--stop-at-first]\n"
    "Strikes three serving nodes and their PostgreSQL for so long, and judges them after each strike.\n"
    "The same seed plays the same faults in the same order. Ends with 1 if any assertion failed.\n";

[[noreturn]] void misused(const std::string& what) {
  std::cerr << "chaos: " << what << "\n" << usage;
  std::exit(2);
}

double number_of(const std::string& option, const char* text) {
  char* end = nullptr;
  const double number = std::strtod(text, &end);
  if (end == text || *end || number < 0) misused(option + " wants a number, not '" + text + "'");
  return number;
}

Options read(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&] {
      if (i + 1 >= count) misused(word + " wants a value");
      return words[++i];
    };
    if (word == "--minutes") options.minutes = number_of(word, value());
    else if (word == "--seed") options.seed = static_cast<std::uint64_t>(number_of(word, value()));
    else if (word == "--only") options.only = value();
    else if (word == "--report") options.report = value();
    else if (word == "--stop-at-first") options.stop_at_first = true;
    else if (word == "--help") std::cout << usage, std::exit(0);
    else misused("there is no option " + word);
  }
  return options;
}

struct Score {
  int rounds = 0, violated = 0;
  double longest = 0;
};

// To the terminal and into the report.
class Report {
 public:
  explicit Report(const std::string& file) {
    if (!file.empty()) file_.open(file);
    if (!file.empty() && !file_) misused("cannot write " + file);
  }
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    const std::string text = fmt::format(format, std::forward<Values>(values)...);
    std::cout << text << std::endl;
    if (file_.is_open()) file_ << text << std::endl;
  }

 private:
  std::ofstream file_;
};

class Run {
 public:
  explicit Run(const Options& options) : options_(options), random_(options.seed), report_(options.report) {}

  int go() {
    report_.line("seed {}, {} minutes", options_.seed, options_.minutes);
    choose();
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(options_.minutes * 60);
    do {
      std::shuffle(chosen_.begin(), chosen_.end(), random_);
      for (const Fault* fault : chosen_) {
        if (std::chrono::steady_clock::now() >= end || over_) break;
        round(*fault);
      }
    } while (std::chrono::steady_clock::now() < end && !over_);
    return tell();
  }

 private:
  void choose() {
    for (const Fault& fault : faults()) {
      if (!options_.only.empty() && options_.only != fault.name && options_.only != fault.group) continue;
      if (const std::string why = reason_not_to_play(fault); !why.empty())
        report_.line("not played: {}: {}", fault.name, why);
      else
        chosen_.push_back(&fault);
    }
    if (chosen_.empty()) misused("there is no fault or group of faults '" + options_.only + "' to play");
  }

  // A stage serves until a violation or a fault that leaves it unfit; then its like is a new one.
  void round(const Fault& fault) {
    const bool small_disk = fault.needs == Fault::Needs::small_disk;
    const bool own = fault.needs == Fault::Needs::own_stage;
    if (own || small_disk != small_disk_) stage_.reset();
    small_disk_ = small_disk;
    if (!stage_) stage_ = std::make_unique<Stage>(StageOptions{.small_disk = small_disk});
    const Round round = play(*stage_, fault, random_);
    Score& score = scores_[fault.name];
    ++score.rounds;
    score.longest = std::max(score.longest, round.seconds);
    report_.line("{:<28} {:5.1f} s  {}", round.fault, round.seconds, round.what);
    for (const std::string& violation : round.violations) report_.line("    VIOLATED  {}", violation);
    if (round.violations.empty() && !own) return;
    stage_.reset();
    if (round.violations.empty()) return;
    ++score.violated;
    over_ = options_.stop_at_first;
  }

  int tell() {
    int rounds = 0, violated = 0;
    report_.line("\n{:<28} {:>6} {:>9} {:>12}", "fault", "rounds", "violated", "longest (s)");
    for (const auto& [name, score] : scores_) {
      report_.line("{:<28} {:>6} {:>9} {:>12.1f}", name, score.rounds, score.violated, score.longest);
      rounds += score.rounds;
      violated += score.violated;
    }
    report_.line("{:<28} {:>6} {:>9}", "together", rounds, violated);
    if (violated == 0 && rounds > 0)
      report_.line("no violation in {} rounds: with 95 % confidence fewer than {:.2f} % of such rounds violate one",
                   rounds, std::min(100.0, 300.0 / rounds));
    return violated == 0 ? 0 : 1;
  }

  const Options options_;
  Random random_;
  Report report_;
  std::vector<const Fault*> chosen_;
  std::unique_ptr<Stage> stage_;
  bool small_disk_ = false;
  bool over_ = false;
  std::map<std::string, Score> scores_;
};

}  // namespace
}  // namespace hotclock::chaos

int main(int count, char** words) {
  try {
    return hotclock::chaos::Run(hotclock::chaos::read(count, words)).go();
  } catch (const std::exception& e) {
    std::cerr << "chaos: " << e.what() << "\n";
    return 1;
  }
}
