// What waits for a second person, and their yes or no.
#include <boost/json/parse.hpp>

#include "service/access/approvals.h"
#include "service/access/tokens.h"
#include "service/operations/approval_json.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/operations.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

}  // namespace

json::object approval_json(const access::Approval& approval) {
  return {{"id", std::to_string(approval.id)},
          {"what", approval.what},
          {"job", approval.job},
          {"plan", json::parse(approval.plan)},
          {"plan_hash", approval.plan_hash},
          {"requested_by", approval.requested_by.name},
          {"reason", approval.reason},
          {"requested_at", rfc3339(approval.requested_at)},
          {"expires_at", rfc3339(approval.expires_at)},
          {"state", approval.state},
          {"decided_by", approval.decided_by},
          {"decision_reason", approval.decision_reason},
          {"decided_at", rfc3339_or_null(approval.decided_at)}};
}

Result<Answer> list_approvals(Desk& desk, const Call& call) {
  const bool open_alone = !call.says("open") || call.flag("open");
  const auto approvals = access::list_approvals(desk.database, open_alone, desk.now());
  if (!approvals) return approvals.error();
  json::array items;
  for (const auto& one : *approvals) items.push_back(approval_json(one));
  return listed(std::move(items));
}

Result<Answer> show_approval(Desk& desk, const Call& call) {
  const auto approval = access::find_approval(desk.database, call.id("approval"), desk.now());
  if (!approval) return approval.error();
  return answer_of(approval_json(*approval));
}

// What was approved and could not be done is told as what it is: nobody is to think that it was.
Result<Answer> approve(Desk& desk, const Call& call) {
  const auto approval = access::approve(desk.database, call.id("approval"), call.text("plan_hash"),
                                        call.who, call.text("reason"), desk.now());
  if (!approval) return approval.error();
  const auto asked_by = access::still(desk.database, approval->requested_by, desk.now());
  if (!asked_by) return asked_by.error().within("approved, but not done");
  auto done = carry_out(desk, approval->plan, *asked_by, call.request);
  if (!done) return std::move(done).error().within("approved, but not done");
  Answer answer = answer_of(json::object{{"approval", approval_json(*approval)},
                                         {"status", done->status},
                                         {"result", std::move(done->body)}});
  answer.location = std::move(done->location);
  return answer;
}

Result<Answer> turn_approval_down(Desk& desk, const Call& call) {
  const auto approval = access::turn_down(desk.database, call.id("approval"), call.who,
                                          call.text("reason"), desk.now());
  if (!approval) return approval.error();
  return answer_of(approval_json(*approval));
}

}  // namespace hotclock::operations
