#include "service/outbox/outbox.h"

#include "service/outbox/outbox.sql.h"

namespace hotclock::outbox {
namespace text = stmt::outbox;

namespace {

constexpr std::int64_t trimmed_at_once = 5000;

// Appends the rooms, one space between them.
Result<> join(const Event& event, std::string& rooms) {
  if (event.name.empty()) return Error(Errc::invalid, "an event has no name");
  for (const std::string& room : event.rooms) {
    if (room.empty() || room.find(' ') != std::string::npos)
      return Error(Errc::invalid, "event " + event.name + ": '" + room + "' is no room");
    if (!rooms.empty()) rooms += ' ';
    rooms += room;
  }
  return {};
}

Result<std::int64_t> trim_some(sql::Database& database, std::int64_t id, Instant before) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error();
  auto gone = (*transaction)->exec(text::trim, {id, before, trimmed_at_once});
  if (!gone) return gone;
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  return gone;
}

}  // namespace

Writer::Writer(sql::Transaction& transaction, Instant now, std::string execution)
    : now_(now),
      execution_(std::move(execution)),
      rows_(transaction, text::append, text::append_eight) {}

Result<> Writer::append(const Event& event) {
  std::string& rooms = rows_.blank();
  if (auto joined = join(event, rooms); !joined) return joined;
  auto written = rows_.add({now_, rows_.blank() = event.name, rooms,
                            rows_.blank() = event.payload.text(), execution_});
  if (!written) return std::move(written).error().within("post event " + event.name);
  return {};
}

Result<> Writer::flush() {
  if (auto written = rows_.flush(); !written)
    return std::move(written).error().within("post events");
  return {};
}

Result<std::int64_t> trim(sql::Database& database, std::int64_t id, Instant before) {
  std::int64_t all = 0;
  for (;;) {
    auto gone = trim_some(database, id, before);
    if (!gone) return std::move(gone).error().within("trim the outbox");
    all += *gone;
    if (*gone < trimmed_at_once) return all;
  }
}

}  // namespace hotclock::outbox
