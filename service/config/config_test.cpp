#include "service/config/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// The five jobs as the platform has them; their own settings are tested where they are read.
std::vector<JobDefaults> five_jobs() {
  const auto job = [](std::string name, std::string schedule, std::string zone, Duration limit,
                      int retries, Duration delay, Duration lease, CatchUp catch_up) {
    JobDefaults out{
        .name = std::move(name), .schedule = std::move(schedule), .zone = std::move(zone)};
    out.policy.soft_limit = limit;
    out.policy.hard_limit = limit + limit / 2;
    out.policy.retry.retries = retries;
    out.policy.retry.first_delay = delay;
    out.policy.lease = lease;
    out.policy.catch_up.kind = catch_up;
    return out;
  };
  return {
      job("og-daily-bonus", "5 0 * * *", "Australia/Sydney", 10min, 3, 5min, 30min, CatchUp::all),
      job("throne-expiry", "*/5 * * * *", "UTC", 2min, 2, 1min, 10min, CatchUp::last),
      job("festival-activation", "0 * * * *", "UTC", 5min, 3, 2min, 15min, CatchUp::last),
      job("stream-ranking", "*/10 * * * *", "UTC", 3min, 2, 1min, 10min, CatchUp::last),
      job("trust-score", "*/30 * * * *", "UTC", 10min, 3, 3min, 30min, CatchUp::last),
  };
}

Result<Config> read_texts(std::string main, std::vector<File> jobs = {},
                          const Environment& environment = {}) {
  return read({File{"hotclock.toml", std::move(main)}, std::move(jobs)}, environment, five_jobs());
}

// The only message of settings that are wrong.
std::string refusal(const Result<Config>& config) {
  return config ? "accepted" : config.error().message();
}

std::string refusal_of_job(std::string text, const Environment& environment = {}) {
  return refusal(read_texts("", {{"jobs.d/throne-expiry.toml", std::move(text)}}, environment));
}

const JobConfig& job(const Result<Config>& config, std::string_view name) {
  const auto& jobs = config.value().jobs;
  return *std::ranges::find(jobs, name, &JobConfig::name);
}

const Shown& shown(const Result<Config>& config, std::string_view key) {
  const auto& all = config.value().shown;
  const auto at = std::ranges::find(all, key, &Shown::key);
  if (at == all.end()) ADD_FAILURE() << "no key " << key;
  static const Shown none;
  return at == all.end() ? none : *at;
}

// A directory of its own, gone after the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const fs::path& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Config, NeedsNoFileAtAll) {
  const auto config = load(std::nullopt, {}, five_jobs());
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->database.url, "sqlite:hotclock.db");
  EXPECT_EQ(config->scheduler.workers, 4);
  ASSERT_EQ(config->jobs.size(), 5u);
  EXPECT_EQ(config->jobs[0].name, "og-daily-bonus");
  EXPECT_EQ(config->jobs[0].schedule.zone().name(), "Australia/Sydney");
  EXPECT_EQ(config->jobs[0].policy->lease, 30min);
  EXPECT_TRUE(config->jobs[0].policy->enabled);
  EXPECT_EQ(shown(config, "scheduler.workers").origin, "default");
}

TEST(Config, ThePlatformsTablesAreHotclocksOwnUnlessAdopted) {
  EXPECT_EQ(read_texts("")->database.platform, Platform::own);
  EXPECT_EQ(read_texts("[database]\nplatform = \"adopted\"")->database.platform, Platform::adopted);
  const auto slip = read_texts("[database]\nplatform = \"adoptd\"");
  ASSERT_FALSE(slip);
  EXPECT_NE(refusal(slip).find("database.platform"), std::string::npos) << refusal(slip);
  EXPECT_NE(refusal(slip).find("adopted"), std::string::npos) << refusal(slip);
}

