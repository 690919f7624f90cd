#include "service/app/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "service/config/difference.h"
#include "service/jobs/catalogue.h"

namespace hotclock::app {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

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

// The examples of docs/jobs.md: each says all that its kind can be told, and stands there as it is.
TEST(Settings, OfJobsOfOnesOwnAreDocumentedByExamplesThatWork) {
  const auto docs = std::filesystem::path(HOTCLOCK_SOURCE_DIR) / "docs";
  const auto listed = jobs::defaults();
  const config::Jobs known(listed, jobs::kinds());
  const auto examples = config::load(docs / "own-jobs" / "hotclock.toml", {}, known);
  ASSERT_TRUE(examples) << examples.error().message();
  std::set<std::string> kinds;
  for (const config::JobConfig& job : examples->jobs)
    if (!job.kind.empty()) kinds.insert(job.kind);
  EXPECT_EQ(kinds, (std::set<std::string>{"command", "http", "sql"}));
  const auto is_own = [](const config::Shown& shown) {
    const std::string job = "jobs." + config::job_of(shown.key);
    return shown.key == job + ".kind" || shown.key == job + ".repeatable";
  };
  for (const config::Shown& shown : examples->shown) {
    const auto own = find_job(*examples, config::job_of(shown.key));
    if (!own || (*own)->kind.empty()) continue;
    if (shown.key.find(".settings.") == std::string::npos && !is_own(shown)) continue;
    EXPECT_NE(shown.origin, "default") << shown.key << " is not documented";
  }
  const std::string page = text_of(docs / "jobs.md");
  for (const auto& example : std::filesystem::directory_iterator(docs / "own-jobs" / "jobs.d"))
    EXPECT_NE(page.find(text_of(example.path())), std::string::npos) << example.path();
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
