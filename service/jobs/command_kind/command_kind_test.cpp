#include "service/jobs/command_kind/command_kind.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace hotclock::command_kind {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

const config::CommandsConfig allowed{
    {"/bin/sh", "/usr/bin/printf", "/usr/bin/env", "/usr/bin/yes", "/nowhere/tool", "/etc/passwd"}};

Result<Settings> read(const std::string& toml, config::Environment environment = {}) {
  return read_settings(config::Section::parse(toml, "jobs.d/tool.toml", std::move(environment)),
                       allowed);
}

std::string refusal(const std::string& toml) {
  const auto settings = read(toml);
  return settings ? "accepted" : settings.error().message();
}

bool until(const std::function<bool()>& holds, Duration patience = 20s) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!holds() && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  return holds();
}

class CommandKind : public testing::Test {
 protected:
  CommandKind() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-command-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    execution_.permit = permit_;
  }
  ~CommandKind() override { fs::remove_all(directory_); }

  Outcome run(const std::string& toml, config::Environment environment = {}) {
    auto settings = read(toml, std::move(environment));
    EXPECT_TRUE(settings) << (settings ? "" : settings.error().message());
    return CommandJob(std::move(settings).value()).run(execution_);
  }
  // A script for /bin/sh, and more settings.
  Outcome sh(const std::string& script, const std::string& more = "") {
    return run(more + "argv = [\"/bin/sh\", \"-c\", '''" + script + "''']\n");
  }
  std::string said() { return execution_.log().text().text; }
  // Of the file that processes write their ids to.
  std::vector<pid_t> pids() const {
    std::ifstream file(directory_ / "pids");
    std::vector<pid_t> all;
    for (pid_t pid; file >> pid;) all.push_back(pid);
    return all;
  }
  // One that is dead and not reaped is gone too.
  static bool lives(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/stat", pid));
    std::string number, name, state;
    status >> number >> name >> state;
    return !state.empty() && state != "Z" && state != "X";
  }
  bool any_lives() const { return std::ranges::any_of(pids(), lives); }
  std::string pids_file() const { return (directory_ / "pids").string(); }
  // Three processes that heed no SIGTERM, one of them in a session of its own and nobody's child.
  std::string deaf_family() const {
    return fmt::format(
        "trap \"\" TERM HUP; echo $$ >> {0};"
        "(setsid sh -c \"echo \\$\\$ >> {0}; while :; do sleep 1000; done\" &);"
        "sh -c \"echo \\$\\$ >> {0}; while :; do sleep 1000; done\" & while :; do sleep 1000; done",
        pids_file());
  }

  fs::path directory_;
  std::shared_ptr<Permit> permit_ =
      std::make_shared<Permit>(Slot{"tool", noon}, 1, Uuid(), 1, 2, Steady::max());
  Execution execution_;
};

std::string why(const Outcome& outcome) {
  const auto* failed = std::get_if<Failed>(&outcome);
  return failed ? failed->why.message() : "did not fail";
}
bool is_final(const Outcome& outcome) { return std::get<Failed>(outcome).final; }
bool is_done(const Outcome& outcome) { return std::holds_alternative<Done>(outcome); }

// ---------------------------------------------------------------- what is run

TEST_F(CommandKind, RunsAProgramAndKeepsWhatItSays) {
  EXPECT_TRUE(is_done(sh("echo out; echo err >&2; printf half")));
  EXPECT_TRUE(said().starts_with("out\nerr\nhalf\n[exit 0; ")) << said();
}

TEST_F(CommandKind, HandsArgumentsOnAsTheyAre) {
  run("argv = ['/usr/bin/printf', '<%s>\\n', '$(id)', '`id`', '; id', 'a b', '*', '$HOME', '''it's "
      "\"so\"''', '']\n");
  EXPECT_TRUE(
      said().starts_with("<$(id)>\n<`id`>\n<; id>\n<a b>\n<*>\n<$HOME>\n<it's \"so\">\n<>\n"))
      << said();
}