TEST(Config, ReadsTheMainFile) {
  const auto config = read_texts(R"(
node = "syd-1"
[database]
url = "sqlite:/var/lib/hotclock/hotclock.db"
cache = "256 MiB"
readers = 8
connections = 20
schema = "clock"
platform_schema = "live"
[scheduler]
workers = 16
ahead = 64
poll = "250 ms"
drain = "2 min"
[log]
format = "json"
level = "debug"
[history]
retention = "30 d"
keep_last = 5
[history.failed]
retention = "180 d"
[history.completed]
most = 100000
)");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->node, "syd-1");
  EXPECT_EQ(config->database.cache, 256 << 20);
  EXPECT_EQ(config->database.connections, 20);
  EXPECT_EQ(config->database.schema, "clock");
  EXPECT_EQ(config->database.platform_schema, "live");
  EXPECT_EQ(config->scheduler.ahead, 64);
  EXPECT_EQ(config->scheduler.poll, 250ms);
  EXPECT_EQ(config->log.format, LogFormat::json);
  EXPECT_EQ(config->log.level, LogLevel::debug);
  EXPECT_EQ(config->history.retention, 24h * 30);
  EXPECT_EQ(config->history.ends.at(End::failed).retention, 24h * 180);
  EXPECT_EQ(config->history.ends.at(End::completed).retention, 24h * 30);
  EXPECT_EQ(config->history.ends.at(End::completed).most, 100'000);
  EXPECT_EQ(config->history.ends.at(End::refused).most, 0);
  EXPECT_EQ(shown(config, "scheduler.workers").value, "16");
  EXPECT_EQ(shown(config, "scheduler.workers").origin, "hotclock.toml:11:11");
}

TEST(Config, ReadsAJobsFile) {
  const auto config = read_texts("", {{"jobs.d/throne-expiry.toml", R"(
enabled = false
schedule = "*/2 * * * *"
zone = "Asia/Kathmandu"
dst = "ocps"
max_execution = "1 min"
hard_limit = "70 s"
lease = "20 s"
overlap = "allow"
max_running = 3
priority = 5
jitter = "20 s"
second_person = true
may_act = ["admin"]
hidden_keys = ["iban", "card_number"]
tags = ["thrones", "night_1"]
[retries]
count = 4
first_delay = "10 s"
backoff = "jittered"
longest_delay = "5 min"
max_age = "1 h"
[catch_up]
kind = "all"
window = "2 d"
max_slots = 10
spacing = "5 s"
grace = "30 s"
[circuit]
failures = 5
pause = "20 min"
)"}});
  ASSERT_TRUE(config) << refusal(config);
  const JobConfig& throne = job(config, "throne-expiry");
  EXPECT_EQ(throne.schedule.text(), "*/2 * * * *");
  EXPECT_EQ(throne.schedule.zone().name(), "Asia/Kathmandu");
  EXPECT_EQ(throne.schedule.dst_rule(), DstRule::ocps);
  const Policy& policy = *throne.policy;
  EXPECT_FALSE(policy.enabled);
  EXPECT_EQ(policy.disabled_by, "jobs.d/throne-expiry.toml:2:11");
  EXPECT_EQ(policy.soft_limit, 1min);
  EXPECT_EQ(policy.hard_limit, 70s);
  EXPECT_EQ(policy.lease, 20s);
  EXPECT_EQ(policy.overlap, Overlap::allow);
  EXPECT_EQ(policy.max_running, 3);
  EXPECT_EQ(policy.priority, 5);
  EXPECT_EQ(policy.jitter, 20s);
  EXPECT_TRUE(policy.second_person);
  EXPECT_EQ(policy.hidden_keys, (std::vector<std::string>{"iban", "card_number"}));
  EXPECT_EQ(throne.tags, (std::vector<std::string>{"thrones", "night_1"}));
  EXPECT_TRUE(job(config, "trust-score").tags.empty());
  EXPECT_EQ(throne.may_act, std::vector<std::string>{"admin"});
  EXPECT_EQ(job(config, "trust-score").may_act, (std::vector<std::string>{"operator", "admin"}));
  EXPECT_FALSE(job(config, "trust-score").policy->second_person);
  EXPECT_EQ(policy.retry.retries, 4);
  EXPECT_EQ(policy.retry.backoff, Backoff::jittered);
  EXPECT_EQ(policy.retry.longest_delay, 5min);
  EXPECT_EQ(policy.catch_up.kind, CatchUp::all);
  EXPECT_EQ(policy.catch_up.max_slots, 10);
  EXPECT_EQ(policy.catch_up.grace, 30s);
  EXPECT_EQ(policy.circuit.failures, 5);
  EXPECT_TRUE(job(config, "trust-score").policy->enabled);
}

TEST(Config, LaysAProfileUponTheFileItStandsIn) {
  const std::string main =
      "profile = 'production'\n[log]\nlevel = 'debug'\nformat = 'text'\n"
      "[env.production.log]\nformat = 'json'\n[env.staging.log]\nlevel = 'error'\n";
  const std::string file =
      "enabled = true\n[retries]\ncount = 1\nfirst_delay = '1 s'\n"
      "[env.production]\nenabled = false\n[env.production.retries]\ncount = 7\n";
  const auto config = read_texts(main, {{"jobs.d/throne-expiry.toml", file}});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->log.level, LogLevel::debug);
  EXPECT_EQ(config->log.format, LogFormat::json);
  EXPECT_EQ(shown(config, "log.format").origin, "hotclock.toml:6:10");
  const Policy& policy = *job(config, "throne-expiry").policy;
  EXPECT_FALSE(policy.enabled);
  EXPECT_EQ(policy.disabled_by, "jobs.d/throne-expiry.toml:6:11");
  EXPECT_EQ(policy.retry.retries, 7);
  EXPECT_EQ(policy.retry.first_delay, 1s);
  EXPECT_EQ(config->profiles, (std::vector<std::string>{"production", "staging"}));

  const auto none = read_texts(main, {}, {{"HOTCLOCK_PROFILE", ""}});
  ASSERT_TRUE(none) << none.error().message();
  EXPECT_EQ(none->log.format, LogFormat::text);
}

TEST(Config, TakesTheEnvironmentBeforeAProfile) {
  const auto config =
      read_texts("[env.production.log]\nformat = 'json'\n", {},
                 {{"HOTCLOCK_PROFILE", "production"}, {"HOTCLOCK_LOG__FORMAT", "text"}});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->log.format, LogFormat::text);
  EXPECT_EQ(shown(config, "profile").origin, "HOTCLOCK_PROFILE");
}

TEST(Config, RefusesAProfileThatNoFileHas) {
  EXPECT_EQ(refusal(read_texts("[env.production]\n", {}, {{"HOTCLOCK_PROFILE", "producton"}})),
            "HOTCLOCK_PROFILE: profile: no file has settings for \"producton\"; did you mean"
            " production?");
  EXPECT_EQ(refusal(read_texts("profile = 'live'\n")),
            "hotclock.toml:1:11: profile: no file has settings for \"live\"; write [env.live], or"
            " leave it out");
}

TEST(Config, RefusesWhatAProfileCannotHave) {
  EXPECT_EQ(refusal(read_texts("profile = 'p'\n[env.p]\nnod = 'a'\n")),
            "hotclock.toml:3:1: nod: unknown key; did you mean node?\n    nod = 'a'\n    ^^^");
  EXPECT_EQ(refusal(read_texts("env = 'production'\n")),
            "hotclock.toml:1:7: env: a profile is a table; write [env.production], and its settings"
            " below\n    env = 'production'\n          ^^^^^^^^^^^^");
}

TEST(Config, TakesTheEnvironmentBeforeTheFiles) {
  const auto config =
      read_texts("[log]\nlevel = \"debug\"\n", {{"jobs.d/og-daily-bonus.toml", "enabled = true\n"}},
                 {{"HOTCLOCK_LOG__LEVEL", "error"},
                  {"HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED", "false"},
                  {"HOTCLOCK_JOBS__OG_DAILY_BONUS__RETRIES__COUNT", "9"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->log.level, LogLevel::error);
  const Policy& policy = *job(config, "og-daily-bonus").policy;
  EXPECT_FALSE(policy.enabled);
  EXPECT_EQ(policy.disabled_by, "HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED");
  EXPECT_EQ(policy.retry.retries, 9);
  EXPECT_EQ(shown(config, "log.level").origin, "HOTCLOCK_LOG__LEVEL");
}

TEST(Config, RefusesVariablesOfJobsAndKeysThatAreNot) {
  EXPECT_EQ(refusal(read_texts("", {}, {{"HOTCLOCK_JOBS__OG_DALY_BONUS__ENABLED", "false"}})),
            "HOTCLOCK_JOBS__OG_DALY_BONUS__ENABLED: jobs: no setting has this name; "
            "did you mean HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED?");
  EXPECT_EQ(refusal(read_texts("", {}, {{"HOTCLOCK_JOBS__TRUST_SCORE__ENABLE", "false"}})),
            "HOTCLOCK_JOBS__TRUST_SCORE__ENABLE: jobs.trust-score: no setting has this name; "
            "did you mean HOTCLOCK_JOBS__TRUST_SCORE__ENABLED?");
}

TEST(Config, TakesTheShortNameOfTheDatabasesVariable) {
  auto config = read_texts("", {}, {{"HOTCLOCK_DATABASE_URL", "sqlite:short.db"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->database.url, "sqlite:short.db");
  EXPECT_EQ(shown(config, "database.url").origin, "HOTCLOCK_DATABASE_URL");
  config = read_texts("", {},
                      {{"HOTCLOCK_DATABASE_URL", "sqlite:short.db"},
                       {"HOTCLOCK_DATABASE__URL", "sqlite:proper.db"},
                       {"HOTCLOCK_CONFIG", "/etc/hotclock/hotclock.toml"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->database.url, "sqlite:proper.db");
}

TEST(Config, HidesPasswordsWhereItShowsValues) {
  const auto config = read_texts("[database]\nurl = \"postgresql://asha:s3cret@db/hotclock\"\n");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->database.url, "postgresql://asha:s3cret@db/hotclock");
  EXPECT_EQ(shown(config, "database.url").value, "\"postgresql://asha:***@db/hotclock\"");
}

TEST(Config, HidesPasswordsWhereItRefusesTheirUrl) {
  const std::string message = refusal(read_texts("[database]\nurl = \"mysql://a:s3cret@db\"\n"));
  EXPECT_NE(message.find("hotclock.toml:2:7: database.url: this is no database's URL"),
            std::string::npos);
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

TEST(Config, ListsAllMistakesOfAllFiles) {
  EXPECT_EQ(refusal(read_texts("[scheduler]\nworkers = 0\nwrokers = 2\n",
                               {{"jobs.d/throne-expiry.toml", "priority = \"high\"\n"},
                                {"jobs.d/trust-score.toml", "a = \n"}})),
            "hotclock.toml:2:11: scheduler.workers: 0 is too small; "
            "write a whole number from 1 to 1024\n"
            "    workers = 0\n"
            "              ^\n"
            "hotclock.toml:3:1: scheduler.wrokers: unknown key; did you mean workers?\n"
            "    wrokers = 2\n"
            "    ^^^^^^^\n"
            "jobs.d/throne-expiry.toml:1:12: jobs.throne-expiry.priority: \"high\" is a text; "
            "write a whole number from -1000 to 1000\n"
            "    priority = \"high\"\n"
            "               ^^^^^^\n"
            "jobs.d/trust-score.toml:1:5: jobs.trust-score: while reading key-value pair: "
            "expected value, saw '\\n'\n"
            "    a = \n"
            "        ^");
}

TEST(Config, PointsIntoAScheduleThatCannotBeRead) {
  EXPECT_EQ(refusal_of_job("schedule = \"0 24 * * *\"\n"),
            "jobs.d/throne-expiry.toml:1:15: jobs.throne-expiry.schedule: hour 24 is out of range "
            "(0-23); did you mean 23?\n"
            "    schedule = \"0 24 * * *\"\n"
            "                  ^^");
  EXPECT_EQ(refusal_of_job("", {{"HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE", "0 24 * * *"}}),
            "HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE: jobs.throne-expiry.schedule: hour 24 is out "
            "of range (0-23); did you mean 23?\n"
            "    0 24 * * *\n"
            "      ^^");
}

TEST(Config, ReadsBlackoutsByTheWallClockOfTheJobsZone) {
  const auto config = read_texts(
      "", {{"jobs.d/og-daily-bonus.toml",
            "blackouts = ['2026-12-25', '2026-12-30/2026-12-31', '2027-01-01T18:00/2027-01-02T06:30']\n"}});
  ASSERT_TRUE(config) << config.error().message();
  const auto& blackouts = job(config, "og-daily-bonus").policy->blackouts;  // Sydney is 11 hours ahead
  ASSERT_EQ(blackouts.size(), 3u);
  EXPECT_EQ(to_string(blackouts[0].from), "2026-12-24T13:00:00Z");
  EXPECT_EQ(to_string(blackouts[0].until), "2026-12-25T13:00:00Z");
  EXPECT_EQ(to_string(blackouts[1].until), "2026-12-31T13:00:00Z");
  EXPECT_EQ(to_string(blackouts[2].from), "2027-01-01T07:00:00Z");
  EXPECT_EQ(to_string(blackouts[2].until), "2027-01-01T19:30:00Z");
  EXPECT_EQ(blackouts[2].name, "2027-01-01T18:00/2027-01-02T06:30");
}

TEST(Config, RefusesBlackoutsThatAreNoStretchOfTime) {
  for (const char* wrong : {"christmas", "2026-12-25T18:00", "2026-12-26/2026-12-25", "2026-02-30", "/"})
    EXPECT_NE(refusal_of_job("blackouts = ['" + std::string(wrong) + "']\n")
                  .find("\"" + std::string(wrong) + "\" is no stretch of time; write \"2026-12-25\""),
              std::string::npos)
        << wrong;
}

TEST(Config, RefusesAScheduleThatNeverComesDue) {
  EXPECT_NE(refusal_of_job("schedule = \"0 0 30 2 *\"\n").find("\"0 0 30 2 *\" never comes due"),
            std::string::npos);
  EXPECT_EQ(refusal_of_job("schedule = \"0 0 29 2 *\"\n"), "accepted");
}

TEST(Config, NamesTheNearestZone) {
  const std::string message = refusal_of_job("zone = \"Australia/Sidney\"\n");
  EXPECT_NE(message.find("jobs.d/throne-expiry.toml:1:8: jobs.throne-expiry.zone: "),
            std::string::npos);
  EXPECT_NE(message.find("Australia/Sydney"), std::string::npos) << message;
}

TEST(Config, WantsTheHardLimitBeyondTheSoftOne) {
  EXPECT_NE(refusal_of_job("max_execution = \"5 min\"\nhard_limit = \"5 min\"\n")
                .find("hard_limit: it is not longer than max_execution; write more than \"5 min\""),
            std::string::npos);
  EXPECT_EQ(refusal_of_job("max_execution = \"5 min\"\nhard_limit = \"301 s\"\n"), "accepted");
}

TEST(Config, MovesTheHardLimitAlongWhereOnlyTheSoftOneIsGiven) {
  const auto config =
      read_texts("", {{"jobs.d/throne-expiry.toml", "max_execution = \"40 min\"\n"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(job(config, "throne-expiry").policy->hard_limit, 60min);
  EXPECT_EQ(job(config, "trust-score").policy->hard_limit, 15min);
}

TEST(Config, WantsALeaseLongEnoughToBeRenewed) {
  EXPECT_NE(refusal_of_job("lease = \"4 s\"\n").find("lease: \"4 s\" is too small"),
            std::string::npos);
  EXPECT_EQ(refusal_of_job("lease = \"5 s\"\n"), "accepted");
}

TEST(Config, WantsRetryDelaysInOrder) {
  EXPECT_NE(refusal_of_job("[retries]\nfirst_delay = \"2 h\"\n")
                .find("retries.longest_delay: it is shorter than first_delay; write \"2 h\""),
            std::string::npos);
  EXPECT_EQ(refusal_of_job("[retries]\nfirst_delay = \"2 h\"\nlongest_delay = \"2 h\"\n"),
            "accepted");
}

TEST(Config, LetsExecutionsRunSideBySideOnlyByTheOverlapRule) {
  EXPECT_NE(refusal_of_job("max_running = 2\n").find("max_running: only one execution runs"),
            std::string::npos);
  EXPECT_EQ(refusal_of_job("max_running = 2\noverlap = \"allow\"\n"), "accepted");
}

TEST(Config, RefusesAFileForAJobThatIsNot) {
  EXPECT_EQ(refusal(read_texts("", {{"jobs.d/og-daily-bonu.toml", ""}})),
            "jobs.d/og-daily-bonu.toml: no job is named og-daily-bonu; "
            "did you mean og-daily-bonus.toml?");
  EXPECT_EQ(refusal(read_texts("", {{"jobs.d/x.toml", ""}})),
            "jobs.d/x.toml: no job is named x; jobs are og-daily-bonus, throne-expiry, "
            "festival-activation, stream-ranking, trust-score");
}

// ---------------------------------------------------------------- jobs that files define

// A kind that has one setting of its own, which must not be longer than this node's name.
Result<Config> read_own(std::string name, std::string text, const Environment& environment = {}) {
  Kind kind{.name = "shell"};
  kind.policy.repeatable = false;
  kind.asks_whether_repeatable = true;
  kind.check = [](Section settings, const Config& main) {
    if (settings.text("say", "").size() > main.node.size())
      settings.refuse("say", "it is too long");
    static_cast<void>(settings.finish());
  };
  const std::vector<Kind> kinds{kind};
  const auto listed = five_jobs();
  return read(
      {File{"hotclock.toml", "node = \"abc\"\n"}, {{"jobs.d/" + name + ".toml", std::move(text)}}},
      environment, Jobs(listed, kinds));
}

TEST(Config, TakesAJobThatOnlyItsFileDefines) {
  const auto config = read_own("say-hello",
                               "kind = \"shell\"\nschedule = \"5 4 * * *\"\nzone = "
                               "\"Australia/Sydney\"\npriority = 3\n[settings]\nsay = \"hi\"\n");
  ASSERT_TRUE(config) << refusal(config);
  ASSERT_EQ(config->jobs.size(), 6U);
  const JobConfig& own = config->jobs.back();
  EXPECT_EQ(own.name, "say-hello");
  EXPECT_EQ(own.kind, "shell");
  EXPECT_EQ(own.schedule.text(), "5 4 * * *");
  EXPECT_EQ(own.policy->priority, 3);
  EXPECT_FALSE(own.policy->repeatable);
  EXPECT_EQ(shown(config, "jobs.say-hello.settings.say").value, "\"hi\"");
  EXPECT_EQ(job(config, "throne-expiry").kind, "");
}

TEST(Config, LetsAJobOfOnesOwnSayThatItMayBeRepeated) {
  const auto config =
      read_own("say-hello", "kind = \"shell\"\nschedule = \"5 4 * * *\"\nrepeatable = true\n");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_TRUE(config->jobs.back().policy->repeatable);
  EXPECT_NE(refusal_of_job("repeatable = true\n").find("repeatable"), std::string::npos);
}

TEST(Config, NamesEveryMistakeOfAJobOfOnesOwnAtOnce) {
  EXPECT_EQ(
      refusal(read_own("say-hello",
                       "kind = \"shell\"\npriority = 9999\n[settings]\nsay = \"hello\"\n")),
      "jobs.d/say-hello.toml: jobs.say-hello.schedule: it is not set, and a job of your own has no "
      "other; write when it is due, such as schedule = \"5 0 * * *\"\n"
      "jobs.d/say-hello.toml:2:12: jobs.say-hello.priority: 9999 is too large; write a whole "
      "number from -1000 to 1000\n"
      "    priority = 9999\n"
      "               ^^^^\n"
      "jobs.d/say-hello.toml:4:7: jobs.say-hello.settings.say: it is too long\n"
      "    say = \"hello\"\n"
      "          ^^^^^^^");
}

TEST(Config, SaysWhatAJobOfOnesOwnHasToSay) {
  EXPECT_EQ(
      refusal(read_own("throne-expiri", "priority = 3\n")),
      "jobs.d/throne-expiri.toml: no job is named throne-expiri; did you mean throne-expiry.toml? "
      "(a job of your own says kind = \"shell\")");
  EXPECT_NE(refusal(read_own("say-hello", "kind = \"shel\"\n")).find("did you mean \"shell\"?"),
            std::string::npos);
}

TEST(Config, NamesJobsOfOnesOwnByWordsAlone) {
  const std::string good = "kind = \"shell\"\nschedule = \"5 4 * * *\"\n";
  for (const char* name : {"a", "say-hello", "v2-say-hello-2"})
    EXPECT_EQ(refusal(read_own(name, good)), "accepted") << name;
  for (const std::string name :
       {"Say", "say_hello", "-say", "say-", "say--hello", "säy", "say hello"})
    EXPECT_NE(refusal(read_own(name, good)).find("is no name of a job"), std::string::npos) << name;
  EXPECT_NE(refusal(read_own(std::string(65, 'a'), good)).find("is no name of a job"),
            std::string::npos);
  EXPECT_NE(refusal(read_own("history-retention", good)).find("Hotclock's own"), std::string::npos);
}

TEST(Config, AllowsProgramsByTheirWholePath) {
  EXPECT_EQ(refusal(read_texts("[commands]\nallow = [\"/usr/bin/rsync\"]\n")), "accepted");
  EXPECT_NE(refusal(read_texts("[commands]\nallow = [\"rsync\"]\n"))
                .find("\"rsync\" is no absolute path"),
            std::string::npos);
}

TEST(Config, LetsAJobReadItsOwnSettings) {
  auto jobs = five_jobs();
  jobs[0].check = [](Section settings) {
    settings.decimal("bonus_share", {6, 1}, {0, 0}, {1, 0});
    static_cast<void>(settings.finish());
  };
  const auto with = [&](std::string text) {
    return read({std::nullopt, {{"og-daily-bonus.toml", std::move(text)}}}, {}, jobs);
  };
  auto config = with("[settings]\nbonus_share = 0.5\n");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(shown(config, "jobs.og-daily-bonus.settings.bonus_share").value, "0.5");
  EXPECT_EQ(config->jobs[0].settings.decimal("bonus_share", {}, {0, 0}, {1, 0}), (Decimal{5, 1}));
  EXPECT_NE(refusal(with("[settings]\nbonus_share = 1.5\n")).find("1.5 is too large"),
            std::string::npos);
  EXPECT_NE(refusal(with("[settings]\nbonus_shaer = 1\n")).find("did you mean bonus_share?"),
            std::string::npos);
}

TEST(Config, LoadsTheJobsFilesBesideTheMainFile) {
  Folder folder;
  const fs::path main = folder.write("hotclock.toml", "node = \"a\"\n");
  folder.write("jobs.d/throne-expiry.toml", "priority = 7\n");
  folder.write("jobs.d/README", "not settings");
  folder.write("jobs.d/.throne-expiry.toml", "not = [settings");
  const auto config = load(main, {}, five_jobs());
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(job(config, "throne-expiry").policy->priority, 7);
  EXPECT_EQ(config->jobs_directory, folder.path() / "jobs.d");
}

TEST(Config, LoadsTheJobsFilesFromWhereItIsTold) {
  Folder folder;
  const fs::path main = folder.write("hotclock.toml", "[jobs]\ndirectory = \"mine\"\n");
  folder.write("mine/throne-expiry.toml", "priority = 7\n");
  const auto config = load(main, {}, five_jobs());
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(job(config, "throne-expiry").policy->priority, 7);
  const auto none =
      load(std::nullopt, {{"HOTCLOCK_JOBS__DIRECTORY", folder.path() / "mine"}}, five_jobs());
  ASSERT_TRUE(none) << refusal(none);
  EXPECT_EQ(job(none, "throne-expiry").policy->priority, 7);
}

TEST(Config, MissesOnlyWhatWasAskedFor) {
  Folder folder;
  EXPECT_TRUE(load(folder.write("hotclock.toml", ""), {}, five_jobs()));
  const auto directory =
      load(folder.write("hotclock.toml", "[jobs]\ndirectory = \"none\"\n"), {}, five_jobs());
  EXPECT_NE(refusal(directory).find("none: No such file or directory"), std::string::npos);
  const auto file = load(folder.path() / "other.toml", {}, five_jobs());
  EXPECT_NE(refusal(file).find("other.toml: No such file or directory"), std::string::npos);
  EXPECT_NE(refusal(load(folder.path(), {}, five_jobs())).find("is a directory"),
            std::string::npos);
}

TEST(Config, ReadsTheEnvironmentOfAProcess) {
  const char* const variables[] = {"HOTCLOCK_LOG__LEVEL=debug", "EMPTY=", "odd", "A=b=c", nullptr};
  EXPECT_EQ(process_environment(variables),
            (Environment{{"HOTCLOCK_LOG__LEVEL", "debug"}, {"EMPTY", ""}, {"A", "b=c"}}));
  EXPECT_TRUE(process_environment(nullptr).empty());
}

// docs/hotclock.toml is the reference: everything it says is the default, and nothing is left out.
// The jobs' files are compared where the jobs are known.
TEST(Config, IsDocumentedKeyByKeyAndAsItIs) {
  std::ifstream in(fs::path(HOTCLOCK_SOURCE_DIR) / "docs" / "hotclock.toml");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto documented = read({File{"docs/hotclock.toml", text}, {}}, {}, {});
  const auto built_in = read({}, {}, {});
  ASSERT_TRUE(documented) << refusal(documented);
  ASSERT_TRUE(built_in) << refusal(built_in);
  ASSERT_FALSE(built_in->shown.empty());
  for (const Shown& known : built_in->shown) {
    const Shown& said = shown(documented, known.key);
    EXPECT_NE(said.origin, "default") << known.key << " is not documented";
    EXPECT_EQ(said.value, known.value) << known.key;
  }
}

}  // namespace
}  // namespace hotclock::config
