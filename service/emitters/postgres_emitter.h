// The emitter for the adapter that meets in PostgreSQL: notifications, and a table for what is too
// large for one or holds binary.
#pragma once

#include "service/emitters/emitter.h"

namespace hotclock::emitters {

// What NOTIFY takes, in bytes: a payload of 8000 is refused.
inline constexpr std::size_t longest_payload = 7999;
// PostgreSQL's names end here.
inline constexpr std::size_t longest_channel = 63;

// Errc::invalid where the settings are wrong. What is published together goes in one transaction,
// or in several where it is much, with what lies in the table in front; an emission whose channel's
// name would be too long is refused. If PostgreSQL refuses a transaction, each emission goes by
// itself, so that those in front of the one that is to blame get out. Large events are fetched by
// each server when it hears of them: such a one may reach clients behind a small one that was
// published later.
//
// It has one connection, sql::PostgresConnection: its waits end at deadlines, its pipeline makes a
// transaction two or three ways to the server, and its errors name no password.
Result<std::unique_ptr<Emitter>> make_postgres_emitter(const EmitterSettings& settings);

}  // namespace hotclock::emitters
