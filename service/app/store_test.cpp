#include "service/app/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hotclock::app {
namespace {

struct Store : testing::Test {
  Store() { std::filesystem::create_directory(room); }
  ~Store() override { std::filesystem::remove_all(room); }

  config::Config at(const std::string& url) {
    config::Config settings;
    settings.database.url = url;
    return settings;
  }
  std::string failure(const std::string& url) {
    const auto opened = open_store(at(url));
    return opened ? "it was opened" : opened.error().message();
  }

  const std::filesystem::path room =
      std::filesystem::temp_directory_path() / ("hotclock-store-" + std::to_string(getpid()));
  const std::string platform = "sqlite:" + (room / "platform.db").string();
};

TEST_F(Store, OpensWhatAFileNames) {
  ASSERT_TRUE(make_store(at(platform), from_millis(0)));
  std::ofstream(room / "url") << platform << "\n";
  const auto opened = open_store(at("file:" + (room / "url").string()));
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE((*opened)->where().find("platform.db") != std::string::npos);
}

TEST_F(Store, SaysThatTheFileIsNotThere) {
  const std::string file = (room / "nothing").string();
  EXPECT_EQ(failure("file:" + file), "database.url: file:" + file + ": No such file or directory");
}

TEST_F(Store, NeverRepeatsWhatTheFileHolds) {
  std::ofstream(room / "url") << "mysql://ops:hunter2@db/platform";
  const std::string said = failure("file:" + (room / "url").string());
  EXPECT_EQ(said.find("hunter2"), std::string::npos) << said;
}

TEST_F(Store, SaysWhichCommandMakesADatabase) {
  EXPECT_NE(failure(platform).find("`hotclock migrate` makes one"), std::string::npos);
  std::ofstream(room / "url") << platform;
  EXPECT_NE(failure("file:" + (room / "url").string()).find("`hotclock migrate` makes one"),
            std::string::npos);
}

}  // namespace
}  // namespace hotclock::app
