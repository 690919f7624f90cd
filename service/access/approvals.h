// What needs a second person: asked for by one, carried out when another says yes to exactly that.
//
// What is said yes to is a plan to the letter, by its hash; it is asked for with a reason, and open
// for a while. Whose asking it was is kept with what he was granted then: access::still() says what
// he is granted when it is carried out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/access/principal.h"
#include "service/sql/sql.h"

namespace hotclock::access {

struct Approval {
  std::int64_t id = 0;
  std::string what, job;
  std::string plan;       // JSON: what will be done, to the letter
  std::string plan_hash;  // SHA-256 of it: what is said yes to
  Principal requested_by;
  std::string reason;
  Instant requested_at, expires_at;
  std::string
      state;  // "open", "approved", "refused", "withdrawn"; "expired": nobody said anything in time
  std::string decided_by, decision_reason;
  std::optional<Instant> decided_at;
};

struct Request {
  std::string what, job, plan, reason;
  Duration lasts = std::chrono::hours{24};
};
// Errc::invalid without plan or reason, or where it lasts for no time or for more than thirty days.
// Each of these is one transaction with its audit row.
Result<Approval> ask_for_approval(sql::Database& database, const Request& request,
                                  const Principal& by, Instant now);

// Yes. Errc::forbidden where it is who asked (by name or by token) or who lacks the right,
// Errc::stale where the hash is another's, Errc::conflict where it is open no more. It is taken by
// exactly one who says so, and the caller then carries the plan out, in the name of who asked.
Result<Approval> approve(sql::Database& database, std::int64_t id, std::string_view plan_hash,
                         const Principal& by, std::string reason, Instant now);
// No, by another who holds the right; or withdrawn by who asked. Errc::forbidden, Errc::conflict as
// above.
Result<Approval> turn_down(sql::Database& database, std::int64_t id, const Principal& by,
                           std::string reason, Instant now);

// Newest first, a thousand at most.
Result<std::vector<Approval>> list_approvals(sql::Database& database, bool open_alone, Instant now);
Result<Approval> find_approval(sql::Database& database, std::int64_t id, Instant now);

}  // namespace hotclock::access
