#include "service/jobs/kit/workbench_support.h"

#include <boost/json/parse.hpp>
#include <stdexcept>
#include <utility>

#include "service/ledger/node.h"
#include "service/schema/schema.h"

namespace hotclock::kit {
namespace {

Error killed() { return {Errc::unavailable, "the process was killed here"}; }

class DyingRows final : public sql::Rows {
 public:
  DyingRows(std::unique_ptr<sql::Rows> real, bool tell) : real_(std::move(real)), tell_(tell) {}

  bool next() override { return tell_ && real_->next(); }
  Result<> end() override { return tell_ ? real_->end() : Result<>(killed()); }
  bool is_null(int c) const override { return real_->is_null(c); }
  std::int64_t integer(int c) const override { return real_->integer(c); }
  double real(int c) const override { return real_->real(c); }
  std::string_view text(int c) const override { return real_->text(c); }
  Instant instant(int c) const override { return real_->instant(c); }
  sql::Param value(int c) const override { return real_->value(c); }

 private:
  std::unique_ptr<sql::Rows> real_;
  bool tell_;
};

class DyingTransaction final : public sql::ForwardingTransaction {
 public:
  DyingTransaction(DyingDatabase& database, std::unique_ptr<sql::Transaction> real)
      : ForwardingTransaction(std::move(real)), database_(database) {}

  Result<std::int64_t> exec(const sql::Statement& statement,
                            std::span<const sql::Param> params) override {
    const auto step = database_.step();
    if (!step.act) return killed();
    auto done = real().exec(statement, params);
    return step.tell ? std::move(done) : Result<std::int64_t>(killed());
  }
  Result<std::unique_ptr<sql::Rows>> query(const sql::Statement& statement,
                                           std::span<const sql::Param> params) override {
    const auto step = database_.step();
    if (!step.act) return killed();
    auto rows = real().query(statement, params);
    if (!rows) return rows;
    return {std::make_unique<DyingRows>(std::move(rows).value(), step.tell)};
  }
  Result<> commit() override {
    const auto step = database_.step();
    if (!step.act) return killed();
    auto done = real().commit();
    return step.tell ? std::move(done) : Result<>(Error(Errc::unknown, "the answer was lost"));
  }

