#include "service/hub/presence.h"

#include <algorithm>
#include <map>

#include "service/hub/room_list.h"
#include "service/hub/sessions.sql.h"

namespace hotclock::hub {
namespace text = stmt::sessions;

namespace {

constexpr std::int64_t page_size = 1000;

bool fits(const Whom& whom, const Present& one) {
  return (whom.socket_id.empty() || one.socket_id == whom.socket_id) &&
         (whom.identity.empty() || one.identity == whom.identity) &&
         (whom.room.empty() || std::ranges::find(one.rooms, whom.room) != one.rooms.end());
}

Present present_of(const sql::Rows& row) {
  Present one{.socket_id = std::string(row.text(1)),
              .identity = std::string(row.text(2)),
              .rooms = parted(row.text(3)),
              .address = std::string(row.text(4)),
              .node = std::string(row.text(7)),
              .since = row.instant(5),
              .away_since = row.instant_or_none(6)};
  if (!one.identity.empty()) one.rooms.insert(one.rooms.begin(), one.identity);
  return one;
}

// Calls `each(key, present)` for all, as long as it answers true.
template <class Each>
Result<> for_each_present(sql::Transaction& transaction, Each each) {
  std::string behind;
  for (;;) {
    auto rows = transaction.query(text::page, {behind, page_size});
    if (!rows) return std::move(rows).error();
    std::int64_t count = 0;
    bool more = true;
    std::string last;
    while (more && (*rows)->next()) {
      last = (*rows)->text(0);
      more = each(last, present_of(**rows));
      ++count;
    }
    if (!more) return {};
    if (auto end = (*rows)->end(); !end) return end;
    if (count < page_size) return {};
    behind = last;
  }
}

Result<> mark(sql::Transaction& transaction, const std::vector<std::string>& keys,
              const std::string& by) {
  for (const std::string& key : keys)
    if (auto done = transaction.post(text::put_out, {key, by}); !done) return done;
  return {};
}

std::string words_for(const Whom& whom, std::size_t count) {
  std::string words = std::to_string(count) + (count == 1 ? " client" : " clients");
  if (!whom.socket_id.empty()) words += " of socket " + whom.socket_id;
  if (!whom.identity.empty()) words += " of " + whom.identity;
  if (!whom.room.empty()) words += " in " + whom.room;
  return words;
}

}  // namespace

Result<std::vector<Present>> present(sql::Database& database, const Whom& whom, std::size_t most) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("ask who is there");
  std::vector<Present> found;
  auto read = for_each_present(**transaction, [&](const std::string&, Present one) {
    if (fits(whom, one)) found.push_back(std::move(one));
    return found.size() < most;
  });
  if (!read) return std::move(read).error().within("ask who is there");
  return found;
}

Result<std::vector<Crowd>> crowds(sql::Database& database) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("ask who is there");
  std::map<std::string, std::int64_t> counts;
  auto read = for_each_present(**transaction, [&](const std::string&, const Present& one) {
    if (one.away_since) return true;
    for (const std::string& room : one.rooms) ++counts[room];
    if (one.rooms.empty()) ++counts[""];
    return true;
  });
  if (!read) return std::move(read).error().within("ask who is there");
  std::vector<Crowd> found;
  for (const auto& [room, clients] : counts) found.push_back({room, clients});
  std::ranges::stable_sort(found, std::ranges::greater(), &Crowd::clients);
  return found;
}

Result<std::int64_t> put_out(sql::Database& database, const Whom& whom, const audit::Person& by,
                             Instant now) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error().within("disconnect clients");
  std::vector<std::string> keys;
  auto read = for_each_present(**transaction, [&](const std::string& key, const Present& one) {
    if (fits(whom, one)) keys.push_back(key);
    return true;
  });
  if (!read) return std::move(read).error().within("disconnect clients");
  if (keys.empty()) return std::int64_t{0};
  if (auto marked = mark(**transaction, keys, by.name); !marked)
    return std::move(marked).error().within("disconnect clients");
  const std::string what = words_for(whom, keys.size());
  auto noted = audit::append(**transaction, {.what = "disconnect", .detail = what}, by, now);
  if (!noted) return std::move(noted).error();
  if (auto told = (*transaction)->notify(); !told) return std::move(told).error();
  if (auto done = (*transaction)->commit(); !done)
    return std::move(done).error().within("disconnect clients");
  return static_cast<std::int64_t>(keys.size());
}

}  // namespace hotclock::hub
