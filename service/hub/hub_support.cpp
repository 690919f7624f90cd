#include "service/hub/hub_support.h"

#include "service/outbox/outbox.h"
#include "service/outbox/reader.h"
#include "service/schema/schema.h"

namespace hotclock::hub {
namespace {

constexpr sql::Statement add_node{"add_node",
                                  "INSERT INTO nodes (name, host, boot_id, pid, pid_start, "
                                  "started_at, seen_at, version, zone_data)"
                                  " VALUES ($1, '', '', 0, 0, $2, $2, '', '') RETURNING id"};
constexpr sql::Statement see_node{"see_node", "UPDATE nodes SET seen_at = $2 WHERE id = $1"};
constexpr sql::Statement forget{"forget_event", "DELETE FROM outbox WHERE id = $1"};
constexpr sql::Statement newest{"newest", "SELECT coalesce(max(id), 0) FROM outbox"};

}  // namespace

HubFixture::HubFixture() {
  database_ = sql::open(place_.url(), {.create = true}).value();
  EXPECT_TRUE(schema::migrate(*database_, t0));
}

std::int64_t HubFixture::node(const std::string& name) {
  auto transaction = db().write().value();
  std::int64_t id = 0;
  {
    auto rows = transaction->query(add_node, {name, clock.now()}).value();
    while (rows->next()) id = rows->integer(0);
  }
  EXPECT_TRUE(transaction->commit());
  return id;
}

void HubFixture::sees(std::int64_t node) {
  auto transaction = db().write().value();
  EXPECT_EQ(transaction->exec(see_node, {node, clock.now()}).value(), 1);
  EXPECT_TRUE(transaction->commit());
}

std::vector<std::int64_t> HubFixture::post(const std::vector<outbox::Event>& events) {
  auto transaction = db().write().value();
  EXPECT_TRUE(outbox::announce(*transaction, db().dialect()));
  outbox::Writer writer(*transaction, clock.now(), "e-1");
  for (const outbox::Event& event : events) EXPECT_TRUE(writer.append(event));
  EXPECT_TRUE(writer.flush());
  const std::int64_t last = sql::first(*transaction, newest);
  EXPECT_TRUE(transaction->commit());
  std::vector<std::int64_t> ids;
  for (std::size_t i = events.size(); i > 0; --i)
    ids.push_back(last + 1 - static_cast<std::int64_t>(i));
  return ids;
}

void HubFixture::forget_event(std::int64_t id) {
  auto transaction = db().write().value();
  EXPECT_EQ(transaction->exec(forget, {id}).value(), 1);
  EXPECT_TRUE(transaction->commit());
}

}  // namespace hotclock::hub
