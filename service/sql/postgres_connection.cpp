#include "service/sql/postgres_connection.h"

#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "service/sql/postgres_error.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

// How long a connection may take to come about.
constexpr auto connect_patience = 10s;
// After a cancel was sent: how long the server may take to obey before the connection is dropped.
constexpr auto cancel_patience = 5s;
// Statements that are on their way at once, at most.
constexpr std::size_t most_posted = 256;

// A peer that is gone is noticed within ten seconds, whether it owes us an answer (keep-alive) or
// we owe it data (user timeout), on either side.
struct Default {
  const char* keyword;
  const char* value;
  const char* variable;  // of the environment, which has the say where it is set
};
constexpr Default defaults[] = {
    {"connect_timeout", "10", "PGCONNECT_TIMEOUT"},
    {"keepalives", "1", ""},
    {"keepalives_idle", "4", ""},
    {"keepalives_interval", "2", ""},
    {"keepalives_count", "3", ""},
    {"tcp_user_timeout", "10000", ""},
    {"fallback_application_name", "hotclock", ""},
};

constexpr const char* session =
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET standard_conforming_strings = on;"
    "SET default_transaction_isolation = 'read committed'; SET jit = off;"
    "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = '10s';";

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

std::string search_path(const PostgresSettings& settings) {
  std::string text = "SET search_path = " + quoted(settings.schema);
  if (settings.platform_schema != settings.schema) text += ", " + quoted(settings.platform_schema);
  return text + ";";
}

void say_nothing(void*, const PGresult*) {}

