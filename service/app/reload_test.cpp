#include "service/app/reload.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::app {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const Instant noon = from_millis(1'795'608'000'000);

class ReloadTest : public testing::Test {
 protected:
  ReloadTest() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-reload-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    writes("hotclock.toml", "node = 'a'\n");
    writes("jobs.d/throne-expiry.toml", "schedule = '*/5 * * * *'\n");
    EXPECT_TRUE(schema::migrate(*database_, noon));
    source_.config_file = directory_ / "hotclock.toml";
    auto settings = read_settings(source_);
    EXPECT_TRUE(settings) << settings.error().message();
    reload_ = std::make_unique<Reload>(
        source_, std::move(settings).value(), live::InForce{},
        [this](const config::Config& settings_now, const std::set<std::string>& jobs) {
          return puts_in_force(settings_now, jobs);
        },
        *database_, clock_, logger_);
  }
  ~ReloadTest() override {
    reload_.reset();
    fs::remove_all(directory_);
  }

  void writes(const fs::path& name, std::string_view text) {
    fs::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name) << text;
  }
  Result<> puts_in_force(const config::Config& settings, const std::set<std::string>& jobs) {
    Lock lock(m_);
    if (refuses_) return Error(Errc::invalid, "no");
    const auto job = find_job(settings, "throne-expiry").value();
    put_.emplace_back(job->schedule.text());
    jobs_ = jobs;
    return {};
  }
  std::vector<std::string> put() {
    Lock lock(m_);
    return put_;
  }
  // The job's row is there once a node has served.
  void changes_live(std::vector<live::Value> values, std::vector<std::string> reset = {}) {
    auto tx = database_->write().value();
    ASSERT_TRUE(tx->exec({"enrol", "INSERT INTO jobs (name, schedule, entered_until) VALUES"
                                   " ('throne-expiry', '', $1) ON CONFLICT (name) DO NOTHING"},
                         {noon}));
    ASSERT_TRUE(tx->commit());
    tx.reset();
    const auto made = live::change(*database_,
                                   {.job = "throne-expiry",
                                    .act = "schedule.set",
                                    .set = std::move(values),
                                    .reset = std::move(reset)},
                                   {"asha", "a quiet night"}, noon);
    ASSERT_TRUE(made) << made.error().message();
  }
  std::string audited() {
    auto tx = database_->read().value();
    auto rows = tx->query({"audit",
                           "SELECT who || ': ' || detail FROM audit WHERE what ="
                           " 'config.reload' ORDER BY id DESC LIMIT 1"})
                    .value();
    return rows->next() ? std::string(rows->text(0)) : "nothing";
  }

  ManualClock clock_{noon};
  Mutex m_;
  bool refuses_ = false;
  std::vector<std::string> put_;
  std::set<std::string> jobs_;
  std::unique_ptr<Reload> reload_;

 private:
  fs::path directory_;
  SettingsSource source_;
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_ = sql::open(place_.url(), {.create = true}).value();
  log::Logger logger_{
      {.level = log::Level::error, .repeat_after = {}}, clock_, [](std::string_view) {}};
};

TEST_F(ReloadTest, PutsInForceWhatIsSaidOfJobs) {
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * * * *'\n");
  const auto reloaded = reload_->reload("SIGHUP");
  ASSERT_TRUE(reloaded) << reloaded.error().message();
  EXPECT_EQ(put(), std::vector<std::string>{"*/2 * * * *"});
  EXPECT_EQ(jobs_, std::set<std::string>{"throne-expiry"});
  EXPECT_TRUE(reloaded->at_next_start.empty());
  EXPECT_EQ(audited(), "SIGHUP: jobs.throne-expiry.schedule: \"*/5 * * * *\" -> \"*/2 * * * *\"");
}

TEST_F(ReloadTest, ChangesAndNotesNothingWhereNothingIsDifferent) {
  const auto reloaded = reload_->reload("SIGHUP");
  ASSERT_TRUE(reloaded);
  EXPECT_TRUE(reloaded->nothing());
  EXPECT_TRUE(put().empty());
  EXPECT_EQ(audited(), "nothing");
}

