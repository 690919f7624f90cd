#include "service/config/themes.h"

#include <gtest/gtest.h>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

Result<Config> read_themes_text(const std::string& lines) {
  return read({File{"hotclock.toml", "[themes]\n" + lines}, {}}, {}, {});
}

// The first line of what is said about one line of [themes].
std::string refusal_of(const std::string& line) {
  const auto config = read_themes_text(line);
  const std::string all = config ? "accepted" : config.error().message();
  return all.substr(0, all.find('\n'));
}

TEST(ThemesSettings, LetUsersPreloadForADayWithoutAnySetting) {
  const auto config = read({}, {}, {});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_TRUE(config->themes.enabled);
  EXPECT_EQ(config->themes.editor_role, "festival-editor");
  EXPECT_EQ(config->themes.roles_claim, "roles");
  EXPECT_EQ(config->themes.preload, Preload::users);
  EXPECT_EQ(config->themes.preload_ahead, 24h);
}

TEST(ThemesSettings, AreReadFromTheFile) {
  const auto config = read_themes_text(R"(enabled = false
editor_role = "calendar"
roles_claim = "https://live.example/roles"
preload = "everyone"
preload_ahead = "90 min"
)");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_FALSE(config->themes.enabled);
  EXPECT_EQ(config->themes.editor_role, "calendar");
  EXPECT_EQ(config->themes.roles_claim, "https://live.example/roles");
  EXPECT_EQ(config->themes.preload, Preload::everyone);
  EXPECT_EQ(config->themes.preload_ahead, 90min);
  EXPECT_EQ(read_themes_text("preload = \"editors\"")->themes.preload, Preload::editors);
}

TEST(ThemesSettings, SayWhereTheyAreWrong) {
  EXPECT_EQ(refusal_of("editor_role = \"\""),
            "hotclock.toml:2:15: themes.editor_role: this is no role; write 1 to 100 characters, "
            "such as \"festival-editor\"");
  EXPECT_NE(refusal_of("editor_role = \"" + std::string(101, 'r') + "\"").find("this is no role"),
            std::string::npos);
  EXPECT_NE(refusal_of("roles_claim = \"\"").find("themes.roles_claim: it names no claim"),
            std::string::npos);
  EXPECT_NE(refusal_of("preload = \"editor\"").find("editors"), std::string::npos);
  EXPECT_NE(refusal_of("preload_ahead = \"31 d\"").find("themes.preload_ahead"), std::string::npos);
  EXPECT_NE(refusal_of("editors = \"x\"").find("themes.editors"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::config
