#include "service/auth/allowance.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace hotclock::auth {
namespace {

using namespace std::chrono_literals;

constexpr Steady start{24h * 1000};

ClientKey address(std::string_view text) { return ClientKey::of_address(text); }
ClientKey user(int id) { return ClientKey::of_user(id); }

TEST(ClientKey, IsAnAddressOfIpv4OrANetworkOfIpv6) {
  EXPECT_EQ(address("192.0.2.1"), address("192.0.2.1"));
  EXPECT_NE(address("192.0.2.1"), address("192.0.2.2"));
  EXPECT_EQ(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
  EXPECT_EQ(address("fe80::1%eth0"), address("fe80::2%eth1"));
  EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1"));
  EXPECT_NE(address("::192.0.2.1"), address("192.0.2.1"));
  EXPECT_EQ(address("127.0.0.1"), address("127.0.0.1"));
}

TEST(ClientKey, OfWhatIsNoAddressIsAlwaysTheSame) {
  EXPECT_EQ(address(""), address("unix:"));
  EXPECT_EQ(address("localhost"), address("192.0.2.256"));
  EXPECT_NE(address(""), address("0.0.0.0"));
  EXPECT_NE(address(""), address("::"));
}

TEST(ClientKey, OfAUserIsNoneOfAnAddress) {
  EXPECT_EQ(user(1), user(1));
  EXPECT_NE(user(1), user(2));
  EXPECT_NE(user(1), address("0.0.0.1"));
}

TEST(Allowance, LetsSoManyConnectionsBeOpenAtOnce) {
  Allowance allowance({.at_once = 2});
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  EXPECT_EQ(allowance.open(user(1), start), Admission::too_many_at_once);
  EXPECT_EQ(allowance.open(user(2), start), Admission::granted);
  EXPECT_EQ(allowance.connections(user(1)), 2);
  allowance.close(user(1), start);
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  EXPECT_EQ(allowance.open(user(1), start + 24h), Admission::too_many_at_once);
}

TEST(Allowance, LetsSoManyConnectionsBeOpenedInAMinute) {
  Allowance allowance({.opened_a_minute = 3});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
    allowance.close(user(1), start);
  }
  EXPECT_EQ(allowance.open(user(1), start), Admission::too_many_a_minute);
  EXPECT_EQ(allowance.open(user(1), start + 20s - 1ns), Admission::too_many_a_minute);
  EXPECT_EQ(allowance.open(user(1), start + 20s), Admission::granted);
  EXPECT_EQ(allowance.open(user(1), start + 20s), Admission::too_many_a_minute);
}

TEST(Allowance, ShutsOutForAMinuteWhoWasRefusedSoOften) {
  Allowance allowance({.at_once = 1, .refusals = 3});
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(allowance.open(user(1), start + 5s), Admission::too_many_at_once);
  allowance.close(user(1), start + 6s);
  for (const auto later : {6s, 20s, 64s})
    EXPECT_EQ(allowance.open(user(1), start + later), Admission::shut_out);
  EXPECT_EQ(allowance.open(user(2), start + 64s), Admission::granted);
  EXPECT_EQ(allowance.open(user(1), start + 65s), Admission::granted)
      << "what it tried meanwhile did not count";
  EXPECT_EQ(allowance.open(user(1), start + 65s), Admission::too_many_at_once);
  EXPECT_EQ(allowance.open(user(1), start + 65s), Admission::too_many_at_once)
      << "and the former refusals are forgiven";
  allowance.close(user(1), start + 66s);
  EXPECT_EQ(allowance.open(user(1), start + 66s), Admission::granted);
}

TEST(Allowance, LetsSoManyMessagesBeSentInAMinuteWithOrWithoutAConnection) {
  Allowance allowance({.messages_a_minute = 2});
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  for (const int id : {1, 2}) {
    EXPECT_TRUE(allowance.message(user(id), start));
    EXPECT_TRUE(allowance.message(user(id), start));
    EXPECT_FALSE(allowance.message(user(id), start));
    EXPECT_TRUE(allowance.may_say_more(user(id), start + 30s));
    EXPECT_TRUE(allowance.message(user(id), start + 30s));
    EXPECT_FALSE(allowance.may_say_more(user(id), start + 30s));
  }
}

TEST(Allowance, LimitsNothingWhereNothingIsSet) {
  Allowance allowance({});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
    EXPECT_TRUE(allowance.message(user(1), start));
  }
}

