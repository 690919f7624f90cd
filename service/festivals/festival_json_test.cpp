#include "service/festivals/festival_json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace hotclock::festivals {
namespace {

using namespace std::chrono_literals;

std::string problems(std::string_view json) {
  std::string all;
  for (const Problem& problem : read_draft(json).problems)
    all += (all.empty() ? "" : "\n") + problem.message();
  return all;
}

TEST(FestivalJson, ReadsEveryMember) {
  const Draft draft = read_draft(R"({"name": "Tihar", "type": "cultural", "country": "NP",
    "priority": 10, "startsAt": "2026-11-08T00:00:00+05:45", "endsAt": "2026-11-12T18:14:59.999Z",
    "theme": {"name": "tihar"}, "skins": ["marigold"], "bonuses": {"giftMultiplier": 2},
    "gifts": ["Rose", "Diya"]})");
  EXPECT_EQ(draft.problems, std::vector<Problem>());
  EXPECT_EQ(draft.name, "Tihar");
  EXPECT_EQ(draft.type, "cultural");
  EXPECT_EQ(draft.country, "NP");
  EXPECT_EQ(draft.priority, 10);
  EXPECT_EQ(to_string(*draft.starts_at), "2026-11-07T18:15:00Z");
  EXPECT_EQ(to_string(*draft.ends_at), "2026-11-12T18:14:59.999Z");
  EXPECT_EQ(draft.theme, R"({"name":"tihar"})");
  EXPECT_EQ(draft.skins, R"(["marigold"])");
  EXPECT_EQ(draft.bonuses, R"({"giftMultiplier":2})");
  EXPECT_EQ(draft.gifts, (std::vector<std::string>{"Diya", "Rose"}));
}

TEST(FestivalJson, KeepsALookAsItIsWritten) {
  const Draft draft = read_draft(R"({"theme": {"a" : "x : \"y\" , {z" ,
      "b":[ 1.15 , 1.10, 1e3 ]}, "bonuses":{ } , "skins" :[]})");
  EXPECT_EQ(draft.theme, R"({"a":"x : \"y\" , {z","b":[1.15,1.10,1e3]})");
  EXPECT_EQ(draft.bonuses, "{}");
  EXPECT_EQ(draft.skins, "[]");
}

TEST(FestivalJson, LeavesWhatIsNotWrittenUnsaid) {
  const Draft draft = read_draft("{}");
  EXPECT_TRUE(draft.problems.empty());
  EXPECT_FALSE(draft.name || draft.type || draft.country || draft.priority || draft.starts_at ||
               draft.ends_at || draft.theme || draft.skins || draft.bonuses || draft.gifts);
}

TEST(FestivalJson, TellsAllProblemsAtOnceWithTheirPaths) {
  EXPECT_EQ(problems(R"({"name": "", "type": "cultual", "country": "np", "priority": 1.5,
    "startsAt": "yesterday", "endsAt": 5, "gifts": ["Rose", 7, "Rose"], "contry": "NP"})"),
            "name: it is empty; 1 to 100 characters\n"
            "type: 'cultual' is no type of festival; did you mean cultural?\n"
            "country: 'np' is no country; write GLOBAL, or a country's two capitals, such as NP\n"
            "priority: '1.5' is no priority; write a whole number of at most 1000000; the highest "
            "dresses its country\n"
            "startsAt: 'yesterday' is no instant; write 2026-11-07T18:15:00Z, or an offset for Z: "
            "+05:45\n"
            "endsAt: '5' is no text; write 2026-11-07T18:15:00Z, or an offset for Z: +05:45\n"
            "gifts[1]: it is no text; write the gift's name\n"
            "gifts[2]: 'Rose' stands there twice; leave one out\n"
            "contry: unknown; did you mean country?");
}