TEST_F(CommandKind, GivesItAnEnvironmentOfItsOwn) {
  setenv("HOTCLOCK_SECRET_OF_THE_NODE", "x", 1);
  run("argv = ['/usr/bin/env']\nenvironment = { COLOUR = 'red', LANG = 'C', EMPTY = '' }\n");
  unsetenv("HOTCLOCK_SECRET_OF_THE_NODE");
  EXPECT_TRUE(
      said().starts_with("PATH=/usr/local/bin:/usr/bin:/bin\nHOTCLOCK_JOB=tool\n"
                         "HOTCLOCK_SCHEDULED_FOR=2026-11-25T12:00:00Z\n"
                         "HOTCLOCK_EXECUTION=00000000-0000-0000-0000-000000000000\n"
                         "HOTCLOCK_ATTEMPT=2\nCOLOUR=red\nLANG=C\nEMPTY=\n[exit 0"))
      << said();
}

TEST_F(CommandKind, HidesSecretsInWhatItSays) {
  const Outcome outcome =
      run("argv = [\"/bin/sh\", \"-c\", '''echo \"key $KEY\"; echo \"bad key $KEY\" >&2; exit "
          "3''']\nenvironment = { KEY = 'env:API_KEY' }\n",
          {{"API_KEY", "open-sesame-42"}});
  EXPECT_EQ(why(outcome), "exit 3: bad key ***");
  EXPECT_EQ(said().find("sesame"), std::string::npos) << said();
}

TEST_F(CommandKind, IsNotRunWithoutItsSecret) {
  EXPECT_EQ(why(run("argv = ['/usr/bin/env']\nenvironment = { KEY = 'env:API_KEY' }\n")),
            "environment.KEY: env:API_KEY: it is not set");
  EXPECT_EQ(said(), "");
}

TEST_F(CommandKind, LeavesItNothingOfTheNodes) {
  const int open_file = open("/etc/passwd", O_RDONLY);  // without O_CLOEXEC
  ASSERT_GE(open_file, 0);
  signal(SIGPIPE, SIG_IGN);
  EXPECT_TRUE(
      is_done(sh("ls /proc/$$/fd; readlink /proc/$$/fd/0;"
                 "exec grep -E '^(SigBlk|SigIgn|NoNewPrivs)' /proc/self/status")));
  signal(SIGPIPE, SIG_DFL);
  close(open_file);
  EXPECT_TRUE(
      said().starts_with("0\n1\n2\n/dev/null\nSigBlk:\t0000000000000000\n"
                         "SigIgn:\t0000000000000000\nNoNewPrivs:\t1\n"))
      << said();
}

TEST_F(CommandKind, IsTheLeaderOfAGroupOfItsOwn) {
  sh("read pid name state parent group rest < /proc/$$/stat; test $pid = $group && echo leads");
  EXPECT_TRUE(said().starts_with("leads\n")) << said();
}

TEST_F(CommandKind, StandsInItsDirectory) {
  sh("pwd", "directory = '/usr'\n");
  EXPECT_TRUE(said().starts_with("/usr\n")) << said();
  EXPECT_EQ(why(sh("pwd", "directory = '/nowhere'\n")),
            "enter its directory: No such file or directory");
}

TEST_F(CommandKind, DoesNothingInADryRun) {
  execution_.dry_run = true;
  EXPECT_TRUE(is_done(sh("echo $$ >> " + pids_file())));
  EXPECT_TRUE(pids().empty());
}

// ---------------------------------------------------------------- limits

TEST_F(CommandKind, HasItsLimits) {
  sh("ulimit -n; ulimit -v; ulimit -t; ulimit -c",
     "open_files = 77\nmemory = '512 MiB'\ncpu_time = '90 s'\n");
  EXPECT_TRUE(said().starts_with("77\n524288\n90\n0\n")) << said();
}

TEST_F(CommandKind, IsEndedWhenItHasUsedUpItsTime) {
  EXPECT_EQ(why(sh("while :; do :; done", "cpu_time = '1 s'\n")), "killed by SIGXCPU");
}

