// For tests: slots that ended as a test says.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/ledger/ledger_support.h"

namespace hotclock::past {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

struct Ended {
  End end = End::completed;
  Duration late = 0s;
  Duration took = 1s;
  std::string error = {};
  std::string log = {};
  std::vector<SetAside> set_aside = {};
};

class PastFixture : public ledger::LedgerFixture {
 protected:
  PastFixture() {
    worker().job("pay");
    worker().job("rank");
  }

  // The id of its execution.
  std::string ended(const std::string& job, Instant at, const Ended& how = {}) {
    worker().enters(job, at);
    const Instant began = at + how.late;
    const auto claim = worker().claims_one(began);
    auto act = worker().act(began + how.took);
    act.endings.push_back({.permit = claim.permit,
                           .started_at = began,
                           .ended_at = began + how.took,
                           .follow = Ends{how.end},
                           .outcome = std::string(to_string(how.end)),
                           .error = how.error,
                           .set_aside = how.set_aside,
                           .set_aside_total = std::ssize(how.set_aside),
                           .log = {how.log, 0}});
    worker().settled(act);
    return claim.permit->execution.text();
  }
};

}  // namespace hotclock::past
