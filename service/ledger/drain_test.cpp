#include "service/ledger/drain.h"

#include "service/ledger/ledger_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

const audit::Person asha{"asha", "a new kernel"};
const audit::Person bela{"bela", "its disk is slow"};

class DrainTest : public LedgerFixture {
 protected:
  std::int64_t starts(const std::string& name) {
    return must(register_node(db(), {name, "1", "2026a"}, t0)).id;
  }
  std::int64_t audited(const std::string& what) {
    return number("SELECT count(*) FROM audit WHERE what = '" + what + "'");
  }
};

TEST_F(DrainTest, ANodeDrainsWithWhoAndWhyUntilItIsTakenBack) {
  const auto id = starts("syd-1");
  EXPECT_FALSE(must(drain_of(db(), id)));
  EXPECT_EQ(must(drain(db(), "syd-1", asha, t0 + 1h)), id);
  const auto own = must(drain_of(db(), id));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->by, "asha");
  EXPECT_EQ(own->reason, "a new kernel");
  EXPECT_EQ(own->since, t0 + 1h);
  EXPECT_EQ(must(show_node(db(), id)).drain->by, "asha");
  EXPECT_TRUE(must(list_nodes(db(), t0)).front().drain);
  EXPECT_EQ(must(take_back(db(), std::to_string(id), bela, t0 + 2h)), id) << "by its number, too";
  EXPECT_FALSE(must(drain_of(db(), id)));
  EXPECT_EQ(audited("node.drain"), 1);
  EXPECT_EQ(audited("node.take-back"), 1);
}

TEST_F(DrainTest, WhatDrainsAlreadyGetsTheNewReasonAndWhatDoesNotStaysSo) {
  const auto id = starts("syd-1");
  must(take_back(db(), "syd-1", asha, t0));
  EXPECT_EQ(audited("node.take-back"), 0) << "nothing was done";
  must(drain(db(), "syd-1", asha, t0));
  must(drain(db(), "syd-1", bela, t0 + 1h));
  const auto own = must(drain_of(db(), id));
  EXPECT_EQ(own->by, "bela");
  EXPECT_EQ(own->since, t0);
}

TEST_F(DrainTest, AStartForgetsItAndANameIsItsNewestNode) {
  const auto before = starts("syd-1");
  must(drain(db(), "syd-1", asha, t0));
  const auto now = starts("syd-1");
  EXPECT_FALSE(must(drain_of(db(), now)));
  EXPECT_EQ(must(drain(db(), "syd-1", asha, t0)), now);
  EXPECT_EQ(must(drain(db(), std::to_string(before), asha, t0)), before);
}

TEST_F(DrainTest, WantsAReasonAndANodeThatIsThere) {
  const auto id = starts("syd-1");
  EXPECT_EQ(drain(db(), "syd-1", {"asha", ""}, t0).error().code(), Errc::invalid);
  EXPECT_EQ(drain(db(), "syd-2", asha, t0).error().code(), Errc::not_found);
  EXPECT_EQ(take_back(db(), "99999", asha, t0).error().code(), Errc::not_found);
  EXPECT_EQ(show_node(db(), 99999).error().code(), Errc::not_found);
  must(retire_node(db(), id, t0));
  const auto refused = drain(db(), "syd-1", asha, t0);
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  EXPECT_NE(refused.error().message().find("has stopped"), std::string::npos);
  EXPECT_EQ(take_back(db(), "syd-1", asha, t0).error().code(), Errc::conflict);
  EXPECT_EQ(number("SELECT count(*) FROM audit"), 0);
}

}  // namespace
}  // namespace hotclock::ledger
