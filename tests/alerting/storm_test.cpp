// From the ledger to whoever is told: the evaluator and a courier of one node, and a receiver.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "service/alerts/evaluator.h"
#include "service/alerts/store.h"
#include "service/ledger/ledger_support.h"
#include "service/notices/couriers.h"
#include "service/outgoing/receiver_support.h"
#include "tests/alerting/message.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;
using outgoing::http_answer;
using outgoing::Receiver;

class StormTest : public ledger::LedgerFixture {
 protected:
  StormTest() {
    must(worker().ledger().enrol(
        {{"trust-score", "0 3 * * *", t0}, {"throne-expiry", "* * * * *", t0}}));
    settings_ = std::make_shared<config::Config>();
    for (const char* job : {"trust-score", "throne-expiry"}) {
      worker().job(job);
      settings_->jobs.push_back({.name = job,
                                 .schedule = Schedule::parse("* * * * *").value(),
                                 .policy = nullptr,
                                 .settings = config::Section::parse("")});
    }
  }

  // A node that evaluates, and tells this receiver.
  void tells(const Receiver& receiver) {
    config::NotifierConfig ops;
    ops.name = "ops";
    ops.url = notices::plain(receiver.url());
    ops.allow_private = true;
    settings_->notifiers = {ops};
    courier_ = std::make_unique<notices::Courier>(
        db(), clock_, logger_, notices::make_notifier(ops),
        notices::CourierSettings{ops, 1, [this] { return alerts::firing(db()); }, {}});
  }
  void fails(const std::string& job) {
    worker().enters(job, t0 - 100h + std::chrono::minutes{slots_++});
    const auto claim = worker().claims_one(clock_.now());
    worker().ends(claim, Ends{End::failed}, "failed", "the provider is away", clock_.now());
  }
  void goes_on_for(Duration span) {
    for (const Instant until = clock_.now() + span; clock_.now() < until;) {
      clock_.advance(10s);
      must(evaluator_.step());
      while (courier_->turn() == Duration::zero()) {
      }
    }
  }
  void a_thousand_fail_in_a_minute() {
    for (int i = 0; i < 1000; ++i) {
      fails(i % 2 == 0 ? "trust-score" : "throne-expiry");
      if (i % 17 == 0) clock_.advance(1s);
      if (i % 170 == 0) must(evaluator_.step());
    }
  }

  int slots_ = 0;
  ManualClock clock_{t0};
  log::Logger logger_{{.level = log::Level::error}, clock_, [](std::string_view) {}};
  std::shared_ptr<config::Config> settings_;
  alerts::Evaluator evaluator_{
      db(), clock_, logger_, {.node = 1, .settings = [this] { return settings_; }}};
  std::unique_ptr<notices::Courier> courier_;
};

// The jobs that a message tells of, in the order of the alphabet.
std::set<std::string> jobs_in(const outgoing::Received& message) {
  std::set<std::string> out;
  const auto body = boost::json::parse(message.body).as_object();
  for (const auto& one : body.at("data").at("alerts").as_array())
    out.emplace(one.at("labels").at("job").as_string());
  return out;
}

const std::set<std::string> both{"throne-expiry", "trust-score"};

TEST_F(StormTest, AThousandFailuresInAMinuteAreOneMessage) {
  Receiver receiver({http_answer("200 OK")});
  tells(receiver);
  a_thousand_fail_in_a_minute();
  goes_on_for(2min);
  ASSERT_EQ(receiver.received().size(), 1u);
  EXPECT_EQ(jobs_in(receiver.received()[0]), both);
}

TEST_F(StormTest, NothingOfItIsLostWhileNobodyListens) {
  Receiver receiver({http_answer("503 Away"), http_answer("503 Away"), "", http_answer("200 OK")});
  tells(receiver);
  a_thousand_fail_in_a_minute();
  goes_on_for(10min);
  ASSERT_EQ(receiver.received().size(), 4u);
  EXPECT_EQ(jobs_in(receiver.received()[3]), both);
}

}  // namespace
}  // namespace hotclock
