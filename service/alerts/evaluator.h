// Evaluates the rules, pass after pass, on a thread of its own; of all nodes one at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/alerts/pass.h"
#include "service/log/logger.h"

namespace hotclock::alerts {

// The settings in force, asked for at each step.
using SettingsInForce = std::function<std::shared_ptr<const config::Config>()>;

struct EvaluatorOptions {
  std::int64_t node = 0;
  SettingsInForce settings;
  std::function<void()> passed = {};  // after each pass: notices may have been put in line
};

// The node that has the turn evaluates each [alerts] every; the others ask for it now and then. One
// that is gone loses it 15 s after the pass that it owes, so that another takes over within 30 s by
// the shipped settings; one that stops gives it up. Threads: start() and stop() in one; step() in
// none while it runs.
class Evaluator {
 public:
  // What is handed in outlives it.
  Evaluator(sql::Database& database, Clock& clock, log::Logger& logger, EvaluatorOptions options);
  // Stops.
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  void start();
  // Nothing of it runs when it returns.
  void stop();

  // One step: takes the turn where it can be had, and passes. None where another node has it, or
  // the settings say that this one does not evaluate.
  Result<std::optional<Passed>> step();

 private:
  void work(const std::stop_token& stop);
  Result<bool> hold(const config::AlertsConfig& settings);
  Result<Passed> pass_once(const std::shared_ptr<const config::Config>& settings);
  void give_up();
  void tell_of(const Result<std::optional<Passed>>& passed);

  sql::Database& database_;
  Clock& clock_;
  log::Logger& logger_;
  const EvaluatorOptions options_;
  std::optional<std::int64_t> fence_;
  std::optional<Gatherer> gatherer_;            // of this turn
  std::shared_ptr<const config::Config> read_;  // what `rules_` were made of
  Rules rules_;
  std::jthread thread_;
};

}  // namespace hotclock::alerts
