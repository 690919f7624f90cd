#include "service/sql/postgres_database.h"

#include <unistd.h>

#include <algorithm>
#include <random>
#include <thread>

#include "service/sql/pool.h"
#include "service/sql/postgres_connection.h"
#include "service/sql/postgres_error.h"
#include "service/sql/postgres_transaction.h"
#include "service/sql/postgres_where.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

using Connections = Pool<PostgresConnection>;

// Between two attempts to connect: from the first to the longest, doubling.
constexpr Duration first_back_off = 50ms, longest_back_off = 2s;
// How long whoever wants a transaction waits for a server that is away. Who works schedules tries
// again by himself, and says so.
constexpr Duration reconnect_patience = 5s;

constexpr std::string_view listing =
    "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";

constexpr std::string_view column_listing =
    "SELECT t.relname::text, a.attname::text, coalesce((SELECT k.place FROM unnest(i.indkey)"
    " WITH ORDINALITY AS k (attnum, place) WHERE k.attnum = a.attnum), 0)"
    " FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT "
    "a.attisdropped"
    " LEFT JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisprimary"
    " WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = ANY (SELECT oid "
    "FROM pg_namespace"
    " WHERE nspname = ANY (current_schemas(false))) ORDER BY t.oid, a.attnum";

// Every identity column of the schemas in the search path.
constexpr std::string_view recount = R"sql(DO $$
DECLARE c record;
BEGIN
  FOR c IN SELECT table_schema, table_name, column_name FROM information_schema.columns
            WHERE is_identity = 'YES' AND table_schema = ANY (current_schemas(false)) LOOP
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I)) FROM %I.%I HAVING max(%I) > 0',
                   quote_ident(c.table_schema) || '.' || quote_ident(c.table_name), c.column_name,
                   c.column_name, c.table_schema, c.table_name, c.column_name);
  END LOOP;
END $$)sql";

// Some number that is the same for the same text on every node and in every release.
std::int64_t number_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<std::int64_t>(hash);
}

std::string random_name() {
  std::random_device device;
  return std::to_string(getpid()) + "-" + std::to_string(device());
}

// A standby too may be the primary in a moment.
bool later_may_do(const Error& error) {
  return error.code() == Errc::unavailable || error.code() == Errc::read_only;
}

// How long a pool in between may take to give a second connection.
constexpr Duration pool_patience = 5s;
constexpr int pool_rounds = 10;

// Of two connections at once, neither may do its work in the server process of the other.
Result<> expect_sessions(PostgresConnection& first, const PostgresSettings& settings) {
  const Watch watch(Limits{.stop = {}, .deadline = pool_patience});
  auto second = PostgresConnection::open(settings, watch);
  if (!second && second.error().code() == Errc::timeout)
    return Error(Errc::unavailable,
                 "the pool before " + settings.where +
                     " gives no second connection within 5 s; give it a server connection for"
                     " each of Hotclock's: [database] connections and two more a process");
  if (!second) return std::move(second).error();
  if ((*second)->backend() == first.backend()) return no_session(settings.where);
  // The second holds on to whatever it was given for its transaction. Where others use the pool as
  // well, the first may by chance be given what it had before.
  (*second)->obey(watch);
  first.obey(watch);
  for (int round = 0; round < pool_rounds; ++round) {
    if (auto begun = (*second)->run("BEGIN; SELECT 1"); !begun) return std::move(begun).error();
    auto process = first.run("SELECT pg_backend_pid()");
    if (!process && process.error().code() != Errc::timeout) return std::move(process).error();
    if (!process || std::atoi(PQgetvalue(process->get(), 0, 0)) != first.backend())
      return no_session(settings.where);
    if (auto ended = (*second)->run("ROLLBACK"); !ended) return std::move(ended).error();
  }
  first.obey_nobody();
  return {};
}

// One after the other, each attempt a little later than the one before.
class BackOff {
 public:
  explicit BackOff(const Watch& watch, Duration patience)
      : watch_(watch),
        until_(std::min<Steady>(watch.deadline(), std::chrono::steady_clock::now() + patience)) {}

