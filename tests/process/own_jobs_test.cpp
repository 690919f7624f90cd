// Jobs that settings alone define, from outside.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>

#include "tests/process/program.h"

namespace hotclock {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class OwnJobs : public testing::Test {
 protected:
  OwnJobs() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-own-jobs-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    environment_["HOTCLOCK_DATABASE_URL"] = "sqlite:" + file();
    environment_["HOTCLOCK_REALTIME__ENABLED"] = "false";
    EXPECT_EQ(hotclock({"migrate"}).code, 0);
  }
  ~OwnJobs() override { fs::remove_all(directory_); }

  std::string file() const { return directory_ + "/platform.db"; }
  void writes(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(directory_ + "/" + name).parent_path());
    std::ofstream(directory_ + "/" + name) << text;
  }
  Ended hotclock(const std::vector<std::string>& words) {
    return Program(words, environment_, directory_).wait();
  }
  json::object ran(const std::string& job) {
    const Ended run = hotclock({"run", job, "--json"});
    EXPECT_FALSE(run.out.empty()) << run.err;
    return json::parse(run.out).as_object();
  }
  // The first number a query gives; 0 where it gives none.
  std::int64_t number(const std::string& query) {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open_v2(file().c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_busy_timeout(database, 10'000);
    EXPECT_EQ(sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    const std::int64_t found =
        sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return found;
  }
  std::int64_t slots_of(const std::string& job) {
    return number(
        "SELECT count(*) FROM slots AS s JOIN jobs AS j ON j.id = s.job_id WHERE j.name = '" + job +
        "'");
  }

  // A command of three processes that heed no SIGTERM, one of them in a session of its own.
  void a_deaf_family(const std::string& more) {
    writes("hotclock.toml", "[commands]\nallow = [\"/bin/sh\"]\n");
    const std::string pids = directory_ + "/pids";
    writes("jobs.d/deaf.toml",
           more +
               "kind = \"command\"\nschedule = \"5 0 1 1 *\"\n[settings]\ngrace = \"500 ms\"\nargv "
               "= [\"/bin/sh\", \"-c\", '''\n"
               "trap \"\" TERM HUP; echo $$ >> " +
               pids + "; (setsid sh -c \"echo \\$\\$ >> " + pids +
               "; while :; do sleep 1000; done\" &); sh -c \"echo \\$\\$ >> " + pids +
               "; while :; do sleep 1000; done\" & while :; do sleep 1000; done''']\n");
  }
  std::vector<pid_t> family() const {
    std::ifstream file(directory_ + "/pids");
    std::vector<pid_t> all;
    for (pid_t pid; file >> pid;) all.push_back(pid);
    return all;
  }
  bool any_lives() const {
    return std::ranges::any_of(family(), [](pid_t pid) {
      std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
      std::string number, name, state;
      status >> number >> name >> state;
      return !state.empty() && state != "Z" && state != "X";
    });
  }

  std::string directory_;
  std::map<std::string, std::string> environment_;
};

TEST_F(OwnJobs, OfTheDocumentationWork) {
  fs::copy(fs::path(HOTCLOCK_DOCUMENTS) / "own-jobs", directory_, fs::copy_options::recursive);
  ASSERT_EQ(hotclock({"config", "check"}).code, 0);
  number(
      "INSERT INTO thrones (id, stream_id, user_id, username, total_coins, claimed_at, expires_at, "
      "is_active)"
      " VALUES (1, 1, 1, 'asha', 1, 0, 1000, 0), (2, 1, 1, 'asha', 1, 0, 1000, 1)");
  EXPECT_EQ(hotclock({"run", "forget-fallen-thrones"}).code, 0);
  EXPECT_EQ(number("SELECT count(*) FROM thrones"), 1);
  EXPECT_EQ(hotclock({"run", "disk-report"}).code, 0);
  const std::string shown = hotclock({"show", "2"}).out;
  EXPECT_NE(shown.find("\nlog\n  Use% Mounted on\n"), std::string::npos) << shown;
  const Ended dry = hotclock({"run", "tell-the-billing", "--dry-run"});
  EXPECT_NE((dry.out + dry.err).find("env:BILLING_SECRET: it is not set"), std::string::npos)
      << dry.out << dry.err;
}

TEST_F(OwnJobs, AreKnownWhereverTheOthersAre) {
  writes("hotclock.toml", "");
  writes("jobs.d/tidy.toml",
         "kind = \"sql\"\nschedule = \"5 4 * * *\"\n[settings]\nstatements = [\"DELETE FROM "
         "memos\"]\n");
  EXPECT_NE(hotclock({"jobs"}).out.find("tidy"), std::string::npos);
  EXPECT_NE(hotclock({"next", "tidy"}).out.find("04:05"), std::string::npos);
  EXPECT_NE(hotclock({"run", "tidi"}).err.find("did you mean 'tidy'?"), std::string::npos);
  EXPECT_EQ(hotclock({"run", "tidy"}).code, 0);
  EXPECT_EQ(hotclock({"pause", "tidy", "--reason", "no"}).code, 0);
}

TEST_F(OwnJobs, StopTheirStartWhereAStatementDoesNotFit) {
  writes("hotclock.toml", "");
  writes("jobs.d/tidy.toml",
         "kind = \"sql\"\nschedule = \"5 4 * * *\"\n[settings]\nstatements = [\"DELETE FROM "
         "memo\"]\n");
  const Ended start = hotclock({"serve"});
  EXPECT_NE(start.code, 0);
  EXPECT_NE(start.err.find("jobs.d/tidy.toml:4:14: jobs.tidy.settings.statements: statement 1"),
            std::string::npos)
      << start.err;
}

TEST_F(OwnJobs, LeaveNoProcessAfterTheirTimeIsUp) {
  a_deaf_family("max_execution = \"2 s\"\n");
  const Ended run = hotclock({"run", "deaf"});
  EXPECT_NE(run.code, 0);
  EXPECT_EQ(family().size(), 3u);
  EXPECT_FALSE(any_lives());
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE ended = 'timed_out'"), 1);
  const std::string shown = hotclock({"show", "1"}).out;
  EXPECT_NE(shown.find("killed by SIGKILL"), std::string::npos) << shown;
}

TEST_F(OwnJobs, LeaveNoProcessAfterTheirNodeIsKilledAndWaitForAPerson) {
  a_deaf_family("");
  {
    Program node({"run", "deaf"}, environment_, directory_);
    ASSERT_TRUE(comes_true([&] { return family().size() == 3; }));
    node.signal(SIGKILL);
    node.wait();
  }
  EXPECT_TRUE(comes_true([&] { return !any_lives(); }));
  Program server({"serve"}, environment_, directory_);
  EXPECT_TRUE(comes_true(
      [&] { return number("SELECT count(*) FROM queue WHERE phase = 'unknown'") == 1; }));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
  EXPECT_EQ(family().size(), 3u);
}

TEST_F(OwnJobs, AreFollowedAsTheySpeak) {
  writes("hotclock.toml", "[commands]\nallow = [\"/usr/bin/tail\"]\n");
  writes("said", "the first line\npassword=hunter2\n");
  writes("jobs.d/speaks.toml",
         "kind = \"command\"\nschedule = \"5 0 1 1 *\"\nmax_execution = \"20 s\"\n[retries]\ncount "
         "= 0\n[settings]\n"
         "grace = \"0 s\"\nargv = [\"/usr/bin/tail\", \"-n\", \"+1\", \"-f\", \"" +
             directory_ + "/said\"]\n");
  Program server({"serve"}, environment_, directory_);
  ASSERT_TRUE(comes_true([&] { return server.log().find("serving") != std::string::npos; }));
  ASSERT_EQ(hotclock({"run", "speaks", "--no-wait"}).code, 0);
  const std::string slot =
      std::to_string(number("SELECT max(s.id) FROM slots AS s JOIN jobs AS j ON j.id = s.job_id "
                            "WHERE j.name = 'speaks'"));
  Program follower({"show", slot, "--follow"}, environment_, directory_);
  const auto says = [&](const std::string& line) {
    return comes_true([&] { return follower.said().find(line) != std::string::npos; });
  };
  EXPECT_TRUE(says("the first line\npassword=***\n")) << follower.log();
  std::ofstream(directory_ + "/said", std::ios::app) << "the second \x1b[2J\nnot ended";
  EXPECT_TRUE(says("the second \\x1b[2J\n"));
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE slot_id = " + slot), 0)
      << "it runs all the while";
  EXPECT_EQ(hotclock({"cancel", slot, "--reason", "heard enough"}).code, 0);
  const Ended over = follower.wait();
  EXPECT_EQ(over.code, 0) << over.err;
  const auto count = [&](std::string_view words) {
    int found = 0;
    for (auto at = over.out.find(words); at != over.out.npos; at = over.out.find(words, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count("the first line"), 1) << over.out;
  EXPECT_EQ(count("not ended\n"), 1) << over.out;
  EXPECT_GT(count("cancelled"), 0) << over.out;
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
}

TEST_F(OwnJobs, ComeAndGoWithAReload) {
  const auto beat = [](const std::string& memo) {
    return "kind = \"sql\"\nschedule = \"* * * * * *\"\n[settings]\nstatements = [\"INSERT INTO "
           "memos VALUES ('" +
           memo + "', '1') ON CONFLICT (job) DO UPDATE SET memo = memos.memo || '1'\"]\n";
  };
  writes("hotclock.toml", "");
  writes("jobs.d/stays.toml", beat("stays"));
  writes("jobs.d/goes.toml", beat("goes"));
  Program server({"serve"}, environment_, directory_);
  ASSERT_TRUE(comes_true([&] { return slots_of("stays") > 0 && slots_of("goes") > 0; }))
      << server.log();
  fs::remove(directory_ + "/jobs.d/goes.toml");
  writes("jobs.d/comes.toml", beat("comes"));
  server.signal(SIGHUP);
  ASSERT_TRUE(comes_true([&] { return slots_of("comes") > 1; })) << server.log();
  const auto gone = slots_of("goes"), stayed = slots_of("stays");
  ASSERT_TRUE(comes_true([&] { return slots_of("stays") >= stayed + 3; }));
  EXPECT_EQ(slots_of("goes"), gone);
  // One mistake, and nothing of it counts.
  fs::remove(directory_ + "/jobs.d/comes.toml");
  writes("jobs.d/broken.toml",
         "kind = \"sql\"\nschedule = \"* * * * * *\"\n[settings]\nstatements = [\"DELETE FROM "
         "nothing\"]\n");
  server.signal(SIGHUP);
  ASSERT_TRUE(comes_true([&] {
    return server.log().find("nothing was changed") != std::string::npos;
  })) << server.log();
  const auto came = slots_of("comes");
  EXPECT_TRUE(comes_true([&] { return slots_of("comes") > came + 1; }));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
}

}  // namespace
}  // namespace hotclock
