#include "service/notices/couriers.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/nearest.h"
#include "scheduler/base/uuid.h"
#include "service/outgoing/webhook.h"

namespace hotclock::notices {
namespace {

Error no_such(const std::vector<config::NotifierConfig>& notifiers, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& one : notifiers) names.push_back(one.name);
  if (names.empty())
    return Error(Errc::not_found, "no notifier is set: write [notifiers.NAME] in the settings");
  if (name.empty()) return Error(Errc::not_found, "nobody is to be tried");
  const std::string_view near = nearest(name, std::span<const std::string>(names));
  return Error(
      Errc::not_found,
      near.empty()
          ? fmt::format("there is no notifier \"{}\"; there are {}", name, fmt::join(names, ", "))
          : fmt::format("there is no notifier \"{}\"; did you mean {}?", name, near));
}

}  // namespace

Couriers::Couriers(sql::Database& database, const Clock& clock, log::Logger& logger,
                   CouriersSettings settings)
    : notifiers_(settings.notifiers) {
  for (const config::NotifierConfig& one : notifiers_)
    couriers_.push_back(std::make_unique<Courier>(
        database, clock, logger, make_notifier(one),
        CourierSettings{one, settings.node, settings.firing, settings.heard}));
}

Couriers::~Couriers() { stop(); }

void Couriers::start() {
  for (const auto& one : couriers_) one->start();
}

void Couriers::stop() {
  for (const auto& one : couriers_) one->ask_to_stop();
  for (const auto& one : couriers_) one->stop();
}

void Couriers::wake() {
  for (const auto& one : couriers_) one->wake();
}

void Couriers::tell_directly(const AlertText& alert) {
  for (std::size_t i = 0; i < couriers_.size(); ++i)
    if (std::ranges::find(notifiers_[i].severities, alert.severity) !=
        notifiers_[i].severities.end())
      couriers_[i]->tell_directly(alert);
}

Result<std::vector<Tried>> try_out(const std::vector<config::NotifierConfig>& notifiers,
                                   const std::string& name, const Clock& clock,
                                   std::stop_token stop) {
  std::vector<const config::NotifierConfig*> chosen;
  for (const config::NotifierConfig& one : notifiers)
    if (name.empty() || one.name == name) chosen.push_back(&one);
  if (chosen.empty()) return no_such(notifiers, name);
  std::vector<Tried> all(chosen.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < chosen.size(); ++i)
      threads.emplace_back([&, i] {
        const Instant now = clock.now();
        const Steady began = clock.steady();
        const std::string id = "test_" + outgoing::digest(chosen[i]->name + to_string(now));
        Answer answer =
            make_notifier(*chosen[i])->tell(test_message(chosen[i]->name, id, now), now, stop);
        all[i] = {chosen[i]->name, std::string(config::word_of(chosen[i]->kind)), std::move(answer),
                  std::chrono::duration_cast<Duration>(clock.steady() - began)};
      });
  }
  return all;
}

}  // namespace hotclock::notices
