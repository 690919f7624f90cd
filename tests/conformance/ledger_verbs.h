// What tests of a ledger say: jobs, slots that are due, acts of one of its nodes.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/world.h"

namespace hotclock::conformance {

constexpr Instant t0 = from_millis(1'790'000'000'000);

class LedgerTest : public testing::TestWithParam<std::string> {
 protected:
  LedgerTest() : world_(make_world(GetParam())) {}

  // ---- verbs
  Policy& job(const std::string& name, const std::string& queue = {}) {
    auto policy = std::make_shared<Policy>();
    policy->queue = queue;
    policies_[name] = policy;
    enrol(name, "* * * * * UTC", t0, queue);
    return *policy;
  }
  std::vector<JobRow> enrol(const std::string& name, std::string schedule = "* * * * * UTC",
                            Instant entered_until = t0, const std::string& queue = {}) {
    return world().node(0).enrol({{name, std::move(schedule), entered_until, queue}}).value();
  }
  static Entry due(const std::string& job, Instant at, int priority = 0) {
    return {.slot = {job, at}, .available_at = at, .priority = priority};
  }
  Settlement act() const { return {.now = now_, .asked = Steady{} + (now_ - t0)}; }
  Settled settle(Settlement act, std::size_t node = 0) {
    auto settled = world().node(node).settle(act, [this](const std::string& name) {
      const auto known = policies_.find(name);
      return known == policies_.end() ? nullptr : std::shared_ptr<const Policy>(known->second);
    });
    EXPECT_TRUE(settled) << settled.error().message();
    return settled ? std::move(settled).value() : Settled{};
  }
  Settled enter(std::vector<Entry> entries) {
    auto a = act();
    a.entries = std::move(entries);
    return settle(std::move(a));
  }
  Settled claim(int room = 100, std::size_t node = 0) {
    auto a = act();
    a.room = room;
    return settle(std::move(a), node);
  }
  Claim claim_one(std::size_t node = 0) {
    return claim(1, node).claims.at(0);  // throws, and so fails the test, where there is none
  }
  Settled ends(const Claim& claim, Follow follow, std::string outcome, std::string error = {}) {
    auto a = act();
    a.endings.push_back({.permit = claim.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = follow,
                         .outcome = std::move(outcome),
                         .error = std::move(error)});
    return settle(std::move(a));
  }
  Settled completes(const Claim& claim) { return ends(claim, Ends{End::completed}, "completed"); }
  Settled fails(const Claim& claim) { return ends(claim, Ends{End::failed}, "failed", "broken"); }
  Settled looks_for_lost(std::size_t node = 0) {
    auto a = act();
    a.look_for_lost = true;
    return settle(std::move(a), node);
  }
  void at(Instant t) { now_ = t; }

  World& world() { return *world_; }
  SeenSlot slot(const std::string& job, Instant at, const std::string& key = {}) {
    for (const auto& seen : world().slots())
      if (seen.slot == Slot{job, at, Trigger::schedule, key}) return seen;
    ADD_FAILURE() << "no slot of " << job;
    return {};
  }
  std::vector<std::string> outcomes() {
    std::vector<std::string> all;
    for (const auto& attempt : world().attempts()) all.push_back(attempt.outcome);
    return all;
  }

  std::map<std::string, std::shared_ptr<Policy>> policies_;
  Instant now_ = t0;

 private:
  std::unique_ptr<World> world_;
};

}  // namespace hotclock::conformance
