#include "service/app/open_files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace hotclock::app {
namespace {

// The limit as it was comes back with the test.
class OpenFilesTest : public testing::Test {
 protected:
  OpenFilesTest() { EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0); }
  ~OpenFilesTest() override { setrlimit(RLIMIT_NOFILE, &before_); }

  static rlimit now() {
    rlimit out{};
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &out), 0);
    return out;
  }
  void lower_to(rlim_t files) {
    const rlimit lower{files, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &lower), 0);
  }

 private:
  rlimit before_{};
};

TEST_F(OpenFilesTest, AreRaisedToTheMostThatTheProcessMayHave) {
  lower_to(128);
  const auto raised = raise_open_files();
  ASSERT_TRUE(raised) << raised.error().message();
  EXPECT_EQ(now().rlim_cur, now().rlim_max);
  EXPECT_EQ(static_cast<rlim_t>(*raised), now().rlim_max);
  EXPECT_EQ(*raise_open_files(), *raised) << "twice changes nothing";
}

TEST_F(OpenFilesTest, ThatDoNotHoldTheConnectionsAreToldOf) {
  EXPECT_EQ(too_few_open_files(50'256, 50'000), std::nullopt);
  EXPECT_EQ(too_few_open_files(50'255, 50'000),
            "the limit of open files holds 49999 connections, not the 50000 of "
            "realtime.connections: raise it (ulimit -n, LimitNOFILE) to 50256, or lower the "
            "setting");
  EXPECT_NE(too_few_open_files(64, 50'000)->find("holds 0 connections"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::app