TEST_F(CommandKind, KeepsTheEndOfWhatItSaysAndHearsAStopMeanwhile) {
  std::jthread stops([&] {
    EXPECT_TRUE(until([&] { return said().size() >= 1024; }));
    permit_->request_stop(StopReason::cancelled);
  });
  const Outcome outcome = run("argv = ['/usr/bin/yes', 'again']\noutput = '1 KiB'\n");
  EXPECT_TRUE(std::holds_alternative<Stopped>(outcome));
  const LogText log = execution_.log().text();
  EXPECT_EQ(log.text.size(), 1024U);
  EXPECT_GT(log.dropped, 0);
  EXPECT_NE(log.text.find("again\n[killed by SIGTERM"), std::string::npos) << log.text;
}

// ---------------------------------------------------------------- how it ends

TEST_F(CommandKind, FailsWithItsCodeAndItsLastLine) {
  const Outcome outcome = sh("echo starting; echo the disk is full >&2; echo; exit 3");
  EXPECT_EQ(why(outcome), "exit 3: the disk is full");
  EXPECT_FALSE(is_final(outcome));
}

TEST_F(CommandKind, IsTriedAgainWhereItAsksForThat) {
  const Outcome outcome = sh("exit 75");
  EXPECT_EQ(why(outcome), "exit 75 (try again later)");
  EXPECT_FALSE(is_final(outcome));
}

TEST_F(CommandKind, IsNotTriedAgainWhereThatCannotHelp) {
  for (const int code : {64, 65, 77, 78, 126, 127})
    EXPECT_TRUE(is_final(sh(fmt::format("exit {}", code)))) << code;
  for (const int code : {1, 2, 63, 66, 75, 100})
    EXPECT_FALSE(is_final(sh(fmt::format("exit {}", code)))) << code;
}

TEST_F(CommandKind, SaysWhichSignalKilledIt) {
  EXPECT_EQ(why(sh("echo going; kill -SEGV $$")), "killed by SIGSEGV: going");
}

TEST_F(CommandKind, SaysWhyItCannotBeRun) {
  const Outcome missing = run("argv = ['/nowhere/tool']\n");
  EXPECT_EQ(why(missing), "run the program: No such file or directory");
  EXPECT_TRUE(is_final(missing));
  EXPECT_EQ(why(run("argv = ['/etc/passwd']\n")), "run the program: Permission denied");
}

// ---------------------------------------------------------------- and all of it

TEST_F(CommandKind, LeavesNoProcessBehindThatOutlivesIt) {
  EXPECT_TRUE(is_done(sh(fmt::format(
      "(setsid sh -c \"echo \\$\\$ >> {0}; sleep 1000\" &); sleep 1000 & echo $! >> {0};"
      "while ! test $(wc -l < {0}) = 2; do :; done",
      pids_file()))));
  ASSERT_EQ(pids().size(), 2U);
  EXPECT_FALSE(any_lives());
  EXPECT_NE(said().find("of its processes were left to themselves]"), std::string::npos) << said();
}

TEST_F(CommandKind, EndsByItselfWhereItIsAskedTo) {
  std::jthread stops([&] {
    EXPECT_TRUE(until([&] { return pids().size() == 1; }));
    permit_->request_stop(StopReason::time_limit);
  });
  const auto began = std::chrono::steady_clock::now();
  const Outcome outcome =
      sh(fmt::format("trap \"echo bye; exit 0\" TERM; echo $$ >> {}; while :; do sleep 0.05; done",
                     pids_file()),
         "grace = '60 s'\n");
  EXPECT_TRUE(std::holds_alternative<Stopped>(outcome));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
  EXPECT_NE(said().find("bye\n[exit 0"), std::string::npos) << said();
}

TEST_F(CommandKind, IsKilledWithItsWholeFamilyAfterTheGrace) {
  std::jthread stops([&] {
    EXPECT_TRUE(until([&] { return pids().size() == 3; }));
    permit_->request_stop(StopReason::time_limit);
  });
  const Outcome outcome = sh(deaf_family(), "grace = '300 ms'\n");
  EXPECT_TRUE(std::holds_alternative<Stopped>(outcome));
  ASSERT_EQ(pids().size(), 3U);
  EXPECT_FALSE(any_lives());
  EXPECT_NE(said().find("[killed by SIGKILL"), std::string::npos) << said();
  EXPECT_NE(said().find("it did not stop in time"), std::string::npos) << said();
}

