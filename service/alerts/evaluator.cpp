#include "service/alerts/evaluator.h"

#include <algorithm>
#include <utility>

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

constexpr Duration beyond_the_next_pass = 15s;
constexpr Duration between_askings = 5s;

std::set<std::string> sinks_of(const config::Config& settings) {
  std::set<std::string> names;
  for (const config::SinkConfig& sink : settings.sinks) names.insert(sink.name);
  return names;
}

}  // namespace

Evaluator::Evaluator(sql::Database& database, Clock& clock, log::Logger& logger,
                     EvaluatorOptions options)
    : database_(database), clock_(clock), logger_(logger), options_(std::move(options)) {}

Evaluator::~Evaluator() { stop(); }

void Evaluator::start() {
  if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
}

void Evaluator::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Evaluator::work(const std::stop_token& stop) {
  Duration pause = Duration::zero();
  while (clock_.sleep_until(clock_.now() + pause, stop)) {
    tell_of(step());
    const Duration every = options_.settings()->alerts.every;
    pause = fence_ ? every : std::min(every, between_askings);
  }
  give_up();
}

Result<std::optional<Passed>> Evaluator::step() {
  const auto settings = options_.settings();
  if (!settings->alerts.enabled) {
    give_up();
    return std::optional<Passed>();
  }
  auto held = hold(settings->alerts);
  if (!held) return std::move(held).error();
  if (!*held) return std::optional<Passed>();
  auto passed = pass_once(settings);
  if (passed) return std::optional(std::move(passed).value());
  if (passed.error().code() != Errc::lease_lost) return std::move(passed).error();
  fence_.reset();
  return std::optional<Passed>();
}

Result<bool> Evaluator::hold(const config::AlertsConfig& settings) {
  if (fence_) return true;
  const Instant now = clock_.now();
  auto fence =
      take_turn(database_, options_.node, now, now + settings.every + beyond_the_next_pass);
  if (!fence) return std::move(fence).error();
  if (!*fence) return false;
  fence_ = **fence;
  gatherer_.emplace(database_);
  logger_.info("this node evaluates alerts");
  return true;
}

Result<Passed> Evaluator::pass_once(const std::shared_ptr<const config::Config>& settings) {
  if (read_ != settings) {
    rules_ = rules_of(*settings);
    read_ = settings;
  }
  const Instant now = clock_.now();
  auto facts = gatherer_->gather(rules_, sinks_of(*settings), now);
  if (!facts) return std::move(facts).error().within("gather what alerts are judged by");
  const Held held{*fence_, now + settings->alerts.every + beyond_the_next_pass};
  return pass(database_, held, evaluate(*facts, rules_), routes_of(*settings), settings->alerts,
              now);
}

void Evaluator::give_up() {
  if (!fence_) return;
  if (auto given = give_turn_up(database_, *fence_, clock_.now()); !given)
    logger_.warning("could not give up the turn to evaluate alerts",
                    {{"error", given.error().message()}});
  fence_.reset();
}

void Evaluator::tell_of(const Result<std::optional<Passed>>& passed) {
  if (!passed)
    return logger_.warning("alerts could not be evaluated", {{"error", passed.error().message()}});
  if (!*passed) return;
  for (const Alert& alert : (*passed)->fired)
    logger_.warning("an alert fires", {{"alert", alert.identity},
                                       {"severity", config::to_string(alert.severity)},
                                       {"summary", alert.annotations.at("summary")}});
  for (const Alert& alert : (*passed)->resolved)
    logger_.info("an alert is over", {{"alert", alert.identity}});
  if (options_.passed) options_.passed();
}

}  // namespace hotclock::alerts
