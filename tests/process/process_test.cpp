// The program from outside: killed in the middle of its work, started twice, given wrong words.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/process/program.h"

namespace hotclock {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class OnOneMachine : public ::testing::Test {
 protected:
  OnOneMachine() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-process-XXXXXX").string();
    directory = mkdtemp(pattern.data());
    environment["HOTCLOCK_DATABASE_URL"] = "sqlite:" + file();
    // Small chunks, so that there are many places to be killed at.
    environment["HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK"] = "100";
  }
  ~OnOneMachine() override { fs::remove_all(directory); }

  std::string file() const { return directory + "/platform.db"; }
  Ended hotclock(const std::vector<std::string>& words) {
    return Program(words, environment, directory).wait();
  }
  void a_platform_of(int users) {
    const Ended made = hotclock({"demo", "--users", std::to_string(users), "--history-days", "0"});
    ASSERT_EQ(made.code, 0) << made.err;
  }
  json::value answer(std::vector<std::string> words) {
    words.push_back("--json");
    return json::parse(hotclock(words).out);
  }
  // The first number a query gives, straight from the file.
  std::int64_t number(const std::string& query) {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open_v2(file().c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_busy_timeout(database, 10'000);
    EXPECT_EQ(sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    const std::int64_t found = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return found;
  }
  std::int64_t payments() { return number("SELECT count(*) FROM transactions WHERE type = 'og_bonus'"); }
  std::int64_t running() { return number("SELECT count(*) FROM leases"); }
  std::int64_t attempts() { return number("SELECT count(*) FROM history"); }
  void expect_the_money_adds_up() {
    const Ended doctor = hotclock({"doctor"});
    EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err;
  }

  std::string directory;
  std::map<std::string, std::string> environment;
};

TEST_F(OnOneMachine, KilledAnywhereInTheBonusNobodyIsPaidTwiceOrLeftOut) {
  a_platform_of(3000);
  const std::vector<std::string> run = {"run", "og-daily-bonus"};
  std::int64_t paid = 0;
  for (int kill_number = 1; kill_number <= 6; ++kill_number) {
    Program victim(run, environment, directory);
    const bool went_on = comes_true([&] { return payments() > paid || running() == 0; });
    ASSERT_TRUE(went_on);
    victim.signal(SIGKILL);
    victim.wait();
    paid = payments();
    expect_the_money_adds_up();
  }
  const Ended rest = hotclock(run);
  EXPECT_EQ(rest.code, 0) << rest.out << rest.err;
  const auto entitled = number(
      "SELECT count(DISTINCT u.id) FROM users AS u JOIN og_tiers AS t ON t.tier = u.og_level "
      "JOIN transactions AS x ON x.user_id = u.id AND x.type = 'og_bonus' WHERE u.is_banned = 0");
  EXPECT_EQ(payments(), entitled);
  EXPECT_GT(entitled, 1000);
  expect_the_money_adds_up();
  EXPECT_EQ(hotclock({"run", "og-daily-bonus", "--dry-run"}).out.find("would do: 0 users") !=
                std::string::npos,
            true);
}

TEST_F(OnOneMachine, AServerTakesOverWhatADeadProcessHeldAtOnceAndResumesIt) {
  a_platform_of(3000);
  {
    Program victim({"run", "og-daily-bonus"}, environment, directory);
    ASSERT_TRUE(comes_true([&] { return payments() >= 200; }));
    victim.signal(SIGKILL);
    victim.wait();
  }
  ASSERT_EQ(running(), 1);
  Program server({"serve"}, environment, directory);
  // The lease is thirty minutes; it is not waited for.
  EXPECT_TRUE(comes_true([&] {
    return number("SELECT count(*) FROM slot_states WHERE job = 'og-daily-bonus' "
                  "AND ended = 'completed'") == 1;
  }));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE outcome = 'lost'"), 1);
  EXPECT_EQ(running(), 0);
  expect_the_money_adds_up();
}

TEST_F(OnOneMachine, AKilledServerLeavesNoSlotWithoutAnEnd) {
  a_platform_of(500);
  environment["HOTCLOCK_JOBS__STREAM_RANKING__SCHEDULE"] = "* * * * * *";
  environment["HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE"] = "* * * * * *";
  for (int life = 0; life < 5; ++life) {
    const auto before = attempts();
    Program server({"serve"}, environment, directory);
    ASSERT_TRUE(comes_true([&] { return attempts() > before + 1; }));
    server.signal(SIGKILL);
    server.wait();
  }
  const auto before = attempts();
  Program server({"serve"}, environment, directory);
  ASSERT_TRUE(comes_true([&] { return attempts() > before + 1; }));
  EXPECT_TRUE(comes_true([&] {
    return number("SELECT count(*) FROM slot_states WHERE state <> 'ended' AND scheduled_for < "
                  "(SELECT max(scheduled_for) FROM slots) - 2000") == 0;
  }));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM slots GROUP BY job_id, scheduled_for, slot_key "
                   "HAVING count(*) > 1)"),
            0);
  expect_the_money_adds_up();
}

TEST_F(OnOneMachine, ASecondServerIsRefusedByName) {
  a_platform_of(10);
  Program first({"serve"}, environment, directory);
  ASSERT_TRUE(comes_true([&] { return number("SELECT count(*) FROM jobs") >= 5; }));
  const Ended second = hotclock({"serve"});
  EXPECT_EQ(second.code, 5);
  EXPECT_NE(second.err.find("process " + std::to_string(first.pid())), std::string::npos) << second.err;
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait().code, 0);
}

