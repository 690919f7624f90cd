#include "service/config/template.h"

#include <gtest/gtest.h>

#include <array>

namespace hotclock::config {
namespace {

constexpr std::array<std::string_view, 3> fields{"rule", "state", "jobs"};

std::string mistake(std::string_view text) {
  const auto found = mistake_in(text, fields);
  return found ? found->what + "; " + found->right : "fine";
}

TEST(Template, IsFilledWithItsFields) {
  const auto value = [](std::string_view field) { return "<" + std::string(field) + ">"; };
  EXPECT_EQ(filled("{{rule}} of {{ jobs }}: {{state}}", value), "<rule> of <jobs>: <state>");
  EXPECT_EQ(filled("no field, a } and a {", value), "no field, a } and a {");
  EXPECT_EQ(filled("", value), "");
}

TEST(Template, TakesNoFieldFromAValue) {
  EXPECT_EQ(filled("{{rule}}", [](std::string_view) { return "{{state}}"; }), "{{state}}");
}

TEST(Template, KnowsItsFieldsAlone) {
  EXPECT_EQ(mistake("{{rule}} {{jobs}}"), "fine");
  EXPECT_EQ(mistake("{{rul}}"), "there is no field \"rul\"; did you mean {{rule}}?");
  EXPECT_EQ(mistake("{{}}"), "there is no field \"\"; fields are rule, state, jobs");
  EXPECT_EQ(mistake("a {{rule"), "this {{ has no }}; write {{FIELD}}");
}

TEST(Template, SaysWhereItsMistakeIs) {
  const auto found = mistake_in("{{rule}} and {{nobody}}", fields);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 13u);
  EXPECT_EQ(found->length, 10u);
}

}  // namespace
}  // namespace hotclock::config