TEST(FestivalJson, RefusesWhatIsNoObject) {
  for (const char* text :
       {"", "[]", "{", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"\xff\"}", "7"})
    EXPECT_EQ(read_draft(text).problems.size(), 1u) << text;
  const std::string deep = "{\"theme\":" + std::string(40, '[') + std::string(40, ']') + "}";
  EXPECT_EQ(read_draft(deep).problems.size(), 1u);
  const std::string large = "{\"name\":\"" + std::string(70'000, 'a') + "\"}";
  EXPECT_EQ(problems(large), ": 70011 bytes; at most 65536");
}

TEST(FestivalJson, RefusesNamesThatAreNoneForPeople) {
  EXPECT_EQ(problems(R"({"name": "Ti\u0007har"})"),
            "name: it holds a control character; 1 to 100 characters");
  EXPECT_EQ(problems(R"({"name": "Ti\u0000har"})"),
            "name: it holds a control character; 1 to 100 characters");
  EXPECT_EQ(problems(R"({"name": "\u0085"})"),
            "name: it holds a control character; 1 to 100 characters");
  EXPECT_EQ(problems("{\"name\": \"" + std::string(101, 'x') + "\"}"),
            "name: it has 101 characters; 1 to 100 characters");
  EXPECT_EQ(problems(R"({"name": "तिहार"})"), "");
}

TEST(FestivalJson, KnowsInstants) {
  EXPECT_EQ(to_string(*parse_instant("2026-11-07T18:15Z")), "2026-11-07T18:15:00Z");
  EXPECT_EQ(to_string(*parse_instant("2026-11-07T18:15:00.25Z")), "2026-11-07T18:15:00.250Z");
  EXPECT_EQ(to_string(*parse_instant("2026-11-07T18:15:00-03:30")), "2026-11-07T21:45:00Z");
  for (const char* wrong :
       {"", "Z", "2026-11-07", "2026-11-07T18:15:00", "2026-11-07 18:15:00Z",
        "2026-02-30T00:00:00Z", "2026-11-07T18:15:00.Z", "2026-11-07T18:15:00.1234Z",
        "2026-11-07T18:15:00+5:45", "2026-11-07T18:15:00+15:00", "2026-11-07T18:15:00Zulu",
        "2026-11-07T25:15:00Z", "1969-12-31T23:59:59Z", "2026-11-07T18:15:00+05x45"})
    EXPECT_FALSE(parse_instant(wrong)) << wrong;
}

TEST(FestivalJson, IsReadAsItIsWritten) {
  Festival festival{
      .id = 3, .name = "Ti\"har", .type = "cultural", .country = "NP", .priority = -2};
  festival.starts_at = from_millis(1'790'000'000'000);
  festival.ends_at = festival.starts_at + 24h - 1ms;
  festival.look = {R"({"name":"tihar"})", R"(["red"])", R"({"coinMultiplier":1.15})"};
  festival.gifts = {"Diya", "Rose"};
  festival.revision = "abc";
  const Draft draft = read_draft(to_json(festival));
  EXPECT_EQ(draft.problems, std::vector<Problem>());
  EXPECT_EQ(draft.id, 3);
  EXPECT_EQ(draft.name, festival.name);
  EXPECT_EQ(draft.starts_at, festival.starts_at);
  EXPECT_EQ(draft.ends_at, festival.ends_at);
  EXPECT_EQ(draft.bonuses, festival.look.bonuses);
  EXPECT_EQ(draft.gifts, festival.gifts);
  EXPECT_EQ(draft.revision, "abc");
}

TEST(FestivalJson, ShowsNullForALookThatIsNoJson) {
  Festival festival{.id = 3, .name = "Tihar"};
  festival.look.theme = "{broken";
  festival.look.skins = "";
  const auto json = boost::json::parse(to_json(festival));
  EXPECT_TRUE(json.at("theme").is_null());
  EXPECT_TRUE(json.at("skins").is_null());
}

}  // namespace
}  // namespace hotclock::festivals
