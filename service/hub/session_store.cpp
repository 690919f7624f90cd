#include "service/hub/session_store.h"

#include <algorithm>
#include <utility>

#include "service/hub/sessions.sql.h"
#include "service/outbox/reader.h"

namespace hotclock::hub {
namespace text = stmt::sessions;

namespace {

// What is asked at once of the database for one client is bounded by what a client may miss.
constexpr Duration patience = std::chrono::seconds{10};
constexpr int most_tries = 3;

sql::Limits limits() { return {.stop = {}, .deadline = patience}; }

}  // namespace

SessionStore::SessionStore(sql::Database& database, const Clock& clock, log::Logger& logger,
                           Post post, Settings settings)
    : database_(database),
      clock_(clock),
      logger_(logger),
      post_(std::move(post)),
      settings_(settings) {}

SessionStore::~SessionStore() { stop(); }

void SessionStore::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void SessionStore::stop() {
  {
    const Lock lock(m_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

// ---------------------------------------------------------------- what is asked for

void SessionStore::add(SessionRow row, std::function<void(bool)> done) {
  push(Adding{std::move(row), std::move(done)});
}
void SessionStore::set_rooms(std::string secret_hash, std::string rooms,
                             std::function<void(bool)> done) {
  push(SettingRooms{std::move(secret_hash), std::move(rooms), std::move(done)});
}
void SessionStore::lose(std::string secret_hash, std::string rooms) {
  push(Losing{std::move(secret_hash), std::move(rooms)});
}
void SessionStore::remove(std::string secret_hash) { push(Removing{std::move(secret_hash)}); }
void SessionStore::take(Claim claim, std::function<void(std::optional<Taken>)> done) {
  push(Taking{std::move(claim), std::move(done)});
}
void SessionStore::ended_here(std::string secret_hash) { push(Ending{std::move(secret_hash)}); }

void SessionStore::read_events(
    std::vector<std::int64_t> ids,
    std::function<void(std::optional<std::vector<outbox::Posted>>)> done) {
  const Lock lock(m_);
  readings_.push_back({std::move(ids), std::move(done)});
  changed_.notify_one();
}

void SessionStore::push(Task task) {
  const Lock lock(m_);
  tasks_.push_back(std::move(task));
  changed_.notify_one();
}

// ---------------------------------------------------------------- the thread

void SessionStore::work() {
  for (;;) {
    std::vector<Task> tasks;
    std::vector<Reading> readings;
    {
      Lock lock(m_);
      while (!stopping_ && tasks_.empty() && readings_.empty()) lock.wait(changed_);
      if (tasks_.empty() && readings_.empty()) return;
      std::swap(tasks, tasks_);
      std::swap(readings, readings_);
    }
    if (!tasks.empty()) write_all(tasks);
    if (!readings.empty()) read_all(std::move(readings));
  }
}

void SessionStore::write_all(std::vector<Task>& tasks) {
  const auto done = written(tasks);
  if (!done)
    logger_.warning("sessions of clients were not written; these clients cannot come back",
                    {{"sessions", tasks.size()}, {"error", done.error().message()}});
  answer(std::move(tasks), done.has_value());
}

const std::string& SessionStore::secret_of(const Task& task) {
  if (const auto* adding = std::get_if<Adding>(&task)) return adding->row.secret_hash;
  if (const auto* taking = std::get_if<Taking>(&task)) return taking->claim.secret_hash;
  if (const auto* setting = std::get_if<SettingRooms>(&task)) return setting->secret_hash;
  if (const auto* losing = std::get_if<Losing>(&task)) return losing->secret_hash;
  if (const auto* removing = std::get_if<Removing>(&task)) return removing->secret_hash;
  return std::get<Ending>(task).secret_hash;
}

// A node that stops writes that it lost its clients while another takes them over: where all go
// through the sessions in one order, none waits for one that waits for it.
Result<> SessionStore::written(std::vector<Task>& tasks) {
  std::ranges::stable_sort(tasks, {}, secret_of);
  for (int tries = 1;; ++tries) {
    auto done = written_once(tasks);
    if (done || tries == most_tries || !worth_another_try(done.error())) return done;
  }
}

bool SessionStore::worth_another_try(const Error& why) {
  if (why.code() == Errc::busy) return true;
  const Lock lock(m_);
  return why.code() == Errc::unavailable && !stopping_;
}

Result<> SessionStore::written_once(std::vector<Task>& tasks) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  for (Task& task : tasks)
    if (auto done = write(**transaction, task); !done) return done;
  return (*transaction)->commit();
}

Result<> SessionStore::write(sql::Transaction& transaction, Task& task) {
  const std::int64_t node = settings_.node;
  if (const auto* adding = std::get_if<Adding>(&task)) {
    const SessionRow& row = adding->row;
    return transaction.post(text::add,
                            {row.secret_hash, row.socket_id, row.nsp, row.identity, row.address,
                             node, clock_.now(), row.heard_from});
  }
  if (const auto* setting = std::get_if<SettingRooms>(&task))
    return transaction.post(text::set_rooms, {setting->secret_hash, node, setting->rooms});
  if (const auto* losing = std::get_if<Losing>(&task))
    return transaction.post(text::lose, {losing->secret_hash, node, clock_.now(), losing->rooms});
  if (const auto* removing = std::get_if<Removing>(&task))
    return transaction.post(text::remove, {removing->secret_hash, node});
  if (const auto* ending = std::get_if<Ending>(&task))
    return transaction.post(text::ended_here, {ending->secret_hash, node});
  return take(transaction, std::get<Taking>(task));
}

Result<> SessionStore::take(sql::Transaction& transaction, Taking& taking) {
  const Instant now = clock_.now();
  const Claim& claim = taking.claim;
  auto rows = transaction.query(
      text::take, {claim.secret_hash, settings_.node, claim.nsp, claim.identity, now,
                   now - settings_.window, now - settings_.window - settings_.sightings,
                   claim.address});
  if (!rows) return std::move(rows).error();
  taking.taken.reset();
  while ((*rows)->next())
    taking.taken =
        Taken{std::string((*rows)->text(0)), std::string((*rows)->text(1)), (*rows)->integer(2)};
  return (*rows)->end();
}

void SessionStore::answer(std::vector<Task> tasks, bool done) {
  post_([tasks = std::make_shared<std::vector<Task>>(std::move(tasks)), done] {
    for (Task& task : *tasks) {
      if (const auto* adding = std::get_if<Adding>(&task)) adding->done(done);
      if (const auto* setting = std::get_if<SettingRooms>(&task)) setting->done(done);
      if (auto* taking = std::get_if<Taking>(&task))
        taking->done(done ? std::move(taking->taken) : std::nullopt);
    }
  });
}

void SessionStore::read_all(std::vector<Reading> readings) {
  for (Reading& reading : readings) {
    auto events = outbox::read_events(database_, reading.ids);
    if (!events)
      logger_.warning("events that a client missed could not be read",
                      {{"error", events.error().message()}});
    auto found = events ? std::optional(std::move(events).value()) : std::nullopt;
    post_([done = std::move(reading.done), found = std::make_shared<decltype(found)>(
                                               std::move(found))] { done(std::move(*found)); });
  }
}

// ---------------------------------------------------------------- at once

Result<std::vector<ToEnd>> SessionStore::to_end() {
  auto transaction = database_.glance(limits());
  if (!transaction) return std::move(transaction).error();
  auto rows = (*transaction)->query(text::to_end, {settings_.node});
  if (!rows) return std::move(rows).error();
  std::vector<ToEnd> found;
  while ((*rows)->next())
    found.push_back(
        {std::string((*rows)->text(0)), std::string((*rows)->text(1)), (*rows)->integer(2) != 0});
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

Result<std::int64_t> SessionStore::forget_old() {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  const Instant now = clock_.now();
  auto gone =
      (*transaction)
          ->exec(text::forget, {now - settings_.window,
                                now - settings_.window - 2 * settings_.sightings, settings_.node});
  if (!gone) return gone;
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  return gone;
}

}  // namespace hotclock::hub
