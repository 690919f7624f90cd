#include "service/app/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "service/jobs/catalogue.h"

namespace hotclock::app {
namespace {

// docs/ is the reference: everything it says is the default, and nothing is left out.
TEST(Settings, AreDocumentedKeyByKeyAndAsTheyAre) {
  const auto docs = std::filesystem::path(HOTCLOCK_SOURCE_DIR) / "docs" / "hotclock.toml";
  const auto documented = config::load(docs, {}, jobs::defaults());
  const auto built_in = config::load(std::nullopt, {}, jobs::defaults());
  ASSERT_TRUE(documented) << documented.error().message();
  ASSERT_TRUE(built_in) << built_in.error().message();
  for (const config::Shown& known : built_in->shown) {
    const auto said = std::ranges::find(documented->shown, known.key, &config::Shown::key);
    ASSERT_NE(said, documented->shown.end()) << known.key;
    EXPECT_NE(said->origin, "default") << known.key << " is not documented";
    EXPECT_EQ(said->value, known.value) << known.key;
  }
}

TEST(Settings, AreTakenFromTheCommandLineBeforeAllElse) {
  const auto settings =
      read_settings({.config_file = "",
                     .database_url = "sqlite:typed.db",
                     .environment = {{"HOTCLOCK_DATABASE_URL", "sqlite:env.db"}}});
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->database.url, "sqlite:typed.db");
  const auto untyped = read_settings({.environment = {{"HOTCLOCK_DATABASE_URL", "sqlite:env.db"}}});
  ASSERT_TRUE(untyped) << untyped.error().message();
  EXPECT_EQ(untyped->database.url, "sqlite:env.db");
}

TEST(Settings, NameTheNearestJob) {
  const auto settings = read_settings({});
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ((*find_job(*settings, "trust-score"))->name, "trust-score");
  const auto none = find_job(*settings, "trust-scor");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message(), "there is no job 'trust-scor'; did you mean 'trust-score'?");
}

}  // namespace
}  // namespace hotclock::app
