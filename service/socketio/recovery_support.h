// Clients that lose their connection and come back.
#pragma once

#include <string>
#include <string_view>

#include "service/socketio/recovery_memory.h"
#include "service/socketio/server_support.h"

namespace hotclock::socketio {

inline constexpr MemoryRecovery::Options small_memory{.window = std::chrono::seconds(60),
                                                      .unnoticed = std::chrono::seconds(40),
                                                      .most_events = 100,
                                                      .most_bytes = 100'000,
                                                      .most_lost = 3};

inline std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

class RecoveryTest : public ServerTest {
 protected:
  Recovery* recovery() override { return &memory; }

  // What a client must know to come back.
  struct Ticket {
    std::string sid, pid;
    std::string offset = {};
    std::string auth = {};
  };

  std::unique_ptr<Client> enter(Ticket& ticket, const std::string& auth = "{}") {
    auto client = stranger();
    client->says("0" + auth);
    ticket = ticket_of(client->hears().at(0));
    return client;
  }
  std::unique_ptr<Client> comes_back(const Ticket& ticket, const std::string& more = "") {
    auto client = stranger();
    std::string auth = "{\"pid\":" + in_quotes(ticket.pid);
    if (!ticket.offset.empty()) auth += ",\"offset\":" + in_quotes(ticket.offset);
    client->says("0" + auth + more + "}");
    return client;
  }
  static Ticket ticket_of(const std::string& answer) {
    return {member_of(answer, "sid"), member_of(answer, "pid")};
  }
  static std::string welcome(const Ticket& t) {
    return R"(0{"sid":")" + t.sid + R"(","pid":")" + t.pid + "\"}";
  }
  // An ordinary new session, and nothing else.
  static void expect_new(Client& client, const Ticket& ticket) {
    const Texts heard = client.hears();
    ASSERT_EQ(heard.size(), 1u);
    const Ticket fresh = ticket_of(heard[0]);
    EXPECT_EQ(heard[0], welcome(fresh));
    EXPECT_NE(fresh.sid, ticket.sid);
    EXPECT_NE(fresh.pid, ticket.pid);
  }
  void say(const std::string& room, const std::string& event) {
    main().broadcast({{room}, {}}, event, {});
  }

  MemoryRecovery memory{clock, small_memory};
};

}  // namespace hotclock::socketio