TEST_F(OnOneMachine, CommandsTakeEffectInARunningServer) {
  a_platform_of(100);
  Program server({"serve"}, environment, directory);
  ASSERT_TRUE(comes_true([&] { return number("SELECT count(*) FROM jobs") >= 5; }));
  EXPECT_EQ(hotclock({"pause", "trust-score", "--reason", "migration"}).code, 0);
  const Ended run = hotclock({"run", "stream-ranking", "--json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  const auto shown = json::parse(run.out);
  EXPECT_EQ(shown.at("slot").at("ended"), "completed");
  EXPECT_EQ(number("SELECT count(*) FROM nodes WHERE stopped_at IS NULL"), 1) << "the server worked it";
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
}

TEST_F(OnOneMachine, ARunningServerReadsItsSettingsAnewWhenItIsTold) {
  a_platform_of(50);
  environment["HOTCLOCK_CONFIG"] = directory + "/hotclock.toml";
  fs::create_directory(directory + "/jobs.d");
  const auto says = [this](const char* name, const char* text) {
    std::ofstream(directory + "/" + name) << text;
  };
  says("hotclock.toml", "[env.live.log]\nlevel = 'info'\n");
  says("jobs.d/stream-ranking.toml", "schedule = '0 0 1 1 *'\n");
  const auto ranked = [this] {
    return number("SELECT count(*) FROM slot_states WHERE job = 'stream-ranking' AND ended = 'completed'");
  };
  Program server({"serve"}, environment, directory);
  ASSERT_TRUE(comes_true([&] { return server.log().find("serving") != std::string::npos; }));
  EXPECT_EQ(ranked(), 0);

  says("jobs.d/stream-ranking.toml", "schedule = '* * * * * *'\n");
  server.signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return ranked() >= 2; })) << server.log();
  EXPECT_TRUE(comes_true([&] {
    return number("SELECT count(*) FROM audit WHERE what = 'config.reload' AND who = 'SIGHUP'") == 1;
  }));

  says("jobs.d/stream-ranking.toml", "schedule = 'sometimes'\n");
  server.signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return server.log().find("nothing was changed") != std::string::npos; }));
  const auto before = ranked();
  EXPECT_TRUE(comes_true([&] { return ranked() > before; })) << "it goes on by what it knew";
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().code, 0);
}

