#include "service/relay/sink.h"

#include "service/http/client_support.h"
#include "service/hub/hub_support.h"
#include "service/relay/relay_support.h"

namespace hotclock::relay {
namespace {

using namespace std::chrono_literals;
using http::eventually;
using Ids = Platform::Ids;

class SinkTest : public hub::HubFixture {
 protected:
  SinkTest() { clock.set_wall(machine.now() - 1min); }

  std::unique_ptr<Sink> on(const std::string& node, Platform& told) {
    settings.node = this->node(node);
    auto sink = std::make_unique<Sink>(db(), machine, logger, told.emitter(), settings);
    sink->start();
    return sink;
  }
  // It is in the database, so what is posted from now on is for it.
  void is_enlisted() {
    EXPECT_TRUE(eventually([&] { return count("SELECT count(*) FROM relay_sinks") == 1; }));
  }
  std::int64_t position() { return count("SELECT position FROM relay_sinks"); }
  bool names_an_error() { return count("SELECT count(*) FROM relay_sinks WHERE error <> ''") == 1; }
  Ids posts(int many) {
    Ids ids;
    for (int i = 0; i < many; ++i) ids.push_back(post("user:17"));
    return ids;
  }

  SystemClock machine;
  Platform platform;
  SinkSettings settings{.name = "main", .lease = 15s, .poll = 20ms};
};

TEST_F(SinkTest, EventsAreHandedOnInTheirOrder) {
  const auto sink = on("a", platform);
  is_enlisted();
  const Ids ids = posts(20);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids);
  EXPECT_TRUE(eventually([&] { return position() == ids.back(); }));
}

TEST_F(SinkTest, ANewOneBeginsWithWhatIsPostedFromThenOn) {
  posts(3);
  const auto sink = on("a", platform);
  is_enlisted();
  const Ids later = posts(1);
  EXPECT_TRUE(eventually([&] { return !platform.heard().empty(); }));
  EXPECT_EQ(platform.heard(), later);
}

TEST_F(SinkTest, AfterAPauseItGoesOnWhereItWas) {
  on("a", platform), is_enlisted();
  const Ids ids = posts(3);
  const auto sink = on("a, started again", platform);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids);
}

TEST_F(SinkTest, NewsIsHandedOnAtOnceWhateverItDoesJustThen) {
  settings.poll = 1h;
  const auto sink = on("a", platform);
  is_enlisted();
  for (int i = 0; i < 300; ++i) {
    const std::int64_t id = post("user:17");
    sink->wake();
    // Hardly is it heard, and the next one is there.
    const Steady since = http::steady_now();
    while (!platform.has_heard(id)) {
      ASSERT_FALSE(http::patience_is_over(since)) << "event " << i;
      std::this_thread::yield();
    }
  }
}

TEST_F(SinkTest, AnEventThatCanNeverGoIsSetAsideAndTold) {
  platform.goes_away();
  const auto sink = on("a", platform);
  is_enlisted();
  const Ids ids = posts(5);
  platform.refuses(ids[2]);
  platform.goes_away(false);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids[4]); }));
  EXPECT_EQ(platform.heard(), (Ids{ids[0], ids[1], ids[3], ids[4]}));
  EXPECT_TRUE(std::ranges::any_of(log, [&](const std::string& line) {
    return line.find("set aside") != line.npos && line.find(std::to_string(ids[2])) != line.npos;
  }));
}

TEST_F(SinkTest, WhatWasPostedWhileItWasAwayIsHandedOnWhenItIsBack) {
  const auto sink = on("a", platform);
  is_enlisted();
  platform.goes_away();
  const Ids ids = posts(4);
  EXPECT_TRUE(eventually([&] { return names_an_error(); }));
  EXPECT_LT(position(), ids[0]);
  platform.goes_away(false);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids);
  EXPECT_TRUE(eventually([&] { return !names_an_error(); }));
}

TEST_F(SinkTest, OneThatIsAwayIsNotAskedForEachNews) {
  platform.goes_away();
  const auto sink = on("a", platform);
  is_enlisted();
  posts(1);
  int news = 0;
  EXPECT_TRUE(eventually([&] {
    for (int i = 0; i < 100; ++i, ++news) sink->wake();
    return platform.asked() >= 4;
  }));
  EXPECT_GT(news, 1000);
}

TEST_F(SinkTest, OneOfTwoNodesServesAndTheOtherTakesOverWhenItStops) {
  settings.lease = 1s;
  auto first = on("a", platform);
  is_enlisted();
  Ids ids = posts(1);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids[0]); }));
  const auto second = on("b", platform);
  for (const std::int64_t id : posts(20)) ids.push_back(id);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  first.reset();
  for (const std::int64_t id : posts(5)) ids.push_back(id);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids) << "nobody heard one twice";
}

TEST_F(SinkTest, ANodeThatIsHeldUpLosesItToAnotherAndDoesNotMeddleAgain) {
  settings.lease = 500ms;
  Platform of_first;  // the same server, over a connection that hangs
  const auto first = on("a", of_first);
  is_enlisted();
  of_first.hangs();
  const Ids ids = posts(3);
  ASSERT_TRUE(eventually([&] { return of_first.is_hung_on(); }));
  const auto second = on("b", platform);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids);
  of_first.goes_away();
  of_first.hangs(false);
  const int asked = of_first.asked();
  const Ids more = posts(3);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(more.back()); }));
  EXPECT_EQ(of_first.asked(), asked);
  EXPECT_TRUE(of_first.heard().empty());
}

TEST_F(SinkTest, ANodeThatCannotReachItLetsAnotherTry) {
  settings.lease = 500ms;
  Platform unreachable;
  unreachable.goes_away();
  const auto first = on("a", unreachable);
  is_enlisted();
  const Ids ids = posts(3);
  ASSERT_TRUE(eventually([&] { return unreachable.asked() > 0; }));
  const auto second = on("b", platform);
  EXPECT_TRUE(eventually([&] { return platform.has_heard(ids.back()); }));
  EXPECT_EQ(platform.heard(), ids);
}

TEST_F(SinkTest, AnEventGoesAsClientsHearItFromANode) {
  const outbox::Posted event{.id = 7,
                             .created_at = hub::t0,
                             .name = "tier:changed",
                             .rooms = {"user:17", "rankings"},
                             .payload = R"({"tier":"gold"})",
                             .execution = "e-1"};
  const auto emission = emission_of(event);
  EXPECT_EQ(emission.op, emitters::Emission::Op::emit);
  EXPECT_EQ(emission.nsp, "/");
  EXPECT_EQ(emission.rooms, event.rooms);
  EXPECT_EQ(emitters::Json(emission.args).dump(),
            R"(["tier:changed",{"eventId":"7","tier":"gold"}])");
}

}  // namespace
}  // namespace hotclock::relay
