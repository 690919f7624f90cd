#include "service/app/theme_rules.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "service/app/settings.h"

namespace hotclock::app {
namespace {

namespace fs = std::filesystem;

TEST(ThemeRules, AllowNoOtherHostUnlessTheSettingsNameIt) {
  EXPECT_EQ(theme_rules(*read_settings({})).hosts, std::vector<std::string>());
  const fs::path directory =
      fs::temp_directory_path() / ("hotclock-rules-" + std::to_string(getpid()));
  fs::create_directories(directory / "jobs.d");
  std::ofstream(directory / "hotclock.toml") << "";
  std::ofstream(directory / "jobs.d" / "festival-activation.toml")
      << "[settings]\nhosts = [\"cdn.example\"]\n";
  const auto settings = read_settings({.config_file = (directory / "hotclock.toml").string()});
  fs::remove_all(directory);
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(theme_rules(*settings).hosts, std::vector<std::string>{"cdn.example"});
}

}  // namespace
}  // namespace hotclock::app
