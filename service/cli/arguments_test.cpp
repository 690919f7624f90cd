#include "service/cli/arguments.h"

#include <gtest/gtest.h>

namespace hotclock::cli {
namespace {

std::string refusal(const std::vector<std::string>& words) {
  const auto read = read_arguments(words);
  return read ? "" : read.error().message();
}

TEST(Arguments, NameTheNearestCommandAndOption) {
  EXPECT_EQ(refusal({"srve"}),
            "there is no command 'srve'; did you mean 'serve'? (hotclock --help lists them)");
  EXPECT_EQ(refusal({"serve", "--prot", "8081"}),
            "there is no option '--prot' here; did you mean '--port'?");
  EXPECT_EQ(refusal({"serve", "--prot=8081"}),
            "there is no option '--prot' here; did you mean '--port'?");
  EXPECT_EQ(refusal({"serve", "--databse", "x"}),
            "there is no option '--databse' here; did you mean '--database'?");
  EXPECT_EQ(refusal({"serve", "--xyz"}), "there is no option '--xyz' here");
  EXPECT_EQ(refusal({"serve", "8081"}), "The following argument was not expected: 8081");
}

TEST(Arguments, OfServeArePortAndDemo) {
  const auto read = read_arguments({"serve", "--demo", "--demo", "--port", "8081"});
  ASSERT_TRUE(read) << read.error().message();
  const auto& serve = std::get<ServeArgs>(std::get<Invocation>(*read).command);
  EXPECT_TRUE(serve.demo);
  EXPECT_EQ(serve.port, 8081);
}

}  // namespace
}  // namespace hotclock::cli
