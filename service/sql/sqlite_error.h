// What SQLite's result codes mean to a caller.
#pragma once

#include <sqlite3.h>

#include <string>

#include "scheduler/base/result.h"
#include "service/sql/watch.h"

namespace hotclock::sql {

// The error of the call on `db` that just gave `rc`. `path` is the database file.
Error sqlite_error(sqlite3* db, int rc, const std::string& path, const Watch& watch);

// Who holds the write lock of the database file at `path`, as a person may read it: "process 4711
// (hotclock)", or "another process" where the kernel does not tell.
std::string write_lock_holder(const std::string& path);

}  // namespace hotclock::sql