TEST_F(ReloadTest, ChangesNothingWhereAFileHasAMistake) {
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * * * *'\npriority = 'high'\n");
  const auto reloaded = reload_->reload("SIGHUP");
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().message().find("priority"), std::string::npos);
  EXPECT_TRUE(put().empty());
  // Mended, it is as different from what is in force as it was.
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * * * *'\n");
  ASSERT_TRUE(reload_->reload("SIGHUP"));
  EXPECT_EQ(put().size(), 1u);
}

TEST_F(ReloadTest, GoesOnByTheOldSettingsWhereTheNewOnesCannotBePutInForce) {
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * * * *'\n");
  refuses_ = true;
  EXPECT_FALSE(reload_->reload("SIGHUP"));
  refuses_ = false;
  ASSERT_TRUE(reload_->reload("SIGHUP"));
  EXPECT_EQ(put().size(), 1u);
}

TEST_F(ReloadTest, WindowsOfMaintenanceForAllAreInForceAtOnce) {
  writes("hotclock.toml", "node = 'a'\n[maintenance]\nwindows = ['Sun 02:00-04:00']\n");
  const auto reloaded = reload_->reload("SIGHUP");
  ASSERT_TRUE(reloaded);
  EXPECT_TRUE(reloaded->at_next_start.empty());
  EXPECT_EQ(put().size(), 1u);
  EXPECT_GT(jobs_.size(), 1u);
}

TEST_F(ReloadTest, PutsALiveChangeInForceOnce) {
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_TRUE(put().empty());
  changes_live({{"schedule", "*/9 * * * *"}});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put(), std::vector<std::string>{"*/9 * * * *"});
  EXPECT_EQ(jobs_, std::set<std::string>{"throne-expiry"});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put().size(), 1u);
}

TEST_F(ReloadTest, KeepsLiveChangesOnTopOfFilesThatAreReadAnew) {
  changes_live({{"schedule", "*/9 * * * *"}});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * * * *'\npriority = 3\n");
  ASSERT_TRUE(reload_->reload("SIGHUP"));
  EXPECT_EQ(put(), (std::vector<std::string>{"*/9 * * * *", "*/9 * * * *"}));
  changes_live({}, {"schedule"});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put().back(), "*/2 * * * *");
}

TEST_F(ReloadTest, ALiveChangeDoesNotWaitForAFileThatIsBeingEdited) {
  writes("jobs.d/throne-expiry.toml", "schedule = '*/2 * *\n");
  changes_live({{"schedule", "*/9 * * * *"}});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put(), std::vector<std::string>{"*/9 * * * *"});
}

TEST_F(ReloadTest, ALiveValueThatIsNoGoodLeavesTheFilesInForce) {
  changes_live({{"schedule", "*/9 * * *"}});
  ASSERT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put(), std::vector<std::string>{"*/5 * * * *"});
  EXPECT_TRUE(reload_->reload("SIGHUP"));
}

TEST_F(ReloadTest, ALiveChangeThatCannotBePutInForceIsTriedAgain) {
  changes_live({{"schedule", "*/9 * * * *"}});
  refuses_ = true;
  EXPECT_FALSE(reload_->hear_of_live_changes());
  refuses_ = false;
  EXPECT_TRUE(reload_->hear_of_live_changes());
  EXPECT_EQ(put().size(), 1u);
}

TEST_F(ReloadTest, SaysWhatOnlyAStartCanChange) {
  writes("hotclock.toml", "node = 'a'\n[scheduler]\nworkers = 9\n");
  const auto reloaded = reload_->reload("SIGHUP");
  ASSERT_TRUE(reloaded);
  ASSERT_EQ(reloaded->at_next_start.size(), 1u);
  EXPECT_EQ(reloaded->at_next_start[0].text(), "scheduler.workers: 4 -> 9");
  EXPECT_TRUE(put().empty());
  EXPECT_EQ(audited(), "SIGHUP: at the next start: scheduler.workers: 4 -> 9");
}

TEST_F(ReloadTest, ReadsAChangedFileByItself) {
  reload_->watch(5s);
  writes("jobs.d/throne-expiry.toml", "schedule = '*/7 * * * *'\n");
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (put().empty() && std::chrono::steady_clock::now() < give_up) {
    clock_.advance(5s);
    std::this_thread::yield();
  }
  EXPECT_EQ(put(), std::vector<std::string>{"*/7 * * * *"});
}

}  // namespace
}  // namespace hotclock::app