// What a service manager hears of a process, by the datagrams of sd_notify(3).
class Manager {
 public:
  explicit Manager(const std::string& address) : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    address.copy(here.sun_path, sizeof here.sun_path - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here), 0);
  }
  ~Manager() { close(socket_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  bool has_heard(const std::string& what) {
    char text[512];
    for (ssize_t length; (length = recv(socket_, text, sizeof text, MSG_DONTWAIT)) > 0;)
      heard_ += std::string(text, static_cast<std::size_t>(length)) + "\n";
    return heard_.find(what) != std::string::npos;
  }
  void forget() { heard_.clear(); }

 private:
  const int socket_;
  std::string heard_;
};

TEST_F(OnOneMachine, AServiceManagerHearsThatItIsReadyLivesAndStops) {
  a_platform_of(50);
  Manager manager(directory + "/notify");
  environment["NOTIFY_SOCKET"] = directory + "/notify";
  environment["WATCHDOG_USEC"] = "300000";
  Program server({"serve"}, environment, directory);
  EXPECT_TRUE(comes_true([&] { return manager.has_heard("READY=1\nSTATUS=serving sqlite:"); }));
  for (int signs = 0; signs < 3; ++signs) {
    manager.forget();
    EXPECT_TRUE(comes_true([&] { return manager.has_heard("WATCHDOG=1"); }));
  }
  server.signal(SIGTERM);
  EXPECT_TRUE(comes_true([&] { return manager.has_heard("STOPPING=1"); }));
  EXPECT_EQ(server.wait().code, 0);
}

TEST_F(OnOneMachine, AThroneFallsWhenItsTimeIsUpAndNotWithTheNextPoll) {
  a_platform_of(50);
  environment["HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE"] = "0 0 1 1 *";
  Program server({"serve"}, environment, directory);
  ASSERT_TRUE(comes_true([&] { return number("SELECT count(*) FROM jobs") >= 5; }));
  const auto soon = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count() +
                    1500;
  const auto throne = number("UPDATE thrones SET expires_at = " + std::to_string(soon) +
                             " WHERE id = (SELECT max(id) FROM thrones WHERE is_active = 1) RETURNING id");
  ASSERT_GT(throne, 0);
  const std::string id = std::to_string(throne);
  EXPECT_TRUE(comes_true([&] { return number("SELECT is_active FROM thrones WHERE id = " + id) == 0; }));
  EXPECT_EQ(number("SELECT count(*) FROM outbox WHERE event = 'throne:expired' AND payload LIKE "
                   "'%\"throneId\":\"" + id + "\"%'"),
            1);
  EXPECT_EQ(number("SELECT count(*) FROM slots WHERE trigger = 'early' AND scheduled_for = " +
                   std::to_string(soon)),
            1);
}

TEST_F(OnOneMachine, SettingsAreCheckedWithEachProfileTheyHave) {
  environment["HOTCLOCK_CONFIG"] = directory + "/hotclock.toml";
  const auto say = [this](const char* text) { std::ofstream(directory + "/hotclock.toml") << text; };
  say("[env.live.log]\nformat = 'json'\n[env.test.scheduler]\nworkers = 0\n");
  const Ended wrong = hotclock({"config", "check"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("with profile test: " + directory +
                           "/hotclock.toml:4:11: scheduler.workers: 0 is too small"),
            std::string::npos)
      << wrong.err;

  say("[env.live.log]\nformat = 'json'\n");
  EXPECT_EQ(hotclock({"config", "check"}).code, 0);
  environment["HOTCLOCK_PROFILE"] = "live";
  const auto shown = answer({"config", "show", "log.format", "--origin"});
  EXPECT_EQ(shown.at("items"),
            (json::array{{{"key", "log.format"},
                          {"value", "\"json\""},
                          {"origin", directory + "/hotclock.toml:2:10"}}}));
  EXPECT_EQ(hotclock({"config", "show", "log.formt"}).code, 4);
}

TEST_F(OnOneMachine, NextMarksTheSlotsOfABlackout) {
  environment["HOTCLOCK_JOBS__OG_DAILY_BONUS__BLACKOUTS"] = "2026-12-25";
  const auto next = answer({"next", "og-daily-bonus", "--from", "2026-12-24T00:00", "-n", "3"});
  const auto& runs = next.at("runs").as_array();
  EXPECT_EQ(runs.at(1).at("note"), "refused: blackout 2026-12-25");
  EXPECT_EQ(runs.at(1).at("lost"), true);
  EXPECT_EQ(runs.at(0).at("note"), "");
  EXPECT_EQ(runs.at(2).at("note"), "");
}

TEST_F(OnOneMachine, WrongWordsGetOneClearLine) {
  const Ended command = hotclock({"sevre"});
  EXPECT_EQ(command.code, 2);
  EXPECT_NE(command.err.find("did you mean 'serve'?"), std::string::npos) << command.err;
  a_platform_of(10);
  const Ended job = hotclock({"run", "og-dayly-bonus"});
  EXPECT_EQ(job.code, 4);
  EXPECT_NE(job.err.find("did you mean 'og-daily-bonus'?"), std::string::npos) << job.err;
  const Ended cron = hotclock({"next", "0 24 * * *"});
  EXPECT_EQ(cron.code, 2);
  EXPECT_NE(cron.err.find("column 3"), std::string::npos) << cron.err;
}

// What is started meanwhile finds no room for files larger than this.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit little = before_;
    little.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &little);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(OnOneMachine, AFullDiskIsSaidAndWhatItCutShortIsPaidOnceThereIsRoom) {
  a_platform_of(20'000);
  environment["HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK"] = "5000";
  {
    std::unique_ptr<Program> cramped;
    {
      FullDisk disk(1'500'000);
      cramped = std::make_unique<Program>(std::vector<std::string>{"run", "og-daily-bonus"}, environment,
                                          directory);
    }
    EXPECT_TRUE(comes_true([&] { return attempts() == 1; }));
    cramped->signal(SIGTERM);
    const Ended ended = cramped->wait();
    EXPECT_NE(ended.err.find("cannot grow"), std::string::npos) << ended.err;
  }
  expect_the_money_adds_up();
  const Ended roomy = hotclock({"run", "og-daily-bonus"});
  EXPECT_EQ(roomy.code, 0) << roomy.err;
  EXPECT_GT(payments(), 10'000);
  expect_the_money_adds_up();
}

TEST_F(OnOneMachine, ASimulationGoesByWhatWasRecordedAndSaysWhatItGuessed) {
  const std::vector<std::string> day = {"simulate", "--from", "2026-11-24", "--to", "2026-11-25", "--json"};
  const auto alone = json::parse(hotclock(day).out);
  ASSERT_EQ(alone.at("jobs").as_array().size(), 5u);
  const auto& bonus = alone.at("jobs").at(0);
  EXPECT_EQ(bonus.at("job"), "og-daily-bonus");
  EXPECT_EQ(bonus.at("completed"), 1);
  EXPECT_EQ(bonus.at("lateness_worst_ms"), 0);
  EXPECT_EQ(bonus.at("durations_guessed"), true);
  EXPECT_EQ(alone.at("load").as_array().size(), 24u * 60);
  EXPECT_EQ(alone.at("notes").as_array().size(), 2u);

  a_platform_of(100);
  ASSERT_EQ(hotclock({"run", "og-daily-bonus"}).code, 0);
  const auto recorded = json::parse(hotclock(day).out);
  EXPECT_EQ(recorded.at("jobs").at(0).at("durations_guessed"), false);
  EXPECT_EQ(recorded.at("notes").as_array().size(), 1u);

  const Ended words = hotclock({"simulate", "--from", "2026-11-24", "--to", "2026-11-25"});
  EXPECT_NE(words.out.find("og-daily-bonus"), std::string::npos) << words.out;
  EXPECT_NE(words.out.find("at once"), std::string::npos) << words.out;
  EXPECT_EQ(hotclock({"simulate", "--from", "2026-11-24", "--to", "2026-11-23"}).code, 2);
}

TEST_F(OnOneMachine, ADatabaseThatIsNotThereOrDamagedIsAnErrorThatHelps) {
  const Ended missing = hotclock({"jobs"});
  EXPECT_EQ(missing.code, 4);
  EXPECT_NE(missing.err.find("hotclock migrate"), std::string::npos) << missing.err;
  std::ofstream(file()) << std::string(100'000, 'x');
  const Ended damaged = hotclock({"serve"});
  EXPECT_EQ(damaged.code, 3) << damaged.err;
}

TEST_F(OnOneMachine, ABackfillShowsItsPlanAndLeavesOutWhatIsDone) {
  a_platform_of(200);
  const std::vector<std::string> range = {"backfill", "og-daily-bonus", "--from", "96h", "--to", "now"};
  auto words = range;
  words.push_back("--dry-run");
  const auto plan = answer(words);
  const auto slots = plan.at("slots").as_array().size();
  EXPECT_GE(slots, 3u);
  EXPECT_EQ(payments(), 0);
  EXPECT_EQ(hotclock(range).code, 2) << "nobody agreed";
  words = range;
  words.push_back("--yes");
  const Ended done = hotclock(words);
  EXPECT_EQ(done.code, 0) << done.out << done.err;
  EXPECT_EQ(number("SELECT count(DISTINCT bonus_date) FROM transactions WHERE type = 'og_bonus'"),
            static_cast<std::int64_t>(slots));
  words.back() = "--dry-run";
  const auto again = answer(words);
  for (const auto& planned : again.at("slots").as_array())
    EXPECT_TRUE(planned.at("left_out").as_bool());
  expect_the_money_adds_up();
}

}  // namespace
}  // namespace hotclock