  // False where there is no time for another attempt.
  bool wait() {
    const Steady next = std::chrono::steady_clock::now() + delay_;
    if (watch_.over() || next >= until_) return false;
    delay_ = std::min(delay_ * 2, longest_back_off);
    const std::stop_callback on_stop(watch_.stop(), [&bell = Bell::mine()] { bell.ring(); });
    while (std::chrono::steady_clock::now() < next && !watch_.stopped()) Bell::mine().wait(next);
    return !watch_.over();
  }

 private:
  const Watch& watch_;
  const Steady until_;
  Duration delay_ = first_back_off;
};

// What a transaction that writes begins with: what it is known by, and the server's time.
constexpr Statement marking{"begin",
                            "SELECT pg_current_xact_id()::text,"
                            " floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text"};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(PostgresSettings settings, const OpenOptions& options)
      : settings_(std::move(settings)),
        channel_("hotclock_" + settings_.schema),
        // Who has the turn waits for nobody's row for long. What is selected from the lock is
        // computed once that is held.
        turn_text_(std::string(marking.text) +
                   ", set_config('lock_timeout', '1s', true) FROM pg_advisory_xact_lock(" +
                   std::to_string(number_of("hotclock:" + settings_.schema)) + ")"),
        platform_("\"" + settings_.platform_schema + "\"."),
        look_up_patience_(options.look_up),
        work_(std::max(options.connections, 1),
              "all connections to " + settings_.where + " are taken", opener()),
        alone_(1, "another thread of this process writes the ledger of " + settings_.where,
               [this](const Watch& watch) {
                 // All nodes wait for whoever has the turn: nobody may keep it for long.
                 PostgresSettings hurried = settings_;
                 hurried.idle_limit = "3s";
                 hurried.by_key = true;
                 return PostgresConnection::open(hurried, watch);
               }) {
    settings_.meter = &meter_;
    dialect_.platform = platform_;
    dialect_.platform_adopted = options.platform_adopted;
  }

  // Connects once, so that what is wrong is said now; makes the schemas where asked.
  Result<> try_out(bool create) {
    const Watch watch{Limits{}};
    auto connection = PostgresConnection::open(settings_, watch);
    if (!connection) return std::move(connection).error();
    if ((*connection)->through_a_pool())
      if (auto fit = expect_sessions(**connection, settings_); !fit) return fit;
    if (create) {
      auto made = (*connection)->run(schemas_to_make());
      if (!made) return std::move(made).error().within("make the schemas");
    }
    static constexpr Statement schema{"schema",
                                      "SELECT count(*) FROM pg_namespace WHERE nspname = $1"};
    const Param name[] = {std::string_view(settings_.schema)};
    auto there = (*connection)->execute(schema, name);
    if (!there) return std::move(there).error();
    if (PostgresRows rows(std::move(there).value(), std::make_shared<bool>(false));
        rows.next() && rows.integer(0) == 0)
      return Error(Errc::not_found,
                   "there is no schema " + settings_.schema + " in " + settings_.where);
    return {};
  }

  Result<std::unique_ptr<Transaction>> write(Limits limits = {}) override {
    const Watch watch(limits);
    return patiently(watch, [&] { return write_once(work_, watch, marking); });
  }

  Result<std::unique_ptr<Transaction>> write_alone(Limits limits = {}) override {
    const Watch watch(limits);
    auto begun = patiently(watch, [&] { return write_once(alone_, watch, turn_); });
    if (!begun && begun.error().code() == Errc::timeout) return waited_for_its_turn(watch);
    return begun;
  }

  Result<Asked> ask_alone(std::span<const Question> questions, Limits limits = {}) override {
    const Watch watch(limits);
    auto asked = patiently(watch, [&] { return ask_once(alone_, watch, turn_, questions); });
    if (!asked && asked.error().code() == Errc::timeout) return waited_for_its_turn(watch);
    return asked;
  }

  Result<std::unique_ptr<Transaction>> read(Limits limits = {}) override {
    return begin_reading("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Watch(limits));
  }

  // Outside any transaction: a statement by itself is one.
  Result<std::unique_ptr<Transaction>> glance(Limits limits = {}) override {
    return begin_reading("", Watch(limits));
  }

  Result<> script(std::string_view text, Limits limits = {}) override {
    const Watch watch(limits);
    auto connection = work_.take(watch);
    if (!connection) return std::move(connection).error().within("script");
    (*connection)->obey(watch);
    auto done = (*connection)->run(std::string(text));
    (*connection)->obey_nobody();
    if (!(*connection)->spent() && !(*connection)->at_rest()) [[maybe_unused]]
      const auto rolled_back = (*connection)->run("ROLLBACK");
    give(work_, std::move(connection).value());
    return done ? Result<>() : std::move(done).error().within("script");
  }

  Result<bool> await_news(Steady until, const std::stop_token& stop) override {
    if (!listener_ || listener_->spent()) {
      auto listening = listen(stop);
      if (!listening) return std::move(listening).error().within("listen for news");
      // What was told while nobody listened is not told again.
      return true;
    }
    auto heard = listener_->hear(until, stop, sender_);
    if (!heard) return std::move(heard).error().within("listen for news");
    return heard;
  }

  Result<> tell() override {
    return script("SELECT pg_notify('" + channel_ + "', '" + sender_ + "')");
  }

  Result<std::optional<Instant>> now(Limits limits = {}) override {
    static constexpr Statement clock{"now", "SELECT clock_timestamp()"};
    auto transaction = read(std::move(limits));
    if (!transaction) return std::move(transaction).error();
    auto rows = (*transaction)->query(clock, {});
    if (!rows) return std::move(rows).error();
    std::optional<Instant> now;
    while ((*rows)->next()) now = (*rows)->instant(0);
    if (auto end = (*rows)->end(); !end) return std::move(end).error();
    return now;
  }

  Result<std::vector<std::string>> integrity(Limits limits = {}) override {
    static constexpr Statement unsound{
        "integrity",
        "SELECT 'index ' || i.indexrelid::regclass || ' is not valid: REINDEX it' "
        "  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid "
        " WHERE NOT (i.indisvalid AND i.indisready) "
        "   AND c.relnamespace::regnamespace::text IN ($1, $2) "
        "UNION ALL "
        "SELECT 'constraint ' || conname || ' of ' || conrelid::regclass || "
        "       ' was never checked: VALIDATE it' "
        "  FROM pg_constraint WHERE NOT convalidated "
        "   AND connamespace::regnamespace::text IN ($1, $2)"};
    auto transaction = read(limits);
    if (!transaction) return std::move(transaction).error().within("check the database");
    const Param names[] = {std::string_view(settings_.schema),
                           std::string_view(settings_.platform_schema)};
    auto rows = (*transaction)->query(unsound, names);
    if (!rows) return std::move(rows).error().within("check the database");
    std::vector<std::string> findings;
    while ((*rows)->next()) findings.emplace_back((*rows)->text(0));
    return findings;
  }

  Usage usage() override {
    Usage out = meter_.read();
    out.pools = {work_.use("work"), alone_.use("ledger")};
    return out;
  }

  const Dialect& dialect() const override { return dialect_; }
  std::string where() const override { return settings_.where; }

 private:
  std::string schemas_to_make() const {
    const std::string make = "CREATE SCHEMA IF NOT EXISTS ";
    const std::string own = make + "\"" + settings_.schema + "\"";
    if (dialect_.platform_adopted) return own;
    return own + ";" + make + "\"" + settings_.platform_schema + "\"";
  }

  Connections::Open opener() {
    return [this](const Watch& watch) { return PostgresConnection::open(settings_, watch); };
  }

  Error waited_for_its_turn(const Watch& watch) const {
    return watch.waited_for("another node writes the ledger of " + settings_.where);
  }

  static void give(Connections& pool, std::unique_ptr<PostgresConnection> connection) {
    if (connection->spent() || !connection->at_rest())
      pool.drop(std::move(connection));
    else
      pool.give(std::move(connection));
  }

  // Nothing has been done yet, so that another connection does as well: one that was lost while it
  // lay idle costs nobody anything.
  template <class Begin>
  static auto patiently(const Watch& watch, Begin begin) -> decltype(begin()) {
    BackOff back_off(watch, reconnect_patience);
    for (;;) {
      auto begun = begin();
      if (begun || !later_may_do(begun.error())) return begun;
      if (!back_off.wait())
        return watch.stopped() ? watch.cut_short().within("begin") : std::move(begun).error();
    }
  }

  // No text: to glance.
  Result<std::unique_ptr<Transaction>> begin_reading(const std::string& text, const Watch& watch) {
    return patiently(watch, [&] { return read_once(text, watch); });
  }

  Result<std::unique_ptr<Transaction>> read_once(const std::string& text, const Watch& watch) {
    auto taken = work_.take(watch);
    if (!taken) return std::move(taken).error().within("begin");
    auto connection = std::move(taken).value();
    connection->obey(watch);
    const bool glance = text.empty();
    auto begun =
        glance && connection->silent() ? Result<PostgresResult>(nullptr) : connection->run(text);
    if (!begun) return not_begun(work_, std::move(connection), std::move(begun).error());
    PostgresTransaction::Begun about = about_one_in(work_);
    about.glance = glance;
    return std::unique_ptr<Transaction>(
        transaction_on(work_, std::move(connection), watch, std::move(about)));
  }

  Result<std::unique_ptr<Transaction>> write_once(Connections& pool, const Watch& watch,
                                                  const Statement& first) {
    auto asked = ask_once(pool, watch, first, {});
    if (!asked) return std::move(asked).error();
    return std::move(asked->transaction);
  }

  Result<Asked> ask_once(Connections& pool, const Watch& watch, const Statement& first,
                         std::span<const Question> questions) {
    auto taken = pool.take(watch);
    if (!taken) return std::move(taken).error().within("begin");
    auto connection = std::move(taken).value();
    connection->obey(watch);
    auto begun = connection->begin(first, questions);
    if (!begun) return not_begun(pool, std::move(connection), std::move(begun).error());
    PostgresTransaction::Begun about = about_one_in(pool);
    mark(about, *begun->front(), *connection);
    auto transaction = transaction_on(pool, std::move(connection), watch, std::move(about));
    begun->erase(begun->begin());
    auto answers = transaction->rows_of(std::move(begun).value());
    return Asked{std::move(transaction), std::move(answers)};
  }

  // Its neighbours were lost with it, as a rule.
  static Error not_begun(Connections& pool, std::unique_ptr<PostgresConnection> connection,
                         Error why) {
    if (Meter* meter = connection->meter()) meter->failed(why.code());
    connection->obey_nobody();
    if (connection->spent()) pool.forget_idle();
    pool.drop(std::move(connection));
    return std::move(why).within("begin");
  }

  PostgresTransaction::Begun about_one_in(const Connections& pool) const {
    return {.in_turn = &pool == &alone_, .channel = channel_, .sender = sender_};
  }

  static void mark(PostgresTransaction::Begun& about, const PGresult& row,
                   const PostgresConnection& connection) {
    about.writing = true;
    about.mark = {PQgetvalue(&row, 0, 0), connection.backend(), connection.server()};
    about.now = from_millis(std::atoll(PQgetvalue(&row, 0, 1)));
  }

  std::unique_ptr<PostgresTransaction> transaction_on(
      Connections& pool, std::unique_ptr<PostgresConnection> connection, const Watch& watch,
      PostgresTransaction::Begun about) {
    return std::make_unique<PostgresTransaction>(
        std::move(connection),
        [&pool](std::unique_ptr<PostgresConnection> c) { give(pool, std::move(c)); },
        [this](const TransactionMark& mark) { return look_up(mark); }, watch, std::move(about));
  }

  // Asks the server how a transaction ended. One that is still open has a client that is gone: its
  // backend is ended, which settles it either way. A server that was started anew, or another one
  // in its place, may have given the id again where the transaction never reached its log.
  Result<bool> look_up(const TransactionMark& mark) {
    static constexpr Statement ask{"look_up", "SELECT pg_xact_status($1::text::xid8)"};
    static constexpr Statement end{
        "end_backend",
        "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity "
        " WHERE pid = $1 AND backend_xid::text = ($2::text::numeric % 4294967296)::text"};
    const Watch watch(Limits{.stop = {}, .deadline = look_up_patience_});
    BackOff back_off(watch, look_up_patience_);
    const Param id[] = {std::string_view(mark.id)};
    const Param backend[] = {std::int64_t{mark.backend}, std::string_view(mark.id)};
    std::string why = " did not say what became of transaction ";
    do {
      auto connection = PostgresConnection::open(settings_, watch);
      if (!connection || (*connection)->standby()) continue;
      (*connection)->obey(watch);
      auto answer = (*connection)->execute(ask, id);
      const bool never_given =
          !answer && answer.error().code() == Errc::check;  // "is in the future"
      if (never_given) return false;
      if (!answer) continue;
      PostgresRows rows(std::move(answer).value(), std::make_shared<bool>(false));
      if (!rows.next() || rows.is_null(0)) break;
      const bool same_server = (*connection)->server() == mark.server;
      if (rows.text(0) == "committed" && same_server) return true;
      if (rows.text(0) == "committed") {
        why = " was started anew, and may have given away once more the id of transaction ";
        break;
      }
      if (rows.text(0) != "in progress" || !same_server) return false;
      [[maybe_unused]] const auto ended = (*connection)->execute(end, backend);
    } while (back_off.wait());
    return Error(Errc::unknown,
                 "the outcome of the commit is unknown: " + settings_.where + why + mark.id);
  }

  Result<> listen(const std::stop_token& stop) {
    listener_.reset();
    const Watch watch(Limits{.stop = stop});
    auto connection = PostgresConnection::open(settings_, watch);
    if (!connection) return std::move(connection).error();
    auto done = (*connection)->run("LISTEN \"" + channel_ + "\"");
    if (!done) return std::move(done).error();
    listener_ = std::move(connection).value();
    return {};
  }

  PostgresSettings settings_;  // constant once it is built
  const std::string channel_;
  const std::string sender_ = random_name();
  const std::string turn_text_;
  // How those who write the ledger wait for their turn as they begin.
  const Statement turn_{"begin", turn_text_};
  const std::string platform_;
  const Duration look_up_patience_;
  Dialect dialect_{
      .engine = "postgresql",
      .instant = "TIMESTAMPTZ",
      .integer = "BIGINT",
      .real = "DOUBLE PRECISION",
      .identity = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
      .table_end = "",
      .keyed_end = "",
      // Half of each page stays free, so that a row's new version lies beside the old one.
      .roomy_end = " WITH (fillfactor = 50)",
      .and_id = ", id",
      .took = "CAST(extract(epoch FROM (ended_at - started_at)) * 1000 AS BIGINT)",
      .by_words = "",
      .platform = {},
      .tables = listing,
      .columns = column_listing,
      .recount_ids = recount,
      .finds_words = true,
      .locks_rows = true,
      .takes_arrays = true,
      .changes_in_with = true,
  };
  Meter meter_;
  Connections work_;
  Connections alone_;
  std::unique_ptr<PostgresConnection> listener_;
};

bool is_plain(std::string_view name) {
  return !name.empty() && name.size() < 50 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isdigit(c) || std::islower(c) || c == '_';
         });
}

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(std::string_view url, const OpenOptions& options) {
  for (const std::string& name : {options.schema, options.platform_schema})
    if (!is_plain(name))
      return Error(Errc::invalid,
                   "'" + name + "' is no name of a schema: small letters, digits and _ alone");
  if (options.platform_adopted && options.schema == options.platform_schema)
    return Error(Errc::invalid,
                 "'" + options.schema +
                     "' cannot hold both an adopted platform and Hotclock's own tables: "
                     "database.schema and database.platform_schema must differ");
  auto where = postgres_where(std::string(url));
  if (!where) return std::move(where).error();
  auto database = std::make_unique<PostgresDatabase>(
      PostgresSettings{std::string(url), std::move(where).value(), options.schema,
                       options.platform_schema},
      options);
  if (auto ok = database->try_out(options.create); !ok) return std::move(ok).error();
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace hotclock::sql
