#include "service/command/command.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace hotclock::command {
namespace {

std::string said_by(const std::string& script, const std::string& input) {
  ExecutionLog log;
  const auto end = run_command({.argv = {"/bin/sh", "-c", script},
                                .environment = {"PATH=/usr/bin:/bin"},
                                .directory = "/",
                                .limits = {},
                                .input = input},
                               {.stop = {}, .grace = Duration::zero()}, log);
  EXPECT_TRUE(end) << (end ? "" : end.error().message());
  EXPECT_TRUE(end && WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0);
  return log.text().text;
}

TEST(Command, ReadsWhatItIsGiven) { EXPECT_EQ(said_by("cat", "{\"a\":1}\n"), "{\"a\":1}\n"); }

TEST(Command, ReadsNothingWhereItIsGivenNothing) {
  EXPECT_EQ(said_by("cat; echo end", ""), "end\n");
}

TEST(Command, IsGivenMoreThanAnyPipeHolds) {
  EXPECT_EQ(said_by("wc -c", std::string(3 << 20, 'x')), std::to_string(3 << 20) + "\n");
}

TEST(Command, NeedNotReadWhatItIsGiven) {
  EXPECT_EQ(said_by("echo done", std::string(3 << 20, 'x')), "done\n");
}

TEST(Command, SeesNoOtherFileOfOurs) {
  EXPECT_EQ(said_by("ls /proc/self/fd | tr '\\n' ' '", "x"), "0 1 2 3 ");  // 3 is ls's own
}

}  // namespace
}  // namespace hotclock::command
