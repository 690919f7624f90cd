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

TEST(Document, OfBonusesSaysWhatCountsAndNothingElse) {
  Document document = document_for({tihar()}, "NP", noon, {});
  document.version = 4;
  EXPECT_EQ(
      bonuses_json(document),
      R"({"country":"NP","version":4,"bonuses":{"giftMultiplier":2,"coinMultiplier":1.5,)"
      R"("experienceMultiplier":1},"festivals":["3"],"validUntil":"2026-09-21T15:13:20.001Z"})");
}

TEST(Document, IsTheSameWhateverItsVersionButNotWheneverItEnds) {
  const Document document = document_for({tihar()}, "NP", noon, {});
  Document other = document;
  other.version = 9;
  EXPECT_TRUE(same_but_version(document, other));
  other.valid_until = noon;
  EXPECT_FALSE(same_but_version(document, other));
}

TEST(Document, OfAFestivalWithoutEndIsValidForGood) {
  Festival endless = tihar();
  for (const Instant end : {Instant::max(), from_millis(253'402'300'799'999)}) {
    endless.ends_at = end;
    EXPECT_EQ(document_for({endless}, "NP", noon, {}).valid_until, std::nullopt);
  }
  endless.ends_at = from_millis(253'402'300'799'998);
  const Document document = document_for({endless}, "NP", noon, {});
  EXPECT_NE(to_json(document).find(R"("validUntil":"9999-12-31T23:59:59.999Z")"),
            std::string::npos);
  EXPECT_EQ(parse_document(to_json(document), {}).value(), document);
}

TEST(Document, OfALookThatIsNoneStillSaysWhoseItIs) {
  Festival broken = tihar();
  broken.theme = "{\"primary\":\"#e07a1f\"}";
  broken.skins = "";
  broken.bonuses = "{\"giftMultiplier\":99,\"coinMultiplier\":2}";
  const Document document = document_for({broken}, "NP", noon, {});
  EXPECT_EQ(document.festival, 3);
  EXPECT_EQ(document.look, (Look{.bonuses = {100, 200, 100}}));
}

TEST(Document, InItsTableIsLookedAtAgain) {
  const auto document = parse_document(
      R"({"country":"NP","version":4,"festival":null,"colors":{"primary":"red","accent":"#fff"},)"
      R"("images":{"background":"https://evil.example/"},"skins":7,"bonuses":{"giftMultiplier":50}})",
      {});
  ASSERT_TRUE(document);
  EXPECT_EQ(document->look.colors.size(), 2U);  // the accent, and what is read on it
  EXPECT_EQ(document->look.images.size(), 0U);
  EXPECT_EQ(document->look.bonuses, Bonuses{});
}

TEST(Document, IsCorruptWhereItDoesNotSayWhoseItIs) {
  for (const char* bad : {"", "[]", "{}", R"({"country":"NP"})", R"({"country":1,"version":1})",
                          R"({"country":"NP","version":"1"})", R"({"country":"NP","version":1.5})",
                          R"({"country":"NP","version":1,"festival":{"id":3}})",
                          R"({"country":"NP","version":1,"festival":{"id":"3x"}})"}) {
    const auto document = parse_document(bad, {});
    ASSERT_FALSE(document) << bad;
    EXPECT_EQ(document.error().code(), Errc::corrupt);
  }
}

TEST(Document, HasNoInstantThatIsNone) {
  for (const char* bad : {"soon", "2026-02-30T00:00:00Z", "2026-09-21T25:00:00Z", "2026-09-21", "",
                          "99999999999999999999", "2026-09-21T15:13:20.001Z;"}) {
    const auto document = parse_document(
        R"({"country":"NP","version":1,"validUntil":")" + std::string(bad) + "\"}", {});
    ASSERT_TRUE(document) << bad;
    EXPECT_EQ(document->valid_until, std::nullopt) << bad;
  }
}

TEST(Preview, DressesACountryInAFestivalThatIsStillToCome) {
  Festival running = tihar();
  Festival coming = tihar();
  coming.id = 2;
  coming.name = "Losar";
  coming.country = "BT";
  coming.starts_at = coming.ends_at = noon + hours{999};
  coming.bonuses = R"({"experienceMultiplier":2})";
  const Document seen = preview({running, coming}, coming, "NP", noon, {});
  EXPECT_EQ(seen.country, "NP");
  EXPECT_EQ(seen.festival_name, "Losar");
  EXPECT_EQ(seen.look.bonuses, (Bonuses{200, 150, 200}));
  EXPECT_EQ(seen.festivals, (std::vector<std::int64_t>{2, 3}));
}

}  // namespace
}  // namespace hotclock::theme
