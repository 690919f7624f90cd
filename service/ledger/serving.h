// One `serve` to a database file. Commands of any kind work beside it.
#pragma once

#include <string>

#include "scheduler/base/result.h"
#include "service/ledger/node.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// Held for as long as the process serves; the kernel lets go of it when the process ends, however
// it ends. On an engine that any number of nodes may serve it holds nothing.
class ServeLock {
 public:
  ServeLock() = default;
  explicit ServeLock(int file) : file_(file) {}
  ServeLock(ServeLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  ServeLock& operator=(ServeLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~ServeLock();

 private:
  int file_ = -1;
};

// Errc::conflict where another process serves this database: the message names its node, process id
// and when it began. The lock is a file beside the database, "<file>-serve".
Result<ServeLock> lock_serving(sql::Database& database, const std::string& node_name, Instant now);

// Whether somebody serves it now. Where any number of nodes may, one that worked in the last 90 seconds.
Result<bool> is_served(sql::Database& database, Instant now);

}  // namespace hotclock::ledger