TEST(Allowance, ForgetsWhoHasNothingOpenAndWasQuietForAMinute) {
  Allowance allowance({.at_once = 5, .opened_a_minute = 5});
  for (int id = 0; id < 100; ++id) allowance.open(user(id), start);
  for (int id = 0; id < 99; ++id) allowance.close(user(id), start);
  EXPECT_EQ(allowance.clients(), 100u);
  for (int i = 0; i < 60; ++i) allowance.message(user(1000), start + 1min);
  EXPECT_EQ(allowance.clients(), 2u);
  EXPECT_EQ(allowance.connections(user(99)), 1);
}

TEST(Allowance, ForgetsTheQuietestEarlyWhereThereIsNoRoom) {
  Allowance allowance({.opened_a_minute = 1}, 3);
  for (const int id : {1, 2, 3}) {
    EXPECT_EQ(allowance.open(user(id), start), Admission::granted);
    if (id != 1) allowance.close(user(id), start);
  }
  EXPECT_EQ(allowance.open(user(2), start), Admission::too_many_a_minute);  // now 3 is the quietest
  EXPECT_EQ(allowance.open(user(4), start), Admission::granted);
  EXPECT_EQ(allowance.clients(), 3u);
  EXPECT_EQ(allowance.open(user(2), start), Admission::too_many_a_minute);
  EXPECT_EQ(allowance.connections(user(1)), 1);
}

TEST(Allowance, LetsNoFurtherClientInWhereAllHaveConnections) {
  Allowance allowance({}, 2);
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  EXPECT_EQ(allowance.open(user(2), start), Admission::granted);
  EXPECT_EQ(allowance.open(user(3), start), Admission::no_room);
  EXPECT_FALSE(allowance.message(user(3), start));
  EXPECT_EQ(allowance.open(user(1), start), Admission::granted);
  allowance.close(user(2), start);
  EXPECT_EQ(allowance.open(user(3), start), Admission::granted);
}

TEST(Allowance, TellsAClientWhyItIsRefused) {
  EXPECT_EQ(to_string(Admission::too_many_at_once), "too many connections at once");
  EXPECT_EQ(to_string(Admission::too_many_a_minute), "too many connections in a minute");
  EXPECT_EQ(to_string(Admission::shut_out), "too many violations; wait a minute");
  EXPECT_EQ(to_string(Admission::no_room), "too many clients");
}

// The same rules, kept in the plainest way, for ever and without bounds: how many shares are left,
// as time.
class Model {
 public:
  explicit Model(Allowance::Limits limits) : limits_(limits) {}

  Admission open(int id, Steady now) {
    if (open_[id] >= limits_.at_once) return Admission::too_many_at_once;
    if (!take(opened_[id], limits_.opened_a_minute, now)) return Admission::too_many_a_minute;
    ++open_[id];
    return Admission::granted;
  }
  bool close(int id) { return open_[id] > 0 && open_[id]-- > 0; }
  bool message(int id, Steady now) { return take(messages_[id], limits_.messages_a_minute, now); }
  int connections(int id) { return open_[id]; }

 private:
  struct Purse {
    std::chrono::nanoseconds left = 1min;
    Steady counted = start;
  };

  static bool take(Purse& purse, int a_minute, Steady now) {
    purse.left = std::min<std::chrono::nanoseconds>(1min, purse.left + (now - purse.counted));
    purse.counted = now;
    const auto price = std::chrono::nanoseconds(1min) / a_minute;
    if (purse.left < price) return false;
    purse.left -= price;
    return true;
  }

  const Allowance::Limits limits_;
  std::map<int, int> open_;
  std::map<int, Purse> opened_, messages_;
};