bool is_good(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(
    const PostgresSettings& settings, const Watch& watch) {
  std::vector<const char*> keywords, values;
  for (const Default& one : defaults) {
    if (*one.variable && std::getenv(one.variable)) continue;
    keywords.push_back(one.keyword);
    values.push_back(one.value);
  }
  keywords.insert(keywords.end(), {"dbname", "client_encoding", nullptr});
  values.insert(values.end(), {settings.url.c_str(), "UTF8", nullptr});
  PGconn* db = PQconnectStartParams(keywords.data(), values.data(), 1);
  if (db == nullptr) return Error(Errc::internal, "no memory to connect to " + settings.where);
  std::unique_ptr<PostgresConnection> made(new PostgresConnection(db, settings));
  made->obey(watch);
  if (auto done = made->connect(watch); !done) return std::move(done).error();
  if (auto done = made->set_up(settings); !done) return std::move(done).error();
  made->obey_nobody();
  return made;
}

PostgresConnection::~PostgresConnection() {
  on_stop_.reset();
  PQfinish(db_);
}

Result<> PostgresConnection::connect(const Watch& watch) {
  PQsetErrorVerbosity(db_, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(db_, say_nothing, nullptr);
  const Steady until =
      std::min<Steady>(watch.deadline(), std::chrono::steady_clock::now() + connect_patience);
  for (auto step = PGRES_POLLING_WRITING; step != PGRES_POLLING_OK; step = PQconnectPoll(db_)) {
    if (PQstatus(db_) == CONNECTION_BAD || step == PGRES_POLLING_FAILED)
      return postgres_connect_error(PQerrorMessage(db_), where_);
    const Woken woken = wait(step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
    if (woken == Woken::by_bell && watch.stopped())
      return watch.waited_for("connecting to " + where_);
    if (woken == Woken::by_time)
      return Error(Errc::unavailable, where_ + ": nobody answers within 10 s");
  }
  PQsetErrorVerbosity(db_, PQERRORS_DEFAULT);
  if (PQsetnonblocking(db_, 1) != 0) return lost();
  cancel_.reset(PQgetCancel(db_), PQfreeCancel);
  return {};
}

Result<> PostgresConnection::set_up(const PostgresSettings& settings) {
  if (PQserverVersion(db_) < 130000)
    return Error(Errc::unsupported, where_ + " is PostgreSQL " +
                                        std::to_string(PQserverVersion(db_) / 10000) +
                                        "; Hotclock needs 13 or later");
  std::string text = session;
  if (PQserverVersion(db_) >= 140000) text += "SET client_connection_check_interval = '5s';";
  text += "SET idle_in_transaction_session_timeout = '" + settings.idle_limit + "';";
  if (settings.by_key)
    text += "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;";
  if (!settings.schema.empty()) text += search_path(settings);
  text += "SELECT pg_backend_pid(), pg_is_in_recovery(), pg_postmaster_start_time()::text";
  auto set = run(text);
  if (!set) return std::move(set).error().within("set up a session");
  backend_ = std::atoi(PQgetvalue(set->get(), 0, 0));
  standby_ = *PQgetvalue(set->get(), 0, 1) == 't';
  server_ = PQgetvalue(set->get(), 0, 2);
  return {};
}

Error PostgresConnection::is_standby() const {
  return Error(Errc::read_only,
               where_ +
                   " is a standby, which can only be read; give the URL of the primary, or"
                   " that of all hosts with target_session_attrs=read-write");
}

bool PostgresConnection::silent() const {
  pollfd watched{PQsocket(db_), POLLIN, 0};
  return poll(&watched, 1, 0) == 0;
}

void PostgresConnection::obey(const Watch& watch) {
  on_stop_.reset();
  watch_ = watch;
  if (watch.stop().stop_possible()) on_stop_.emplace(watch_.stop(), Ring{&bell_});
}

void PostgresConnection::obey_nobody() {
  on_stop_.reset();
  watch_ = Watch();
}

// ---------------------------------------------------------------- sending and waiting

Result<PostgresResult> PostgresConnection::run(const std::string& text) {
  if (auto ended = await_posted(); !ended) return std::move(ended).error();
  if (auto sent = send(PQsendQuery(db_, text.c_str())); !sent) return std::move(sent).error();
  return receive();
}

Result<PostgresResult> PostgresConnection::execute(const Statement& statement,
                                                   std::span<const Param> params) {
  if (!posted_.empty()) return execute_behind_posted(statement, params);
  auto ready = prepared(statement);
  if (!ready) return std::move(ready).error().within(statement.name);
  if (auto bound = params_.bind(params, (*ready)->types); !bound)
    return std::move(bound).error().within(statement.name);
  const Stopwatch watch((*ready)->timing);
  auto sent = send(PQsendQueryPrepared(db_, (*ready)->name.c_str(), params_.count(),
                                       params_.values(), params_.lengths(), params_.formats(), 1));
  if (!sent) return std::move(sent).error().within(statement.name);
  auto result = receive();
  watch.stop();
  if (!result) return std::move(result).error().within(statement.name);
  return result;
}

// It goes together with what is on its way already.
Result<PostgresResult> PostgresConnection::execute_behind_posted(const Statement& statement,
                                                                 std::span<const Param> params) {
  if (auto sent = post(statement, params); !sent) return std::move(sent).error();
  auto results = results_of_posted();
  if (!results) return std::move(results).error();
  return std::move(results->back());
}

// As many as may be on the way at once, one such bundle after the other.
Result<std::vector<PostgresResult>> PostgresConnection::execute_all(
    std::span<const Question> questions) {
  if (questions.size() <= most_posted) return execute_bundle(questions);
  std::vector<PostgresResult> all;
  for (; !questions.empty();
       questions = questions.subspan(std::min(most_posted, questions.size()))) {
    auto some = execute_bundle(questions.first(std::min(most_posted, questions.size())));
    if (!some) return std::move(some).error();
    std::ranges::move(*some, std::back_inserter(all));
  }
  return all;
}

Result<std::vector<PostgresResult>> PostgresConnection::execute_bundle(
    std::span<const Question> questions) {
  const auto unprepared = [this](const Question& q) { return !is_prepared(*q.statement); };
  if (posted_.size() + questions.size() > most_posted || std::ranges::any_of(questions, unprepared))
    if (auto ended = await_posted(); !ended) return std::move(ended).error();
  for (const Question& question : questions)
    if (posted_.empty())
      if (auto ready = prepared(*question.statement); !ready)
        return std::move(ready).error().within(question.statement->name);
  for (const Question& question : questions)
    if (auto sent = post(*question.statement, question.params); !sent)
      return std::move(sent).error();
  auto results = results_of_posted();
  if (!results) return std::move(results).error();
  results->erase(results->begin(), results->end() - static_cast<std::ptrdiff_t>(questions.size()));
  return results;
}

Result<> PostgresConnection::post(const Statement& statement, std::span<const Param> params) {
  if (posted_.size() >= most_posted)
    if (auto ended = await_posted(); !ended) return ended;
  if (!is_prepared(statement))
    if (auto ended = await_posted(); !ended) return ended;
  auto ready = prepared(statement);
  if (!ready) return std::move(ready).error().within(statement.name);
  if (auto bound = params_.bind(params, (*ready)->types); !bound) {
    if (auto ended = await_posted(); !ended) return ended;
    return std::move(bound).error().within(statement.name);
  }
  if (posted_.empty() && !PQenterPipelineMode(db_)) return lost();
  if (!PQsendQueryPrepared(db_, (*ready)->name.c_str(), params_.count(), params_.values(),
                           params_.lengths(), params_.formats(), 1))
    return lost().within(statement.name);
  posted_.push_back({statement.name, Stopwatch((*ready)->timing)});
  return {};
}

// What is not prepared yet is prepared first: it could not be once the others are on their way.
Result<std::vector<PostgresResult>> PostgresConnection::begin(const Statement& mark,
                                                              std::span<const Question> questions) {
  if (auto ended = await_posted(); !ended) return std::move(ended).error();
  if (auto ready = prepared(mark); !ready) return std::move(ready).error();
  for (const Question& question : questions)
    if (auto ready = prepared(*question.statement); !ready)
      return std::move(ready).error().within(question.statement->name);
  if (auto sent = post_text("begin", "BEGIN"); !sent) return std::move(sent).error();
  if (auto sent = post(mark, {}); !sent) return std::move(sent).error();
  for (const Question& question : questions)
    if (auto sent = post(*question.statement, question.params); !sent)
      return std::move(sent).error();
  auto results = results_of_posted();
  if (results) results->erase(results->begin());
  return results;
}

Result<> PostgresConnection::post_text(std::string_view name, const std::string& text) {
  if (posted_.empty() && !PQenterPipelineMode(db_)) return lost();
  if (!PQsendQueryParams(db_, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1))
    return lost().within(name);
  posted_.push_back({name, Stopwatch(timing_of(name))});
  return {};
}

Result<> PostgresConnection::await_posted() {
  auto ended = results_of_posted();
  return ended ? Result<>() : std::move(ended).error();
}

Result<std::vector<std::int64_t>> PostgresConnection::execute_each(const Statement& statement,
                                                                   std::span<const Param> params,
                                                                   std::size_t width) {
  if (auto ended = await_posted(); !ended) return std::move(ended).error();
  std::vector<std::int64_t> changed;
  for (std::size_t at = 0; at < params.size(); at += width) {
    if (auto sent = post(statement, params.subspan(at, width)); !sent)
      return std::move(sent).error();
    if (posted_.size() < most_posted && at + width < params.size()) continue;
    auto some = results_of_posted();
    if (!some) return std::move(some).error();
    for (const PostgresResult& result : *some)
      changed.push_back(std::atoll(PQcmdTuples(result.get())));
  }
  return changed;
}

// Of each, in the order of posting; or the first error of them.
Result<std::vector<PostgresResult>> PostgresConnection::results_of_posted() {
  std::vector<PostgresResult> results;
  if (posted_.empty()) return results;
  const std::vector<Posted> posted = std::exchange(posted_, {});
  std::optional<Error> error;
  if (auto sent = send(PQpipelineSync(db_)); !sent) return std::move(sent).error();
  for (bool over = false; !over;) {
    if (auto there = await_result(); !there) return std::move(there).error();
    PostgresResult result(PQgetResult(db_));
    if (!result) {  // between two of them
      if (PQstatus(db_) != CONNECTION_OK) return lost();
      continue;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        over = true;
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        if (!is_good(result.get()) && PQstatus(db_) != CONNECTION_OK) return lost();
        const Posted& of = posted[std::min(results.size(), posted.size() - 1)];
        if (!error) of.watch.stop();
        if (is_good(result.get()))
          results.push_back(std::move(result));
        else if (!error)
          error = failed(result.get()).within(of.name);
    }
  }
  if (!PQexitPipelineMode(db_)) return lost();
  if (error) return *std::move(error);
  return results;
}

Result<> PostgresConnection::send(int accepted) {
  // A cancel is on its way and may have missed: nothing more is begun that it would have to end.
  if (spent_ && watch_.over()) return watch_.cut_short();
  if (!accepted) return lost();
  for (int left = PQflush(db_); left != 0; left = PQflush(db_)) {
    if (left < 0) return lost();
    // While we send, the server may want to be read first.
    if (wait(POLLIN | POLLOUT, watch_.deadline()) == Woken::by_peer) {
      if (!PQconsumeInput(db_)) return lost();
    } else if (watch_.over()) {
      spent_ = true;
      return watch_.cut_short();
    }
  }
  return {};
}

// All results of what was sent; the last one that is worth giving, or the first failure.
Result<PostgresResult> PostgresConnection::receive() {
  PostgresResult kept;
  std::optional<Error> error;
  for (;;) {
    if (auto there = await_result(); !there) return std::move(there).error();
    PostgresResult result(PQgetResult(db_));
    if (!result) break;
    if (!is_good(result.get())) {
      if (PQstatus(db_) != CONNECTION_OK) return lost();
      if (!error) error = failed(result.get());
    } else if (!kept || PQresultStatus(result.get()) == PGRES_TUPLES_OK ||
               PQntuples(kept.get()) == 0) {
      kept = std::move(result);
    }
  }
  if (error) return *std::move(error);
  if (!kept) return lost();
  return kept;
}

Result<> PostgresConnection::await_result() {
  while (PQisBusy(db_)) {
    if (watch_.over()) return await_end_of_cancel();
    if (wait(POLLIN, watch_.deadline()) == Woken::by_peer && !PQconsumeInput(db_)) return lost();
  }
  return {};
}

// The server is asked to give up what runs; where it does not even answer that, we do.
Result<> PostgresConnection::await_end_of_cancel() {
  cancel();
  const Steady until = std::chrono::steady_clock::now() + cancel_patience;
  while (PQisBusy(db_)) {
    switch (wait(POLLIN, until)) {
      case Woken::by_peer:
        if (!PQconsumeInput(db_)) return lost();
        break;
      case Woken::by_time:
        return watch_.cut_short();
      case Woken::by_bell:
        break;
    }
  }
  return {};
}

// A late cancel may reach whatever runs next: such a connection is not used again. To send one
// takes a connection of its own, which nobody who wants to stop should wait for.
void PostgresConnection::cancel() {
  if (spent_ || !cancel_) return;
  spent_ = true;
  std::thread([cancel = cancel_] {
    char why[256];
    PQcancel(cancel.get(), why, sizeof why);
  }).detach();
}

PostgresConnection::Woken PostgresConnection::wait(short events, Steady until) {
  const auto left = std::max(std::chrono::nanoseconds(until - std::chrono::steady_clock::now()),
                             std::chrono::nanoseconds(0));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec limit{static_cast<time_t>(seconds.count()),
                       static_cast<long>((left - seconds).count())};
  pollfd watched[2] = {{PQsocket(db_), events, 0}, {bell_.descriptor(), POLLIN, 0}};
  const int ready = ppoll(watched, 2, &limit, nullptr);
  if (ready == 0) return Woken::by_time;
  if (ready > 0 && watched[0].revents != 0) return Woken::by_peer;
  bell_.drain();
  return Woken::by_bell;
}

Error PostgresConnection::lost() {
  spent_ = true;
  if (watch_.stopped()) return watch_.cut_short();
  return postgres_lost(PQerrorMessage(db_), where_);
}

Error PostgresConnection::failed(const PGresult* result) const {
  Error error = postgres_error(result, where_, watch_);
  return standby_ && error.code() == Errc::read_only ? is_standby() : error;
}

// ---------------------------------------------------------------- prepared statements

// The address alone would not do: a statement that is no constant may have had it before.
bool PostgresConnection::is_prepared(const Statement& statement) const {
  const auto known = kept_.find(&statement);
  return known != kept_.end() && known->second.text == statement.text;
}

Result<const PostgresConnection::Prepared*> PostgresConnection::prepared(
    const Statement& statement) {
  if (is_prepared(statement)) return &kept_.find(&statement)->second;
  auto made = prepare(statement, "s" + std::to_string(++names_));
  if (!made) return std::move(made).error();
  return &kept_.insert_or_assign(&statement, std::move(made).value()).first->second;
}

Result<> PostgresConnection::check(const Statement& statement) {
  if (auto ended = await_posted(); !ended) return ended;
  auto made = prepare(statement, "");
  return made ? Result<>() : std::move(made).error().within(statement.name);
}

// The server says which types its parameters have: it knows the columns they meet.
Result<PostgresConnection::Prepared> PostgresConnection::prepare(const Statement& statement,
                                                                 std::string name) {
  Prepared made{std::move(name), std::string(statement.text), {}};
  if (made.text.find_first_not_of(" \t\r\n;") == std::string::npos)
    return Error(Errc::internal, "is empty");
  auto sent = send(PQsendPrepare(db_, made.name.c_str(), made.text.c_str(), 0, nullptr));
  if (!sent) return std::move(sent).error();
  if (auto done = receive(); !done) return std::move(done).error();
  if (meter_) made.timing = &meter_->of(statement.name);
  if (auto asked = send(PQsendDescribePrepared(db_, made.name.c_str())); !asked)
    return std::move(asked).error();
  auto described = receive();
  if (!described) return std::move(described).error();
  const PGresult* about = described->get();
  for (int i = 0; i < PQnparams(about); ++i) made.types.push_back(PQparamtype(about, i));
  for (int i = 0; i < PQnfields(about); ++i)
    if (!is_readable(PQftype(about, i)))
      return Error(Errc::internal, std::string("its column ") + PQfname(about, i) +
                                       " is of a type that is not read here; cast it");
  return made;
}

// ---------------------------------------------------------------- notifications

Result<bool> PostgresConnection::hear(Steady until, const std::stop_token& stop,
                                      std::string_view own) {
  const std::stop_callback on_stop(stop, Ring{&bell_});
  bool heard = false;
  for (;;) {
    if (!PQconsumeInput(db_)) return lost();
    while (PGnotify* news = PQnotifies(db_)) {
      heard = heard || own != news->extra;
      PQfreemem(news);
    }
    if (heard || stop.stop_requested()) return heard;
    if (wait(POLLIN, until) == Woken::by_time) return false;
  }
}

}  // namespace hotclock::sql