 private:
  DyingDatabase& database_;
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

constexpr Instant far_from_all_slots = from_millis(4'000'000'000'000);  // 2096

// Rooms that somebody has left. To clear one costs a tenth of making one on PostgreSQL, and some tests
// need hundreds.
std::vector<std::unique_ptr<Room>>& left_rooms() {
  // Made before the rooms, so that it outlives them.
  static const std::string server =
      sql::tested_engine() == "postgresql" ? sql::shared_postgres() : "";
  static std::vector<std::unique_ptr<Room>> rooms;
  return rooms;
}

void clear(sql::Database& database) {
  must(database.script(
      "DO $$ BEGIN EXECUTE 'TRUNCATE ' || "
      "(SELECT string_agg(format('%I.%I', schemaname, tablename), ',') FROM pg_tables"
      "  WHERE schemaname IN ('hotclock', 'platform') AND tablename <> 'schema_migrations') || "
      "' RESTART IDENTITY'; END $$"));
}

std::unique_ptr<Room> empty_room() {
  if (left_rooms().empty()) return std::make_unique<Room>(far_from_all_slots);
  auto room = std::move(left_rooms().back());
  left_rooms().pop_back();
  clear(*room->database);
  return room;
}

}  // namespace

void DyingDatabase::die_at(int step, bool done_first) {
  taken_ = 0;
  dies_at_ = step;
  done_first_ = done_first;
  died_ = false;
}

void DyingDatabase::stumble_at(int step) {
  taken_ = 0;
  stumbles_at_ = step;
}

void DyingDatabase::stop_at(int step, std::shared_ptr<Permit> permit) {
  taken_ = 0;
  stops_at_ = step;
  stopped_ = std::move(permit);
}

DyingDatabase::Step DyingDatabase::step() {
  ++taken_;
  if (taken_ == stops_at_) stopped_->request_stop(StopReason::cancelled);
  if (died_) return {false, false};
  if (taken_ == stumbles_at_) return {false, false};
  if (taken_ != dies_at_) return {};
  died_ = true;
  return {done_first_, false};
}

Result<> DyingDatabase::may_begin() { return step().tell ? Result<>() : killed(); }

std::unique_ptr<sql::Transaction> DyingDatabase::wrapped(std::unique_ptr<sql::Transaction> real) {
  return std::make_unique<DyingTransaction>(*this, std::move(real));
}

Room::Room(Instant now)
    : place(sql::tested_engine(), true), database(must(sql::open(place.url(), {.create = true}))) {
  must(schema::migrate(*database, now));
  sql::speak_as_sqlite(*database);
}

Workbench::Workbench()
    : room_(empty_room()),
      database_(room_->database.get()),
      dying_(*database_),
      clock_(far_from_all_slots),
      desk_(dying_, clock_),
      ledger_(*database_, must(ledger::register_node(*database_, {"bench", "0", "0"}, clock_.now())),
              std::chrono::seconds{30}) {
}

Workbench::~Workbench() {
  if (database_->dialect().engine == "postgresql") left_rooms().push_back(std::move(room_));
}

void Workbench::sql(std::string_view text) {
  auto transaction = must(database_->write());
  must(transaction->script(text));
  must(transaction->commit());
}

std::unique_ptr<sql::Rows> Workbench::first_row(sql::Transaction& transaction, std::string query) {
  texts_.push_back(std::move(query));
  statements_.push_back({"test", texts_.back()});
  auto rows = must(transaction.query(statements_.back()));
  if (!rows->next()) throw std::runtime_error("no row: " + texts_.back());
  return rows;
}

std::int64_t Workbench::number(std::string query) {
  auto transaction = must(database_->read());
  return first_row(*transaction, std::move(query))->integer(0);
}

double Workbench::real(std::string query) {
  auto transaction = must(database_->read());
  return first_row(*transaction, std::move(query))->real(0);
}

std::string Workbench::text(std::string query) {
  auto transaction = must(database_->read());
  return std::string(first_row(*transaction, std::move(query))->text(0));
}

std::vector<Heard> Workbench::heard() {
  static constexpr sql::Statement outbox{"test.heard",
                                         "SELECT event, rooms, payload FROM outbox ORDER BY id"};
  auto transaction = must(database_->read());
  auto rows = must(transaction->query(outbox));
  std::vector<Heard> all;
  while (rows->next())
    all.push_back({std::string(rows->text(0)), std::string(rows->text(1)),
                   boost::json::parse(std::string(rows->text(2)))});
  must(rows->end());
  return all;
}

std::vector<Execution> Workbench::settle_all(Settlement act) {
  Policy policy;
  policy.lease = std::chrono::days{365};
  policy.overlap = Overlap::allow;
  policy.max_running = 1000;
  const auto shared = std::make_shared<const Policy>(policy);
  act.now = clock_.now();
  act.asked = clock_.steady();
  const Settled settled = must(ledger_.settle(act, [&](const std::string&) { return shared; }));
  std::vector<Execution> executions;
  for (const Claim& claim : settled.claims) {
    Execution& execution = executions.emplace_back();
    execution.permit = claim.permit;
    execution.cursor = claim.cursor;
  }
  return executions;
}

Execution Workbench::settle(Settlement act) {
  act.room = 1;
  auto executions = settle_all(std::move(act));
  if (executions.size() != 1) throw std::runtime_error("nothing was claimed");
  return std::move(executions[0]);
}

std::vector<Execution> Workbench::partitions(const Execution& whole, const Outcome& outcome) {
  const auto* divided = std::get_if<Divided>(&outcome);
  if (divided == nullptr) throw std::runtime_error("the slot was not divided");
  Settlement act;
  act.room = 100;
  act.endings = {{.permit = whole.permit,
                  .started_at = clock_.now(),
                  .ended_at = clock_.now(),
                  .follow = Divides{divided->cursors, whole.progress->total},
                  .outcome = "divided"}};
  return settle_all(std::move(act));
}

Execution Workbench::claimed(const std::string& job, Instant at, Trigger trigger) {
  must(ledger_.enrol({{job, "* * * * *", clock_.now()}}));
  Settlement act;
  act.entries = {{.slot = {job, at, trigger, std::to_string(++claims_)}, .available_at = clock_.now()}};
  return settle(std::move(act));
}

Execution Workbench::claimed_again(const Execution& lost) {
  Settlement act;
  act.endings = {{.permit = lost.permit,
                  .started_at = clock_.now(),
                  .ended_at = clock_.now(),
                  .follow = TriesAgain{clock_.now()},
                  .outcome = "failed"}};
  return settle(std::move(act));
}

void Workbench::taken_away(const Execution& execution) { claimed_again(execution); }

std::int64_t counted(const Outcome& outcome, std::string_view name) {
  const Tally* tally = nullptr;
  if (const auto* done = std::get_if<Done>(&outcome)) tally = &done->tally;
  if (const auto* partial = std::get_if<Partial>(&outcome)) tally = &partial->tally;
  if (const auto* failed = std::get_if<Failed>(&outcome)) ADD_FAILURE() << failed->why.message();
  if (tally != nullptr)
    for (const auto& [word, count] : *tally)
      if (word == name) return count;
  ADD_FAILURE() << "nothing was counted as " << name;
  return -1;
}

bool is_done(const Outcome& outcome) { return std::holds_alternative<Done>(outcome); }
bool is_stopped(const Outcome& outcome) { return std::holds_alternative<Stopped>(outcome); }

}  // namespace hotclock::kit
