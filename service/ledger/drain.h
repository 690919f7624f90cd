// Draining a node: it finishes what it runs and takes nothing new, until it is taken back, is
// started anew, or stops. What is due is worked by the others; where all drain it stays due. Each
// act is one transaction, with its row in the audit, and wakes all nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/audit/audit.h"
#include "service/ledger/node.h"

namespace hotclock::ledger {

// `node` is a number ("17"), or a name: the newest node that is called so. Errc::invalid where the
// reason is empty, Errc::not_found, Errc::conflict where it has stopped. They give its number.
//
// What drains already gets the new person and reason, and drains since it did.
Result<std::int64_t> drain(sql::Database& database, const std::string& node,
                           const audit::Person& by, Instant now);
// What does not drain stays so, and nothing is written.
Result<std::int64_t> take_back(sql::Database& database, const std::string& node,
                               const audit::Person& by, Instant now);

// Whether that node drains: what it asks for itself, by one look.
Result<std::optional<Drain>> drain_of(sql::Database& database, std::int64_t node_id);

}  // namespace hotclock::ledger
