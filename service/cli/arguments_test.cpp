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
  const auto read =
      read_arguments({"serve", "--demo", "--demo", "--port", "8081", "--ui-dir", "x"});
  ASSERT_TRUE(read) << read.error().message();
  const auto& serve = std::get<ServeArgs>(std::get<Invocation>(*read).command);
  EXPECT_TRUE(serve.demo);
  EXPECT_EQ(serve.port, 8081);
  EXPECT_EQ(serve.ui_dir, "x");
}

TEST(Arguments, OfFestivalsAreAnActOrTheFiltersOfTheList) {
  const auto listed = read_arguments({"festivals", "--country", "NP", "--running"});
  ASSERT_TRUE(listed) << listed.error().message();
  const auto& list = std::get<FestivalsArgs>(std::get<Invocation>(*listed).command);
  EXPECT_EQ(list.country, "NP");
  EXPECT_TRUE(list.running);
  const auto named = read_arguments({"festivals", "list", "--over"});
  ASSERT_TRUE(named) << named.error().message();
  EXPECT_TRUE(std::get<FestivalsArgs>(std::get<Invocation>(*named).command).over);
  const auto ended = read_arguments({"festivals", "end", "3", "--reason", "a mistake", "--json"});
  ASSERT_TRUE(ended) << ended.error().message();
  EXPECT_EQ(std::get<FestivalEndArgs>(std::get<Invocation>(*ended).command).id, 3);
  EXPECT_TRUE(std::get<Invocation>(*ended).common.json);
}

TEST(Arguments, OfFestivalsSayWhatIsWrong) {
  EXPECT_EQ(refusal({"festivals", "actvate", "3"}),
            "there is no 'festivals actvate'; did you mean 'activate'? (hotclock festivals --help lists them)");
  EXPECT_EQ(refusal({"festivals", "end", "3"}), "--reason is required");
  EXPECT_EQ(refusal({"festivals", "end", "--reason", "x"}), "FESTIVAL is required");
  EXPECT_EQ(refusal({"festivals", "show", "3", "--country", "NP"}),
            "--country stands behind `festivals list`, not here");
  EXPECT_EQ(refusal({"festivals", "show", "3", "--cuntry", "NP"}),
            "there is no option '--cuntry' here; did you mean '--country'?");
  EXPECT_NE(refusal({"festivals", "--running", "--over"}), "");
  EXPECT_NE(refusal({"festivals", "show", "three"}), "");
}

}  // namespace
}  // namespace hotclock::cli
