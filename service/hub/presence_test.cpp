#include "service/hub/presence.h"

#include "service/hub/hub_support.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;

class PresenceTest : public HubFixture {
 protected:
  const std::int64_t a = node("a"), b = node("b");

  void is_there(const std::string& socket, const std::string& identity, const std::string& rooms,
                std::int64_t on) {
    change("INSERT INTO client_sessions (secret_hash, socket_id, namespace, identity, rooms, "
           "address, node_id, since, heard_from) VALUES ($1, $2, '/', $3, $4, '192.0.2.1', $5, $6, 0)",
           {"secret of " + socket, socket, identity, rooms}, {on, clock.now()});
  }
  void is_away(const std::string& socket) {
    change("UPDATE client_sessions SET lost_at = $2 WHERE socket_id = $1", {socket}, {clock.now()});
  }
  std::vector<std::string> sockets(const Whom& whom, std::size_t most = 100) {
    std::vector<std::string> names;
    const auto found = present(db(), whom, most).value();
    for (const Present& one : found) names.push_back(one.socket_id);
    std::ranges::sort(names);
    return names;
  }
  std::int64_t marked() {
    return count("SELECT count(*) FROM client_sessions WHERE put_out_by IS NOT NULL");
  }

 private:
  void change(std::string_view statement, const std::vector<std::string>& texts,
              const std::vector<sql::Param>& rest) {
    std::vector<sql::Param> params;
    for (const std::string& text : texts) params.emplace_back(std::string_view(text));
    params.insert(params.end(), rest.begin(), rest.end());
    auto transaction = db().write().value();
    EXPECT_EQ(transaction->exec({"change", statement}, params).value(), 1);
    EXPECT_TRUE(transaction->commit());
  }
};

using Names = std::vector<std::string>;

TEST_F(PresenceTest, ShowsTheClientsOfAllNodes) {
  is_there("one", "user:17", "stream:1", a);
  is_there("two", "", "stream:1 rankings", b);
  const auto found = present(db(), {.room = "stream:1"}, 100).value();
  ASSERT_EQ(found.size(), 2u);
  const Present& one = found[0].socket_id == "one" ? found[0] : found[1];
  EXPECT_EQ(one.identity, "user:17");
  EXPECT_EQ(one.rooms, (Names{"user:17", "stream:1"}));
  EXPECT_EQ(one.address, "192.0.2.1");
  EXPECT_EQ(one.node, "a");
  EXPECT_EQ(one.since, clock.now());
  EXPECT_FALSE(one.away_since);
}

TEST_F(PresenceTest, FindsThemByRoomUserAndSocket) {
  is_there("one", "user:17", "stream:1", a);
  is_there("two", "user:17", "rankings", b);
  is_there("three", "user:18", "stream:1", b);
  EXPECT_EQ(sockets({.identity = "user:17"}), (Names{"one", "two"}));
  EXPECT_EQ(sockets({.room = "user:17"}), (Names{"one", "two"})) << "one's own room is a room";
  EXPECT_EQ(sockets({.room = "stream:1"}), (Names{"one", "three"}));
  EXPECT_EQ(sockets({.identity = "user:17", .room = "stream:1"}), Names{"one"});
  EXPECT_EQ(sockets({.socket_id = "three"}), Names{"three"});
  EXPECT_EQ(sockets({.room = "stream:1"}, 1).size(), 1u);
}

TEST_F(PresenceTest, CountsRoomsTheFullestFirst) {
  is_there("one", "user:17", "stream:1", a);
  is_there("two", "", "stream:1", b);
  is_there("three", "", "", b);
  is_there("four", "", "stream:1", b);
  is_away("four");
  const auto found = crowds(db()).value();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].room, "stream:1");
  EXPECT_EQ(found[0].clients, 2) << "who is away is not there";
  EXPECT_EQ(found[1].clients, 1);
}

TEST_F(PresenceTest, ACrowdOfThousandsIsCountedWhole) {
  for (int i = 0; i < 2500; ++i) is_there(std::to_string(i), "", "stream:1", a);
  EXPECT_EQ(crowds(db()).value().at(0).clients, 2500);
  EXPECT_EQ(sockets({.room = "stream:1"}, 10'000).size(), 2500u);
}

TEST_F(PresenceTest, WhoIsPutOutIsMarkedForItsNodeAndNoted) {
  is_there("one", "user:17", "stream:1", a);
  is_there("two", "user:18", "stream:1", b);
  const audit::Person request{.name = "asha", .reason = "banned"};
  EXPECT_EQ(put_out(db(), {.identity = "user:17"}, request, clock.now()).value(), 1);
  EXPECT_EQ(marked(), 1);
  EXPECT_EQ(put_out(db(), {.identity = "user:99"}, request, clock.now()).value(), 0);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'disconnect' AND who = 'asha' "
                  "AND reason = 'banned' AND detail = '1 client of user:17'"),
            1)
      << "what nobody was there for is not noted";
}

}  // namespace
}  // namespace hotclock::hub
