#include "service/profiling/profile.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

namespace hotclock::profiling {
namespace {

using namespace std::chrono_literals;

ChunkProfile chunk(std::int64_t number, Span took) {
  return {.number = number, .took = took, .phases = {.statements = took / 2}, .committed = true};
}

Profile of_chunks(int count) {
  Profile profile{.job = "pay", .run = 10s, .chunks = count};
  for (int i = 1; i <= count; ++i) profile.kept_chunks.push_back(chunk(i, Span{i % 997}));
  return profile;
}

Result<Profile> read_back(const Profile& profile) {
  return profile_of(boost::json::serialize(to_json(profile)));
}

TEST(Profile, IsReadBackAsItWasKept) {
  Profile profile = of_chunks(2);
  profile.waiting = 3ms;
  profile.ending = 4us;
  profile.statements = {{"pay.update", 7, 9ms, 3ms, 1, 2, 3, 4}};
  profile.plans = {{"pay.update", {"SCAN users"}, {{Finding::Kind::missing_index, "of users"}}}};
  const auto read = read_back(profile);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), to_json(profile));
  EXPECT_EQ(read->plans.at(0).findings.at(0).kind, Finding::Kind::missing_index);
}

TEST(Profile, AnUnfitTextIsCorruptAndNotNothing) {
  for (const char* text : {"", "[]", "{}", "{\"job\": 7, \"phases\": {}}", "{\"phases\": []}"}) {
    const auto read = profile_of(text);
    if (std::string_view(text) == "{}" || !read)
      EXPECT_EQ(read.error().code(), Errc::corrupt) << text;
    else
      ADD_FAILURE() << text;
  }
}

TEST(Profile, OfAMillionChunksIsAsSmallAsOfAHundred) {
  Profile profile = of_chunks(100'000);
  for (int i = 0; i < 500; ++i)
    profile.statements.push_back({"statement" + std::to_string(i), 1, Span{i}, Span{i}});
  profile.bound();
  EXPECT_EQ(profile.kept_chunks.size(), Profile::first_chunks + Profile::slowest_chunks);
  EXPECT_EQ(profile.kept_chunks.front().number, 1);
  EXPECT_EQ(profile.kept_chunks.back().took, Span{996}) << "the slowest are kept";
  EXPECT_EQ(profile.statements.size(), Profile::most_statements);
  EXPECT_EQ(profile.statements.front().name, "statement499") << "what took the most comes first";
  EXPECT_LT(boost::json::serialize(to_json(profile)).size(), 20'000u);
}

TEST(Profile, TwoAttemptsAreAddedUp) {
  Profile one = of_chunks(2), other = of_chunks(3);
  one.statements = {{"a", 1, 5ms, 5ms, 1, 0, 0, 0}};
  other.statements = {{"a", 2, 8ms, 6ms, 2, 0, 0, 0}, {"b", 1, 90ms, 90ms, 0, 0, 0, 0}};
  other.ending = 1ms;
  one.add(other);
  EXPECT_EQ(one.attempts, 2);
  EXPECT_EQ(one.chunks, 5);
  EXPECT_EQ(one.run, 20s);
  EXPECT_EQ(one.ending, Span{1ms});
  ASSERT_EQ(one.statements.size(), 2u);
  EXPECT_EQ(one.statements[0].name, "b");
  EXPECT_EQ(one.statements[1].runs, 3);
  EXPECT_EQ(one.statements[1].longest, Span{6ms});
}

}  // namespace
}  // namespace hotclock::profiling
