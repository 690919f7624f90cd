// What a person is told: one notice to one notifier about one group of alerts.
//
// A notice is a row of `notices`, written in the transaction of what it tells of, so that nothing
// is told that did not happen and nothing that happened stays untold. It waits there until it was
// sent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::notices {

// An alert as a notifier tells of it.
struct AlertText {
  std::string id;
  std::string rule;
  std::string severity;                            // "info", "warning", "critical"
  std::string state;                               // "firing", "resolved"
  std::map<std::string, std::string> labels;       // what it is known by; no values, no ids
  std::map<std::string, std::string> annotations;  // summary, detail, value, execution, runbook
  Instant began;
  Instant fired;
  std::optional<Instant> resolved;

  friend bool operator==(const AlertText&, const AlertText&) = default;
};

struct Notice {
  std::string notifier;
  std::string group;
  std::vector<AlertText> alerts;
  bool test = false;  // somebody tries the notifiers: nothing is the matter
  // Of e-mail: those who have not got it yet; empty: all of them.
  std::vector<std::string> only_to = {};

  friend bool operator==(const Notice&, const Notice&) = default;
};

// Puts it in line, to be sent from `due` on: it stands if and only if the transaction commits. The
// same content that waits for the same notifier and group already is not put there twice.
// Errc::invalid: it tells of nothing.
Result<> enqueue(sql::Transaction& transaction, const Notice& notice, Instant now, Instant due);
inline Result<> enqueue(sql::Transaction& transaction, const Notice& notice, Instant now) {
  return enqueue(transaction, notice, now, now);
}

// The column `content`, and back. The notifier and the group are columns of their own and not in
// it.
std::string to_json(const Notice& notice);
// Errc::corrupt: it is none.
Result<Notice> notice_of(std::string_view json);

}  // namespace hotclock::notices
