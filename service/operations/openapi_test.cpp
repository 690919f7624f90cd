#include "service/operations/openapi.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/operations/path_parameters.h"
#include "service/operations/schemas.h"
#include "service/operations/table.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// Every "$ref" in it, wherever it stands.
void collect(const json::value& value, std::set<std::string>& references) {
  if (const auto* object = value.if_object())
    for (const auto& [key, member] : *object) {
      if (key == "$ref") references.emplace(member.as_string());
      collect(member, references);
    }
  if (const auto* array = value.if_array())
    for (const auto& one : *array) collect(one, references);
}

TEST(OpenApi, TheCopyInDocsIsWhatIsServed) {
  std::ifstream file(HOTCLOCK_SOURCE_DIR "/docs/openapi.json");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(json::parse(text.str()), json::parse(openapi()))
      << "write it anew: curl http://127.0.0.1:8081/api/v1/openapi.json | python3 -m json.tool "
         "--indent 1";
}

TEST(OpenApi, EveryReferenceLeadsSomewhereAndEverySchemaIsUsed) {
  std::set<std::string> references;
  collect(json::parse(openapi()), references);
  const std::string root = "#/components/schemas/";
  for (const std::string& one : references) {
    ASSERT_TRUE(one.starts_with(root)) << one;
    EXPECT_TRUE(schemas().contains(one.substr(root.size()))) << one;
  }
  for (const auto& [name, schema] : schemas())
    EXPECT_TRUE(references.contains(root + std::string(name))) << name << " is used by nothing";
}

TEST(OpenApi, EveryOperationOfTheTableIsInItOnce) {
  std::set<std::string_view> ids;
  std::set<std::string> places;
  const json::object paths = json::parse(openapi()).as_object().at("paths").as_object();
  for (const Operation& one : table()) {
    EXPECT_TRUE(ids.insert(one.id).second) << one.id;
    EXPECT_TRUE(places.insert(std::string(one.method) + " " + std::string(one.path)).second)
        << one.path;
    EXPECT_TRUE(paths.contains(one.path)) << one.path;
    EXPECT_NO_FATAL_FAILURE(path_parameters(one.path));
  }
}

TEST(OpenApi, WhatChangesSomethingHasAReasonOrTakesADraft) {
  const std::set<std::string_view> change_nothing{"previewSchedule", "planBackfill",
                                                  "validateFestival", "previewFestivalDraft"};
  for (const Operation& one : table()) {
    if (!one.changes() || change_nothing.contains(one.id)) continue;
    bool asks = false;
    for (const Parameter& parameter : one.query) asks = asks || parameter.name == "reason";
    if (!one.request.empty() && one.request != "FestivalDraft")
      asks = schemas().at(one.request).as_object().at("properties").as_object().contains("reason");
    EXPECT_TRUE(asks) << one.id << " asks for no reason";
  }
}

TEST(Schemas, TellEveryMistakeAndWhereItIs) {
  const auto problems =
      check("TokenOrder", json::parse(R"({"name":"","role":"king","jobs":["a",7],"reasn":"x"})"));
  std::set<std::string> where;
  for (const Problem& one : problems) where.insert(one.where);
  EXPECT_EQ(where, (std::set<std::string>{"name", "role", "jobs[1]", "reasn", "reason"}));
}

TEST(Schemas, TakeNumbersInTheirRangeAlone) {
  EXPECT_TRUE(check("Limit", 1).empty());
  EXPECT_TRUE(check("Limit", 500).empty());
  EXPECT_FALSE(check("Limit", 0).empty());
  EXPECT_FALSE(check("Limit", 501).empty());
  EXPECT_FALSE(check("Limit", 1.5).empty());
  EXPECT_FALSE(check("Limit", value_of("Limit", "99999999999999999999")).empty());
  EXPECT_FALSE(check("Limit", value_of("Limit", "12x")).empty());
  EXPECT_EQ(value_of("Limit", "12"), json::value(12));
}

TEST(Schemas, TakeInstantsWithAnOffsetAndNoOthers) {
  for (const char* good : {"2026-11-24T00:05:00Z", "2026-11-24T00:05:00.250+05:45"})
    EXPECT_TRUE(check("Instant", json::value(good)).empty()) << good;
  for (const char* bad : {"", "now", "2026-11-24", "2026-11-24T00:05:00", "2026-02-30T00:00:00Z"})
    EXPECT_FALSE(check("Instant", json::value(bad)).empty()) << bad;
}

TEST(Schemas, RefuseTextsThatAreNone) {
  EXPECT_FALSE(check("Reason", json::value(json::string("a\0b", 3))).empty());
  EXPECT_FALSE(check("Reason", json::value("\xff")).empty());
  EXPECT_FALSE(check("Reason", json::value(std::string(501, 'x'))).empty());
}

}  // namespace
}  // namespace hotclock::operations
