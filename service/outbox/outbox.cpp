#include "service/outbox/outbox.h"

#include <boost/json/serialize.hpp>

#include "service/outbox/outbox.sql.h"

namespace hotclock::outbox {
namespace {

Result<std::string> joined(const std::vector<std::string>& rooms) {
  std::string text;
  for (const std::string& room : rooms) {
    if (room.empty() || room.find(' ') != std::string::npos)
      return Error(Errc::invalid, "'" + room + "' is no room: a room's name has no blanks");
    if (!text.empty()) text += ' ';
    text += room;
  }
  return text;
}

std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> rooms;
  while (!text.empty()) {
    const auto end = text.find(' ');
    rooms.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return rooms;
}

}  // namespace

Result<> append(sql::Transaction& transaction, const Event& event, Instant now,
                std::string_view execution_id) {
  const auto rooms = joined(event.rooms);
  if (!rooms) return rooms.error();
  const std::string payload = boost::json::serialize(event.payload);
  auto done = transaction.exec(stmt::outbox::append, {now, std::string_view(event.name),
                                                      std::string_view(rooms.value()),
                                                      std::string_view(payload), execution_id});
  if (!done) return std::move(done).error().within("put " + event.name + " into the outbox");
  return {};
}

Result<std::vector<Stored>> read_after(sql::Transaction& transaction, std::int64_t id, int limit) {
  auto rows = transaction.query(stmt::outbox::read_after, {id, std::int64_t{limit}});
  if (!rows) return std::move(rows).error();
  std::vector<Stored> events;
  while (rows.value()->next()) {
    const sql::Rows& row = *rows.value();
    events.push_back({row.integer(0), row.instant(1), std::string(row.text(2)), parted(row.text(3)),
                      std::string(row.text(4)), std::string(row.text(5))});
  }
  if (auto end = rows.value()->end(); !end) return std::move(end).error();
  return events;
}

Result<std::int64_t> trim(sql::Transaction& transaction, Instant before, int limit) {
  return transaction.exec(stmt::outbox::trim, {before, std::int64_t{limit}});
}

}  // namespace hotclock::outbox
