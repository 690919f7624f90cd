#include "service/sql/postgres_transaction.h"

#include <utility>

namespace hotclock::sql {

// ---------------------------------------------------------------- rows

PostgresField PostgresRows::field(int column) const {
  const PGresult* result = result_.get();
  return {PQftype(result, column),
          {PQgetvalue(result, row_, column),
           static_cast<std::size_t>(PQgetlength(result, row_, column))}};
}

std::int64_t PostgresRows::integer(int column) const {
  return is_null(column) ? 0 : field(column).integer();
}
double PostgresRows::real(int column) const { return is_null(column) ? 0 : field(column).real(); }
std::string_view PostgresRows::text(int column) const {
  const PostgresField value = field(column);
  if (is_null(column) || is_text(value.type)) return value.bytes;
  return words_.emplace_back(value.words());
}
Instant PostgresRows::instant(int column) const {
  return is_null(column) ? Instant{} : field(column).instant();
}

Param PostgresRows::value(int column) const {
  if (is_null(column)) return nullptr;
  const Oid type = field(column).type;
  if (is_text(type)) return text(column);
  if (type == pg_type::timestamp || type == pg_type::timestamptz) return instant(column);
  if (type == pg_type::float4 || type == pg_type::float8) return real(column);
  return integer(column);
}

// ---------------------------------------------------------------- the transaction

PostgresTransaction::~PostgresTransaction() {
  *over_ = true;
  connection_->obey_nobody();
  if (!connection_->spent() && !connection_->at_rest()) [[maybe_unused]]
    const auto done = connection_->run("ROLLBACK");
  give_back_(std::move(connection_));
}

Result<std::int64_t> PostgresTransaction::exec(const Statement& statement,
                                               std::span<const Param> params) {
  if (auto refused = refused_to_write()) return *std::move(refused);
  auto result = ran(statement, params);
  if (!result) return std::move(result).error();
  // Of a question the server counts the rows it gave.
  if (std::string_view(PQcmdStatus(result->get())).starts_with("SELECT")) return 0;
  return std::int64_t{std::atoll(PQcmdTuples(result->get()))};
}

Result<> PostgresTransaction::post(const Statement& statement, std::span<const Param> params) {
  if (auto refused = refused_to_write()) return *std::move(refused);
  auto posted = connection_->post(statement, params);
  return posted ? Result<>() : fail(std::move(posted).error());
}

Result<std::vector<std::int64_t>> PostgresTransaction::exec_each(const Statement& statement,
                                                                 std::span<const Param> params,
                                                                 std::size_t width) {
  if (auto refused = refused_to_write()) return *std::move(refused);
  auto changed = connection_->execute_each(statement, params, width);
  if (!changed) return fail(std::move(changed).error());
  return changed;
}

Result<std::unique_ptr<Rows>> PostgresTransaction::query(const Statement& statement,
                                                         std::span<const Param> params) {
  auto result = ran(statement, params);
  if (!result) return std::move(result).error();
  return std::unique_ptr<Rows>(std::make_unique<PostgresRows>(std::move(result).value(), over_));
}

Result<PostgresResult> PostgresTransaction::ran(const Statement& statement,
                                                std::span<const Param> params) {
  if (auto end = ended()) return std::move(*end);
  if (begun_.glance && std::exchange(glanced_, true))
    return fail(Error(Errc::internal, "is a second statement of a glance").within(statement.name));
  auto result = connection_->execute(statement, params);
  if (result) return result;
  if (!begun_.writing && result.error().code() == Errc::read_only)
    return fail(Error(Errc::internal, "writes in a reading transaction").within(statement.name));
  return fail(std::move(result).error());
}

Result<std::vector<std::unique_ptr<Rows>>> PostgresTransaction::query_all(
    std::span<const Question> questions) {
  if (auto end = ended()) return std::move(*end);
  auto results = connection_->execute_all(questions);
  if (!results) return fail(std::move(results).error());
  return rows_of(std::move(results).value());
}

std::vector<std::unique_ptr<Rows>> PostgresTransaction::rows_of(
    std::vector<PostgresResult> results) const {
  std::vector<std::unique_ptr<Rows>> all;
  for (PostgresResult& result : results)
    all.push_back(std::make_unique<PostgresRows>(std::move(result), over_));
  return all;
}

Result<> PostgresTransaction::script(std::string_view text) {
  if (auto refused = refused_to_write()) return *std::move(refused);
  if (auto run = connection_->run(std::string(text)); !run)
    return fail(std::move(run).error().within("script"));
  return {};
}

Result<> PostgresTransaction::check(const Statement& statement) {
  if (auto end = ended()) return std::move(*end);
  auto checked = connection_->check(statement);
  return checked ? Result<>() : fail(std::move(checked).error());
}

Result<> PostgresTransaction::notify() {
  if (auto end = ended()) return std::move(*end);
  tells_ = true;
  return {};
}

Result<> PostgresTransaction::commit() {
  if (committed_) return Error(Errc::internal, "commit: it is committed already");
  if (failed_) return *failed_;
  *over_ = true;
  // Whoever has the turn waits for nobody's row for long: what it posted need not be cut short
  // either.
  const bool together = begun_.in_turn && connection_->has_posted();
  if (!together)
    if (auto posted = connection_->await_posted(); !posted) return fail(std::move(posted).error());
  connection_->obey_nobody();
  auto done = together ? commit_with_posted() : commit_alone();
  if (!done && connection_->spent() && begun_.writing)
    return looked_up(std::move(done).error().within("commit"));
  if (!done)
    return fail(together ? std::move(done).error() : std::move(done).error().within("commit"));
  committed_ = true;
  return {};
}

Result<> PostgresTransaction::commit_alone() {
  const Stopwatch watch(connection_->commit_timing());
  auto done = connection_->run((tells_ ? news() + ";" : std::string()) + "COMMIT");
  watch.stop();
  return done ? Result<>() : std::move(done).error();
}

// One way to the server instead of two. Where what was posted fails, the server leaves out the
// rest.
Result<> PostgresTransaction::commit_with_posted() {
  if (tells_)
    if (auto told = connection_->post_text("notify", news()); !told) return told;
  if (auto sent = connection_->post_text("commit", "COMMIT"); !sent) return sent;
  return connection_->await_posted();
}

// Neither name holds a character that would have to be quoted.
std::string PostgresTransaction::news() const {
  return "SELECT pg_notify('" + begun_.channel + "', '" + begun_.sender + "')";
}

// The answer to COMMIT is lost, the outcome is not: the server knows it.
Result<> PostgresTransaction::looked_up(Error lost) {
  auto committed = look_up_(begun_.mark);
  if (!committed) return fail(std::move(committed).error().within(lost.message()));
  if (!*committed) return fail(std::move(lost).within("nothing was written"));
  committed_ = true;
  return {};
}

std::optional<Error> PostgresTransaction::ended() {
  if (committed_) return Error(Errc::internal, "the transaction is committed already");
  if (failed_) return failed_;
  if (watch_.over()) return fail(watch_.cut_short());
  return std::nullopt;
}

std::optional<Error> PostgresTransaction::refused_to_write() {
  if (auto end = ended()) return end;
  if (begun_.glance) return fail(Error(Errc::internal, "writes in a glance"));
  return std::nullopt;
}

Error PostgresTransaction::fail(Error error) {
  if (failed_) return *failed_;
  if (Meter* meter = connection_->meter()) meter->failed(error.code());
  failed_ = std::move(error);
  return *failed_;
}

}  // namespace hotclock::sql