TEST_F(CommandKind, IsKilledAtOnceWhereItsSlotIsSomebodyElses) {
  std::jthread stops([&] {
    EXPECT_TRUE(until([&] { return pids().size() == 3; }));
    permit_->request_stop(StopReason::lease_lost);
  });
  const auto began = std::chrono::steady_clock::now();
  sh(deaf_family(), "grace = '5 min'\n");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 60s);
  EXPECT_FALSE(any_lives());
}

TEST_F(CommandKind, IsUnclearWhereItsNodeEndsInTheMiddleOfIt) {
  std::jthread stops([&] {
    EXPECT_TRUE(until([&] { return pids().size() == 1; }));
    permit_->request_stop(StopReason::drain);
  });
  EXPECT_TRUE(
      std::holds_alternative<Unclear>(sh(fmt::format("echo $$ >> {}; sleep 1000", pids_file()))));
}

TEST_F(CommandKind, DiesWithItsNodeHoweverThatDies) {
  const pid_t node = fork();
  if (node == 0) {
    sh(deaf_family());
    _exit(0);
  }
  ASSERT_TRUE(until([&] { return pids().size() == 3; }));
  EXPECT_TRUE(any_lives());
  kill(node, SIGKILL);
  waitpid(node, nullptr, 0);
  EXPECT_TRUE(until([&] { return !any_lives(); }));
}

TEST_F(CommandKind, DiesWithItsKeeperAndIsUnclearThen) {
  std::jthread kills([&] {
    EXPECT_TRUE(until([&] { return pids().size() == 2; }));
    kill(pids()[0], SIGKILL);
  });
  const Outcome outcome =
      sh(fmt::format("echo $PPID >> {0}; echo $$ >> {0}; sleep 1000", pids_file()));
  EXPECT_TRUE(std::holds_alternative<Unclear>(outcome));
  EXPECT_TRUE(until([&] { return !any_lives(); }));
}

TEST_F(CommandKind, RunsManyAtOnce) {
  std::vector<std::jthread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      auto settings = read(fmt::format("argv = ['/usr/bin/printf', 'number %s', '{}']\n", i));
      for (int n = 0; n < 10; ++n) {
        Execution execution;
        execution.permit =
            std::make_shared<Permit>(Slot{"tool", noon}, 1, Uuid(), 1, 1, Steady::max());
        const Outcome outcome = CommandJob(*settings).run(execution);
        done += is_done(outcome) &&
                execution.log().text().text.starts_with(fmt::format("number {}\n", i));
      }
    });
  threads.clear();
  EXPECT_EQ(done, 80);
}

// ---------------------------------------------------------------- settings

TEST(CommandSettings, AllowNothingThatIsNotListed) {
  EXPECT_EQ(refusal("argv = ['/bin/sh', '-c', 'id']"), "accepted");
  for (const char* program : {"/bin/bash", "/bin//sh", "/bin/../bin/sh", "/bin/sh ", "/bin/SH"})
    EXPECT_NE(refusal(fmt::format("argv = ['{}']", program)).find("is not allowed to be run"),
              std::string::npos)
        << program;
  const auto nothing = read_settings(config::Section::parse("argv = ['/bin/sh']"), {});
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().message().find("nothing is allowed yet"), std::string::npos);
}

TEST(CommandSettings, TakeAProgramByItsWholePath) {
  for (const char* toml : {"", "argv = []", "argv = ['sh']", "argv = ['./sh']", "argv = ['']"})
    EXPECT_NE(refusal(toml).find("does not begin with a program's whole path"), std::string::npos)
        << toml;
  EXPECT_NE(refusal("argv = [\"/bin/sh\", \"a\\u0000b\"]").find("NUL"), std::string::npos);
}

TEST(CommandSettings, NameVariablesThatAreNone) {
  EXPECT_NE(
      refusal("argv = ['/bin/sh']\nenvironment = { 'A=B' = 'x' }").find("no name of a variable"),
      std::string::npos);
  EXPECT_NE(
      refusal("argv = ['/bin/sh']\nenvironment = { HOTCLOCK_JOB = 'x' }").find("set by Hotclock"),
      std::string::npos);
}

}  // namespace
}  // namespace hotclock::command_kind
