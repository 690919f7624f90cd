// What PostgreSQL's error codes mean to a caller.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/sql/watch.h"

namespace hotclock::sql {

// The error of a result that failed. `where` is the database, as Database::where() has it.
Error postgres_error(const PGresult* result, const std::string& where, const Watch& watch);

// Why a connection could not be opened, from libpq's words (with SQLSTATE, as PQERRORS_VERBOSE
// gives them).
Error postgres_connect_error(std::string_view words, const std::string& where);

// The connection is none to one session of the server: a pool in transaction mode is in between.
Error no_session(const std::string& where);

// "no answer" and its like: the connection is gone, and with it whatever was not committed.
Error postgres_lost(std::string_view words, const std::string& where);

// The first line of libpq's words, without its severity.
std::string first_words(std::string_view words);

}  // namespace hotclock::sql
