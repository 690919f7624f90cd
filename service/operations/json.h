// What the API shows, as JSON: what the schemas of the same names say.
#pragma once

#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/core/guard.h"
#include "service/ledger/history.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

boost::json::object slot_json(const ledger::SlotView& slot);
boost::json::object execution_json(const ledger::ExecutionView& view);
boost::json::value pause_json(const ledger::JobView& job, Instant now);
// As it stands now.
Result<boost::json::object> kill_switch_json(Desk& desk);
boost::json::object grant_json(const access::Grant& grant);
boost::json::array problems_json(const std::vector<Problem>& problems);
boost::json::array texts_json(const std::vector<std::string>& texts);

// {"items":[...],"next":"CURSOR"|null}
Answer listed(boost::json::array items, const std::string& next = {});
inline Answer answer_of(boost::json::value body, int status = 200) {
  return {.status = status, .body = std::move(body)};
}
// What could not be done, as RFC 9457 writes problems. `code` is an Errc's word or one of HTTP's.
Answer problem(int status, std::string_view code, std::string_view detail,
               const std::vector<Problem>& problems = {});
// By the kind of the error; 500 for faults of our own, whose words are not a client's to read.
Answer problem_of(const Error& error);

}  // namespace hotclock::operations
