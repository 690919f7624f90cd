#include "service/jobs/festival_activation/wardrobe.h"

#include <gtest/gtest.h>

#include "service/jobs/festival_activation/calendar_support.h"

namespace hotclock::festival_activation {
namespace {

using kit::counted;
using kit::is_done;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

// The first instant at which a festival that ends on that day is over.
std::string after_day(int n) { return to_string(Calendar::day(n) + milliseconds{1}); }

TEST(Wardrobe, GivesEveryCountryADocumentToFallBackOnAtTheFirstRun) {
  Calendar c;
  EXPECT_EQ(counted(c.run(0), "themes"), 1);
  EXPECT_EQ(c.told_of_themes(), "GLOBAL 1; ");
  EXPECT_EQ(c.document("GLOBAL"),
            boost::json::parse(
                R"({"country": "GLOBAL", "version": 1, "festival": null, "validUntil": null,
                                   "colors": {}, "skins": [], "elements": {},
                                   "bonuses": {"giftMultiplier": 1, "coinMultiplier": 1, "experienceMultiplier": 1},
                                   "festivals": []})"));
  EXPECT_EQ(counted(c.run(1), "themes"), 0);
}

TEST(Wardrobe, DressesACountryWithAllThatAFestivalBrings) {
  Calendar c;
  c.festival(1, 0, 3);
  c.change(
      1, "theme",
      R"({"name": "tihar", "colors": {"primary": "#B32"}, "elements": {"banner": {"text": "Happy Tihar!"}}})");
  c.change(1, "skins", R"([{"name": "marigold", "border": "#ffb703"}])");
  EXPECT_TRUE(is_done(c.run(1)));
  const auto document = c.document("NP");
  EXPECT_EQ(document.at("country"), "NP");
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("festival"), (boost::json::value{{"id", "1"}, {"name", "Festival 1"}}));
  EXPECT_EQ(document.at("name"), "tihar");
  EXPECT_EQ(document.at("colors").at("primary"), "#bb3322");
  EXPECT_EQ(document.at("elements").at("banner").at("text"), "Happy Tihar!");
  EXPECT_EQ(document.at("skins").at(0).at("name"), "marigold");
  EXPECT_EQ(document.at("festivals"), boost::json::array{"1"});
  EXPECT_EQ(c.valid_until("NP"), after_day(3));
  EXPECT_EQ(c.text("SELECT valid_until FROM theme_documents WHERE country = 'NP'"),
            std::to_string(to_millis(Calendar::day(3) + milliseconds{1})));
}

TEST(Wardrobe, PutsTheHigherOfTwoOverlappingFestivalsOnAndReturnsToTheOther) {
  Calendar c;
  c.festival(1, 0, 9, "NP", 1);
  c.festival(2, 2, 5, "NP", 7);
  c.run(1);
  EXPECT_EQ(c.wears("NP"), "Festival 1");
  EXPECT_EQ(c.valid_until("NP"), to_string(Calendar::day(2)));
  c.run(2);
  EXPECT_EQ(c.wears("NP"), "Festival 2");
  EXPECT_EQ(c.document("NP").at("festivals"), (boost::json::array{"1", "2"}));
  c.run(6);
  EXPECT_EQ(c.wears("NP"), "Festival 1");
  c.run(10);
  EXPECT_EQ(c.wears("NP"), "default");
  EXPECT_EQ(c.valid_until("NP"), "for ever");
  EXPECT_EQ(c.theme("NP"), "{}");
  EXPECT_EQ(c.version("NP"), 4);
}

TEST(Wardrobe, CountsTheGreaterBonusOfOverlappingFestivalsAndNeverTheirProduct) {
  Calendar c;
  c.festival(1, 0, 9, "NP", 7);
  c.change(1, "bonuses", R"({"giftMultiplier": 2, "coinMultiplier": 1.25})");
  c.festival(2, 2, 5, "GLOBAL", 1);
  c.change(2, "bonuses", R"({"giftMultiplier": 1.5, "coinMultiplier": 1.5})");
  c.run(3);
  EXPECT_EQ(c.wears("NP"), "Festival 1");
  EXPECT_EQ(c.bonus("NP", "giftMultiplier"), 2);
  EXPECT_EQ(c.bonus("NP", "coinMultiplier"), 1.5);
  EXPECT_EQ(c.bonus("NP", "experienceMultiplier"), 1);
  EXPECT_EQ(c.bonus("GLOBAL", "giftMultiplier"), 1.5);
  c.run(6);
  EXPECT_EQ(c.bonus("NP", "coinMultiplier"), 1.25);
  EXPECT_EQ(c.bonus("GLOBAL", "giftMultiplier"), 1);
}

TEST(Wardrobe, KnowsHowLongADocumentIsValidBeforeAFestivalBegins) {
  Calendar c;
  c.festival(1, 40, 50);
  c.festival(2, 300, 305, "GLOBAL");
  c.festival(3, 400, 405, "AU");  // further off than anybody looks
  c.run(0);
  EXPECT_EQ(c.valid_until("NP"), to_string(Calendar::day(40)));
  EXPECT_EQ(c.valid_until("GLOBAL"), to_string(Calendar::day(300)));
  EXPECT_EQ(c.version("AU"), 0);
  EXPECT_EQ(c.told_of_themes(), "GLOBAL 1; NP 1; ");
  c.run(50);
  EXPECT_EQ(c.valid_until("AU"), to_string(Calendar::day(300)));
}

TEST(Wardrobe, ReadsNoLookOfAFestivalThatDoesNotRun) {
  Calendar c;
  c.festival(1, 1, 3);
  c.change(1, "theme", R"({"no": "look"})");
  EXPECT_EQ(counted(c.run(0), "dropped"), 0);
  EXPECT_EQ(counted(c.run(1), "dropped"), 1);
}

TEST(Wardrobe, LetsACountryWithoutFestivalsOfItsOwnWearThatOfAll) {
  Calendar c;
  c.festival(1, 0, 3, "GLOBAL");
  c.festival(2, 0, 3, "NP", 5);
  c.run(1);
  EXPECT_EQ(c.wears("GLOBAL"), "Festival 1");
  EXPECT_EQ(c.documents("country NOT IN ('GLOBAL', 'NP')"), 0);
}

TEST(Wardrobe, GivesANewVersionForAnEditOfAnythingThatIsSeen) {
  Calendar c;
  c.festival(1, 0, 3);
  c.festival(2, 0, 9, "AU");
  c.run(1);
  int version = 1;
  for (const auto& [column, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"name", "Tihar"},
           {"theme", R"({"name": "other"})"},
           {"theme", R"({"name": "other", "elements": {"badge": {"text": "Tihar"}}})"},
           {"skins", R"(["blue"])"},
           {"bonuses", R"({"giftMultiplier": 3})"}}) {
    c.change(1, column, value);
    EXPECT_EQ(counted(c.run(1), "themes"), 1) << column << " " << value;
    EXPECT_EQ(c.version("NP"), ++version) << column << " " << value;
    EXPECT_EQ(c.document("NP").at("version"), version);
  }
  c.ends(1, 5);
  c.run(1);
  EXPECT_EQ(c.version("NP"), version + 1);
  EXPECT_EQ(c.valid_until("NP"), after_day(5));
  EXPECT_EQ(c.version("AU"), 1);
  EXPECT_EQ(c.version("GLOBAL"), 1);
  EXPECT_EQ(c.document("NP", 1).at("festival").at("name"), "Festival 1");
}

TEST(Wardrobe, KeepsTheNewestVersionsOfEachCountry) {
  Calendar c;
  c.festival(1, 0, 50);
  c.festival(2, 0, 50, "AU");
  for (int n = 1; n <= kept_versions + 5; ++n) {
    c.change(1, "name", "Festival by the name of " + std::to_string(n));
    c.run(1);
  }
  EXPECT_EQ(c.documents("country = 'NP'"), kept_versions);
  EXPECT_EQ(c.number("SELECT min(version) FROM theme_documents WHERE country = 'NP'"), 6);
  EXPECT_EQ(c.version("NP"), kept_versions + 5);
  EXPECT_EQ(c.documents("country = 'AU'"), 1);
}

TEST(Wardrobe, GivesACountryOfAnOlderHotclockItsFirstDocumentAsANewVersion) {
  Calendar c;
  c.festival(1, 0, 9);
  c.sql(
      "INSERT INTO themes (country, version, festival_id, theme, changed_at) VALUES"
      " ('NP', 7, 1, '{\"name\":\"festival-1\"}', 0), ('DE', 3, NULL, '{}', 0)");
  c.run(1);
  EXPECT_EQ(c.version("NP"), 8);
  EXPECT_EQ(c.wears("NP"), "Festival 1");
  EXPECT_EQ(c.version("DE"), 4);
  EXPECT_EQ(c.wears("DE"), "default");
  c.run(2);
  EXPECT_EQ(c.version("NP"), 8);
}

TEST(Wardrobe, NeverGivesAVersionTwiceAlsoWhereThePlatformLostItsRow) {
  Calendar c;
  c.festival(1, 0, 9);
  c.run(1);
  c.change(1, "name", "Tihar");
  c.run(2);
  c.sql("DELETE FROM themes WHERE country = 'NP'");
  c.run(3);
  EXPECT_EQ(c.version("NP"), 3);
  c.sql("UPDATE themes SET version = 1 WHERE country = 'NP'");
  c.run(4);
  EXPECT_EQ(c.version("NP"), 4);
  EXPECT_EQ(c.document("NP", 1).at("festival").at("name"), "Festival 1");
}

TEST(Wardrobe, SetsAsideOncePerVersionWhatCannotBeShown) {
  Calendar c;
  c.festival(1, 0, 9);
  c.change(1, "theme",
           R"({"name": "tihar", "colors": {"primary": "red;} *{", "accent": "#ffb703"}})");
  const Outcome first = c.run(1);
  const auto* partial = std::get_if<Partial>(&first);
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(counted(first, "dropped"), 1);
  EXPECT_EQ(partial->total, 1);
  ASSERT_EQ(partial->set_aside.size(), 1U);
  EXPECT_EQ(partial->set_aside[0].record, "festival 1 (Festival 1)");
  EXPECT_NE(partial->set_aside[0].why.message().find("colors.primary"), std::string::npos)
      << partial->set_aside[0].why.message();
  EXPECT_FALSE(c.document("NP").at("colors").as_object().contains("primary"));
  EXPECT_EQ(c.document("NP").at("colors").at("accent"), "#ffb703");
  EXPECT_TRUE(is_done(c.run(2)));
}

TEST(Wardrobe, TellsWhatIsWrongWithAFestivalOfAllOnceAndNotForEachCountry) {
  Calendar c;
  c.festival(1, 0, 9, "GLOBAL", 9);
  c.change(1, "bonuses", R"({"giftMultiplier": 9})");
  c.festival(2, 0, 9, "NP");
  c.festival(3, 0, 9, "AU");
  EXPECT_EQ(counted(c.run(1), "dropped"), 1);
  EXPECT_EQ(c.bonus("NP", "giftMultiplier"), 2);
}

TEST(Wardrobe, SetsAsideNothingThatADatabaseWouldNotTake) {
  Calendar c;
  c.festival(1, 0, 9);
  c.change(1, "theme", R"({"a\u0000b": 1, "colors": {"primary": "\u0007\u0000"}})");
  const Outcome outcome = c.run(1);
  const auto* partial = std::get_if<Partial>(&outcome);
  ASSERT_NE(partial, nullptr);
  EXPECT_GE(partial->set_aside.size(), 2U);
  for (const SetAside& aside : partial->set_aside)
    for (const unsigned char character : aside.why.message()) EXPECT_GE(character, 0x20);
}

TEST(Wardrobe, ShowsImagesOfTheHostsThatTheSettingsName) {
  Calendar c;
  c.festival(1, 0, 9);
  c.change(1, "theme", R"({"images": {"overlay": "https://cdn.example/kites.svg"}})");
  EXPECT_EQ(counted(c.run(1), "dropped"), 1);
  c.settings.hosts = {"cdn.example"};
  EXPECT_EQ(counted(c.run(2), "dropped"), 0);
  EXPECT_EQ(c.document("NP").at("images").at("overlay"), "https://cdn.example/kites.svg");
  EXPECT_EQ(c.version("NP"), 2);
}

}  // namespace
}  // namespace hotclock::festival_activation
