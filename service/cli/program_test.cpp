#include "service/cli/program.h"

#include <gtest/gtest.h>

#include "service/cli/console.h"

namespace hotclock::cli {
namespace {

int run(std::vector<std::string> words, jobs::Catalogue catalogue) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return run_program(static_cast<int>(argv.size()), argv.data(), std::move(catalogue));
}

TEST(Program, RefusesTwoJobsOfOneName) {
  jobs::Catalogue catalogue = jobs::catalogue();
  catalogue.push_back(catalogue.front());
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"hotclock", "version"}, std::move(catalogue)), exit_usage);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "hotclock: two jobs are called 'og-daily-bonus'\n");
}

TEST(Program, KnowsTheJobsItIsGivenAndNoOthers) {
  jobs::Catalogue catalogue = jobs::catalogue();
  catalogue.erase(catalogue.begin() + 1, catalogue.end());
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  EXPECT_EQ(run({"hotclock", "next", "og-daily-bonus", "-n", "1"}, catalogue), exit_done);
  EXPECT_EQ(run({"hotclock", "next", "throne-expiry", "-n", "1"}, catalogue), exit_not_found);
  testing::internal::GetCapturedStdout();
  EXPECT_NE(testing::internal::GetCapturedStderr().find("the jobs are og-daily-bonus\n"),
            std::string::npos);
}

}  // namespace
}  // namespace hotclock::cli