struct Act {
  int kind = 0;  // open, close, message
  int client = 0;
  int seconds = 0;  // that pass before it
};

std::vector<Act> some_acts() {
  return *rc::gen::container<std::vector<Act>>(rc::gen::construct<Act>(
      rc::gen::inRange(0, 3), rc::gen::inRange(0, 4),
      rc::gen::weightedElement<int>({{6, 0}, {3, 1}, {2, 7}, {1, 61}, {1, 3600}})));
}

TEST(Allowance, DoesWhatThePlainestRulesDoThoughItForgets) {
  EXPECT_TRUE(rc::check([] {
    const Allowance::Limits limits{.at_once = *rc::gen::inRange(1, 4),
                                   .opened_a_minute = *rc::gen::inRange(1, 7),
                                   .messages_a_minute = *rc::gen::inRange(1, 7)};
    Allowance allowance(limits);
    Model model(limits);
    Steady now = start;
    for (const Act& act : some_acts()) {
      now += std::chrono::seconds(act.seconds);
      const ClientKey key = user(act.client);
      if (act.kind == 0) RC_ASSERT(allowance.open(key, now) == model.open(act.client, now));
      if (act.kind == 1 && model.close(act.client)) allowance.close(key, now);
      if (act.kind == 2) RC_ASSERT(allowance.message(key, now) == model.message(act.client, now));
      RC_ASSERT(allowance.connections(key) == model.connections(act.client));
    }
  }));
}

TEST(Allowance, NeverKnowsMoreClientsThanItHasRoomFor) {
  EXPECT_TRUE(rc::check([] {
    const auto most = *rc::gen::inRange<std::size_t>(1, 4);
    Allowance allowance({.at_once = 2, .opened_a_minute = 5, .messages_a_minute = 5}, most);
    std::map<int, int> open;
    Steady now = start;
    for (const Act& act : some_acts()) {
      now += std::chrono::seconds(act.seconds);
      const ClientKey key = user(act.client);
      if (act.kind == 0 && allowance.open(key, now) == Admission::granted) ++open[act.client];
      if (act.kind == 1 && open[act.client] > 0) allowance.close(key, now), --open[act.client];
      if (act.kind == 2) allowance.message(key, now);
      RC_ASSERT(allowance.clients() <= most);
      for (const auto& [id, count] : open) RC_ASSERT(allowance.connections(user(id)) == count);
    }
  }));
}

TEST(Bucket, NeverGivesMoreThanAMinutesShareAndTheSpansOwn) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& pauses) {
    const int a_minute = *rc::gen::inRange(1, 300);
    Bucket bucket;
    std::vector<Steady> taken;
    Steady now = start;
    for (const std::uint8_t pause : pauses) {
      now += std::chrono::milliseconds(10 * pause);
      if (bucket.take(a_minute, now)) taken.push_back(now);
    }
    for (std::size_t from = 0; from < taken.size(); ++from)
      for (std::size_t to = from; to < taken.size(); ++to) {
        const auto span = std::chrono::duration<double>(taken[to] - taken[from]).count();
        RC_ASSERT(static_cast<double>(to - from + 1) <= a_minute + span * a_minute / 60 + 1e-6);
      }
  }));
}

TEST(Strikes, CutOffAtTheLastThatAClientMayAfford) {
  Strikes strikes;
  EXPECT_FALSE(strikes.strike(3, start));
  EXPECT_FALSE(strikes.strike(3, start + 1min));
  EXPECT_TRUE(strikes.strike(3, start + 2min));
  EXPECT_TRUE(strikes.strike(3, start + 3min));
  EXPECT_TRUE(Strikes().strike(1, start));
}

TEST(Strikes, AreForgivenAfterTenMinutesWithoutOne) {
  Strikes strikes;
  EXPECT_FALSE(strikes.strike(2, start));
  EXPECT_FALSE(strikes.strike(2, start + 10min));
  EXPECT_TRUE(strikes.strike(2, start + 20min - 1ns));
}

}  // namespace
}  // namespace hotclock::auth
