#include "service/auditor/auditor.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "service/auditor/auditor_support.h"
#include "service/auditor/findings.h"
#include "service/auditor/report.h"

namespace hotclock::auditor {
namespace {

using Lines = std::vector<std::string>;

class AuditorTest : public AuditorFixture {
 protected:
  AuditorTest()
      : clock_(start + 1h + 1min),
        logger_({}, clock_, [this](std::string_view line) { log_ += line; }) {
    enrol("poll", "vixie hotclock UTC */5 * * * *", start);
    works("poll", start + 5min, start + 1h, 5min);
    now_ = clock_.now();
  }

  Auditor auditor(std::int64_t node = 1, bool signs = true) {
    std::optional<SigningKey> key;
    if (signs) key = must(SigningKey::in_file(key_file()));
    return Auditor(db(), clock_, logger_,
                   [this] { return std::make_shared<config::Config>(in_force()); }, key,
                   {.node = node, .pause = Duration::zero()});
  }
  std::filesystem::path key_file() const { return directory_.file("auditor.pem"); }
  Lines stand() {
    Lines lines;
    for (const Standing& one : must(standing(db(), 100)))
      lines.push_back(one.kind + " " + one.difference.subject);
    return lines;
  }
  Comparison yesterday() {
    Comparison comparison{must(range_of_day("2026-11-23")), now_, start - 24h, {}};
    comparison.looked.push_back(
        {.scope = "slots poll", .job = "poll", .slots = SlotCounts{.expected = 12, .found = 12}});
    return comparison;
  }
  void keeps(const std::string& day, bool signs = true) {
    const auto key = must(SigningKey::in_file(key_file()));
    must(keep_report(db(), yesterday(), day, signs ? &key : nullptr, now_));
  }

