#include "service/hub/rooms.h"

#include <gtest/gtest.h>

#include <vector>

namespace hotclock::hub {
namespace {

const std::vector<std::string> usual{"stream:*", "throne:*", "rankings", "rankings:*"};

std::string refusal(std::string_view identity, std::string_view room,
                    const std::vector<std::string>& open = usual) {
  const auto may = may_join({identity, open}, room);
  return may ? "" : may.error().message();
}

TEST(Rooms, AreThoseOfTheDomain) {
  for (const char* room : {"user:17", "stream:1", "throne:9223372036854775807", "rankings",
                           "rankings:music", "rankings:country:NP"})
    EXPECT_TRUE(is_room(room)) << room;
  for (const char* room :
       {"", "user:", "user:x", "user:017", "user:-1", "stream:1 stream:2", "admin",
        "rankings:", "rankings:a b", "rankings:country:", "throne:99999999999999999999"})
    EXPECT_FALSE(is_room(room)) << room;
}

TEST(Rooms, NobodyJoinsAnotherUsers) {
  EXPECT_EQ(refusal("user:17", "user:17"), "");
  EXPECT_EQ(refusal("user:17", "user:18"), "this is another user's room");
  EXPECT_EQ(refusal("user:17", "user:1"), "this is another user's room");
  EXPECT_EQ(refusal("", "user:17"), "this is another user's room");
  EXPECT_EQ(refusal("", "user:17", {"*"}), "this is another user's room")
      << "whatever the setting says";
}

TEST(Rooms, ThePublicOnesAreOpenToViewers) {
  EXPECT_EQ(refusal("", "stream:5"), "");
  EXPECT_EQ(refusal("", "rankings:country:NP"), "");
  EXPECT_EQ(refusal("", "rankings", {"stream:*"}), "sign in to join this room");
  EXPECT_EQ(refusal("user:17", "rankings", {"stream:*"}), "");
}

TEST(Rooms, AnUnknownOneIsNamedAsSuch) {
  EXPECT_NE(refusal("user:17", "lobby").find("rooms are stream:ID"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::hub
