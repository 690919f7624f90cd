// Every operation for everybody: deny by default.
#include <map>
#include <set>

#include "service/operations/operations_support.h"
#include "service/operations/table.h"

namespace hotclock::operations {
namespace {

using access::Role;

// Who may at least. Written down here a second time, so that a slip in the table is seen.
const std::map<Role, std::set<std::string_view>> least_role{
    {Role::viewer, {"showOverview",    "showLastDay",      "listAlerts",
                    "showAlert",       "listAlertRules",   "listSilences",
                    "listJobs",        "showJob",          "showNextRuns",
                    "previewSchedule", "listChanges",      "showKillSwitch",
                    "listSlots",       "showStatistics",   "searchHistory",
                    "exportHistory",   "showSlot",         "showExecution",
                    "showProfile",     "showJobProfile",   "showBackfill",
                    "showVersion",     "showMe",           "listNodes",
                    "listApprovals",   "showApproval",     "refuseApproval",
                    "countHistory",    "showTimeline",     "listFestivals",
                    "showFestival",    "validateFestival", "previewFestival",
                    "listRoles",       "listQueueDelays",  "listRecent",
                    "showUnderway",    "showAgenda",       "previewFestivalDraft"}},
    {Role::operator_,
     {"runJob",         "pauseJob",        "resumeJob",    "enableJob",         "disableJob",
      "setSchedule",    "resetSchedule",   "setPriority",  "undoChange",        "cancelSlot",
      "decideSlot",     "cancelExecution", "planBackfill", "startBackfill",     "stopBackfill",
      "createFestival", "replaceFestival", "editFestival", "removeFestival",    "activateFestival",
      "endFestival",    "listClients",     "listRooms",    "disconnectClients", "approve",
      "makeSilence",    "liftSilence",     "testAlerts",   "cancelSlots",       "retrySlots",
      "pauseJobs",      "resumeJobs",      "drainNode",    "takeNodeBack"}},
    {Role::admin,
     {"turnKillSwitchOn", "turnKillSwitchOff", "listAudit", "exportAudit", "checkAudit",
      "compareSlots", "listDifferences", "listReports", "showReport", "checkReports", "showDoctor",
      "showSettings", "showDrift", "reloadSettings", "listTokens", "makeToken", "showToken",
      "rotateToken", "revokeToken"}}};

Role least_of(std::string_view id) {
  for (const auto& [role, ids] : least_role)
    if (ids.contains(id)) return role;
  ADD_FAILURE() << id << " is not in this test: who may?";
  return Role::admin;
}

class RolesTest : public OperationsFixture {
 protected:
  RolesTest() { slot_ = text(posts("/jobs/stream-ranking/run"), "id"); }

  std::string path_of(const Operation& operation) const {
    std::string path(operation.path);
    const std::map<std::string, std::string> values{
        {"{job}", "stream-ranking"}, {"{slot}", slot_},
        {"{execution}", slot_},      {"{backfill}", "stream-ranking~1~2~abc"},
        {"{festival}", "1"},         {"{token}", "999"},
        {"{approval}", "999"},       {"{alert}", "999"},
        {"{silence}", "999"}};
    for (const auto& [name, value] : values)
      if (const auto at = path.find(name); at != path.npos) path.replace(at, name.size(), value);
    return path;
  }
  // What who asks without a word is answered: where they may, mostly that words are missing.
  int status(const access::Principal& who, const Operation& operation) {
    return does(who, operation.method, path_of(operation)).status;
  }

 private:
  std::string slot_;
};

TEST_F(RolesTest, EveryOperationIsForItsRoleAndThoseAbove) {
  for (const Operation& operation : table()) {
    const Role least = least_of(operation.id);
    EXPECT_EQ(status(vic, operation) == 403, least > Role::viewer) << "viewer, " << operation.id;
    EXPECT_EQ(status(bela, operation) == 403, least > Role::operator_)
        << "operator, " << operation.id;
    EXPECT_NE(status(asha, operation), 403) << "admin, " << operation.id;
  }
}

TEST_F(RolesTest, NobodyMayAnythingWhoseGrantNamesNoRightOfTheirRole) {
  const auto nobody =
      access::Principal{.name = "nobody",
                        .grant = {.role = Role::viewer, .rights = {access::Right::tokens}},
                        .from = "127.0.0.1"};
  for (const Operation& operation : table())
    EXPECT_EQ(status(nobody, operation), 403) << operation.id;
}

TEST_F(RolesTest, WhoIsForAnotherJobMayLookAndNoMore) {
  const auto other = somebody("omar", {.role = Role::admin, .jobs = {"throne-*"}});
  for (const Operation& operation : table()) {
    const bool looks = operation.right == access::Right::look;
    EXPECT_EQ(status(other, operation) == 403, !looks && !operation.each) << operation.id;
  }
  EXPECT_EQ(does(other, "POST", "/jobs/throne-expiry/run", R"({"reason":"mine"})").status, 202);
}

TEST_F(RolesTest, EveryRefusedAttemptStandsInTheAudit) {
  std::int64_t refused = 0;
  for (const Operation& operation : table()) refused += status(vic, operation) == 403 ? 1 : 0;
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND who = 'vic' AND "
                  "request = 'request-1'"),
            refused);
  EXPECT_GT(refused, 30);
}

TEST_F(RolesTest, WhoMayNotIsToldNothingOfWhatThereIs) {
  EXPECT_EQ(does(vic, "POST", "/slots/424242/cancel", R"({"reason":"x"})").status, 403);
  EXPECT_EQ(does(vic, "POST", "/jobs/no-such-job/run", R"({"reason":"x"})").status, 403);
  EXPECT_EQ(does(bela, "GET", "/tokens/424242").status, 403);
}

}  // namespace
}  // namespace hotclock::operations