  sql::ScratchDirectory directory_;
  ManualClock clock_;
  std::string log_;
  log::Logger logger_;
};

// ---------------------------------------------------------------- at work

TEST_F(AuditorTest, ADifferenceStandsUntilItIsGone) {
  sql("DELETE FROM history WHERE slot_id = 3");
  auto one = auditor();
  EXPECT_TRUE(must(one.take_turn()));
  EXPECT_EQ(stand(), Lines{"slot_lost slot 2026-11-23T14:15:00Z"});
  EXPECT_NE(log_.find("slot_lost"), std::string::npos);
  sql("INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason)"
      " SELECT 3, 1, 'cancelled', 0, max(entered_at), 'cancelled', 'by hand' FROM slots");
  clock_.advance(5min);
  must(one.take_turn());
  EXPECT_EQ(stand().size(), 1u) << "it looks every ten minutes";
  clock_.advance(6min);
  must(one.take_turn());
  EXPECT_EQ(stand(), Lines{});
  EXPECT_EQ(number("SELECT count(*) FROM auditor_differences WHERE gone_at IS NOT NULL"), 1);
}

TEST_F(AuditorTest, OneNodeAuditsAndAnotherFollowsIt) {
  auto a = auditor(1), b = auditor(2);
  EXPECT_TRUE(must(a.take_turn()));
  EXPECT_FALSE(must(b.take_turn()));
  clock_.advance(20s);
  EXPECT_TRUE(must(a.take_turn()));
  clock_.advance(20s);
  EXPECT_FALSE(must(b.take_turn())) << "it has said that it is there";
  clock_.advance(15s);
  EXPECT_TRUE(must(b.take_turn()));
  EXPECT_FALSE(must(a.take_turn()));
}

TEST_F(AuditorTest, WhatItHasLookedAtIsKnownToWhoFollows) {
  auto a = auditor(1), b = auditor(2);
  must(a.take_turn());
  sql("DELETE FROM history WHERE slot_id = 3");
  clock_.advance(1min);
  must(b.take_turn());
  EXPECT_EQ(stand(), Lines{}) << "the last pass was a minute ago";
}

TEST_F(AuditorTest, YesterdayIsSignedOnceAfterMidnight) {
  auto one = auditor();
  must(one.take_turn());
  EXPECT_EQ(must(newest_day(db())), "2026-11-22") << "the first report is of the day before";
  clock_.set_wall(start + 10h + 5min);
  must(one.take_turn());
  EXPECT_EQ(must(newest_day(db())), "2026-11-22")
      << "what was due at midnight has not had time to end";
  clock_.set_wall(start + 10h + 16min);
  must(one.take_turn());
  must(one.take_turn());
  EXPECT_EQ(number("SELECT count(*) FROM auditor_reports"), 2);
  const auto report = must(find_report(db(), "2026-11-23"));
  ASSERT_TRUE(report);
  EXPECT_NE(report->text.find("\"found\":12"), std::string::npos) << report->text;
  EXPECT_EQ(must(check_reports(db(), "")).broken, "");
}

TEST_F(AuditorTest, DaysWithoutANodeAreMadeUpForOneByOne) {
  auto one = auditor();
  must(one.take_turn());
  clock_.set_wall(start + 3 * 24h);
  for (int i = 0; i < 5; ++i) must(one.take_turn());
  EXPECT_EQ(must(newest_day(db())), "2026-11-25");
  EXPECT_EQ(must(check_reports(db(), "")).reports, 4);
}

TEST_F(AuditorTest, ItStartsAndStops) {
  auto one = auditor();
  must(one.start());
  one.stop();
  one.stop();
}

// ---------------------------------------------------------------- reports

TEST_F(AuditorTest, AReportHasOneText) {
  const auto comparison = yesterday();
  EXPECT_EQ(
      canonical_text(comparison, "2026-11-23", "", "k"),
      R"({"before":"","counts":[{"differences":0,"scope":"slots poll","slots":{"expected":12,"found":12,"not_judged":0,)"
      R"("not_yet":0,"others":0,"summed_up":0}}],"day":"2026-11-23","differences":[],"differences_left_off":0,)"
      R"("from":"2026-11-23T00:00:00Z","known_from":"2026-11-22T14:00:00Z","made_at":"2026-11-23T15:01:00Z",)"
      R"("public_key":"k","report":"hotclock-auditor 1","until":"2026-11-23T23:59:59.999Z"})");
}

TEST_F(AuditorTest, AReportThatWasChangedTakenOutOrPutInBreaksTheChain) {
  const std::string key = must(SigningKey::in_file(key_file())).public_key();
  for (const char* day : {"2026-11-20", "2026-11-21", "2026-11-22"}) keeps(day);
  EXPECT_EQ(must(check_reports(db(), key)).reports, 3);
  EXPECT_EQ(must(check_reports(db(), key)).broken, "");
  sql("UPDATE auditor_reports SET report = replace(report, '\"found\":12', '\"found\":11') WHERE "
      "day = '2026-11-21'");
  EXPECT_EQ(must(check_reports(db(), key)).broken,
            "the report of 2026-11-21: its seal is not its text's");
  sql("DELETE FROM auditor_reports WHERE day = '2026-11-21'");
  EXPECT_EQ(must(check_reports(db(), key)).broken,
            "the report of 2026-11-22: it does not follow the report before it");
}

TEST_F(AuditorTest, ADayIsReportedOnce) {
  keeps("2026-11-22");
  const auto again = keep_report(db(), yesterday(), "2026-11-22", nullptr, now_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::unique);
}

TEST_F(AuditorTest, AReportIsVerifiedByThePublicKeyAlone) {
  keeps("2026-11-22");
  const std::string key = must(SigningKey::in_file(key_file())).public_key();
  const auto file = to_file(*must(find_report(db(), "2026-11-22")));
  Report report = must(report_in_file(file));
  EXPECT_EQ(report.day, "2026-11-22");
  EXPECT_EQ(must(what_is_wrong(report, key)), "");
  const std::string other = must(SigningKey::in_file(directory_.file("other.pem"))).public_key();
  EXPECT_EQ(must(what_is_wrong(report, other)), "the key " + other + " did not sign it");
  report.text += " ";
  EXPECT_EQ(must(what_is_wrong(report, key)), "its seal is not its text's");
  EXPECT_FALSE(what_is_wrong(must(report_in_file(file)), "no key"));
  EXPECT_FALSE(report_in_file("{}"));
}

TEST_F(AuditorTest, WithoutAKeyReportsAreKeptAndSaySo) {
  keeps("2026-11-22", false);
  EXPECT_EQ(must(check_reports(db(), "")).unsigned_reports, 1);
  EXPECT_EQ(must(what_is_wrong(*must(find_report(db(), "2026-11-22")), "")), "it was never signed");
}

// ---------------------------------------------------------------- the key

TEST_F(AuditorTest, TheKeyIsMadeOnceAndReadableByItsOwnerAlone) {
  const auto first = must(SigningKey::in_file(key_file()));
  EXPECT_EQ(must(SigningKey::in_file(key_file())).public_key(), first.public_key());
  struct stat status {};
  ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_TRUE(must(is_signed_by("text", must(first.sign("text")), first.public_key())));
  EXPECT_FALSE(must(is_signed_by("texts", must(first.sign("text")), first.public_key())));
}

TEST_F(AuditorTest, AFileThatHoldsAnotherThingIsNoKey) {
  std::ofstream(key_file()) << "secret";
  EXPECT_FALSE(SigningKey::in_file(key_file()));
  EXPECT_FALSE(SigningKey::in_file(directory_.file("nowhere/auditor.pem")));
}

TEST_F(AuditorTest, TheKeyLiesWhereTheSettingSaysOrBesideTheDatabase) {
  EXPECT_EQ(auditor::key_file("/etc/key.pem", "/var/lib/hotclock", "sqlite:x.db"), "/etc/key.pem");
  EXPECT_EQ(auditor::key_file("", "/var/lib/hotclock", "sqlite:x.db"),
            "/var/lib/hotclock/auditor.pem");
  EXPECT_EQ(auditor::key_file("", "", "sqlite:x.db"), "x.db.auditor.pem");
  EXPECT_EQ(auditor::key_file("", "", "postgresql://x/y"), "");
}

}  // namespace
}  // namespace hotclock::auditor
