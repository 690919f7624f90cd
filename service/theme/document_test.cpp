#include "service/theme/document.h"

#include <gtest/gtest.h>

namespace hotclock::theme {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const Instant noon = from_millis(1'790'000'000'000);

Festival tihar() {
  return {.id = 3,
          .name = "Tihar",
          .country = "NP",
          .priority = 5,
          .starts_at = noon - hours{1},
          .ends_at = noon + hours{1},
          .theme = R"({"name":"tihar","colors":{"primary":"#E07A1F"},
                       "dark":{"background":"#000"},
                       "images":{"background":"/festivals/tihar/sky.webp"},
                       "logo":{"image":"/festivals/tihar/logo.svg","alt":"Tihar"},
                       "fonts":{"heading":["Mukta","serif"]},"overlay":"diyas",
                       "elements":{"banner":{"visible":true,"text":"Happy Tihar <3"}}})",
          .skins = R"(["diyo",{"name":"marigold","background":"#fb0"}])",
          .bonuses = R"({"giftMultiplier":2,"coinMultiplier":1.5})"};
}

TEST(Document, IsWrittenWithItsMembersInTheirOrder) {
  Document document = document_for({tihar()}, "NP", noon, {});
  document.version = 4;
  EXPECT_EQ(
      to_json(document),
      R"({"country":"NP","version":4,"festival":{"id":"3","name":"Tihar"},)"
      R"("validUntil":"2026-09-21T15:13:20.001Z","name":"tihar",)"
      R"("colors":{"onPrimary":"#000000","primary":"#e07a1f"},)"
      R"("dark":{"background":"#000000","text":"#ffffff"},)"
      R"("images":{"background":"/festivals/tihar/sky.webp"},)"
      R"("logo":{"image":"/festivals/tihar/logo.svg","alt":"Tihar"},)"
      R"("fonts":{"heading":["Mukta","serif"]},"overlay":"diyas",)"
      R"("skins":[{"name":"diyo"},{"name":"marigold","background":"#ffbb00","text":"#000000"}],)"
      R"("elements":{"banner":{"visible":true,"text":"Happy Tihar \u003c3"}},)"
      R"("bonuses":{"giftMultiplier":2,"coinMultiplier":1.5,"experienceMultiplier":1},)"
      R"("festivals":["3"]})");
}

TEST(Document, IsReadBackAsItWasWritten) {
  Document document = document_for({tihar()}, "NP", noon, {});
  document.version = 4;
  const auto read = parse_document(to_json(document), {});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, document);
}

TEST(Document, IsAStyleSheet) {
  Document document = document_for({tihar()}, "NP", noon, {});
  document.version = 4;
  EXPECT_EQ(to_css(document), R"(/* NP 4 */
:root {
  --hc-color-on-primary: #000000;
  --hc-color-primary: #e07a1f;
  --hc-image-background: url("/festivals/tihar/sky.webp");
  --hc-font-heading: "Mukta", serif;
  --hc-logo: url("/festivals/tihar/logo.svg");
}
@media (prefers-color-scheme: dark) {
  :root {
    --hc-color-background: #000000;
    --hc-color-text: #ffffff;
  }
}
.hc-skin-marigold {
  background-color: #ffbb00;
  color: #000000;
}
)");
}

TEST(Document, OfTheDefaultThemeSaysThatNothingIsWorn) {
  const Document document = document_for({}, "AU", noon, {});
  EXPECT_EQ(to_json(document),
            R"({"country":"AU","version":0,"festival":null,"validUntil":null,"colors":{},)"
            R"("skins":[],"elements":{},"bonuses":{"giftMultiplier":1,"coinMultiplier":1,)"
            R"("experienceMultiplier":1},"festivals":[]})");
  EXPECT_EQ(to_css(document), "/* AU 0 */\n");
}

}  // namespace
}  // namespace hotclock::theme
