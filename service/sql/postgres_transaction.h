// A transaction on a PostgreSQL connection, and the rows it gives.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/sql/postgres_connection.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// The rows of one query, all of them in memory: what may be large is asked for in pages.
// Threads: its transaction's.
class PostgresRows final : public Rows {
 public:
  PostgresRows(PostgresResult result, std::shared_ptr<const bool> over)
      : result_(std::move(result)), count_(PQntuples(result_.get())), over_(std::move(over)) {}

  bool next() override {
    words_.clear();
    return !*over_ && ++row_ < count_;
  }
  Result<> end() override { return {}; }

  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  Instant instant(int column) const override;
  Param value(int column) const override;

 private:
  PostgresField field(int column) const;

  const PostgresResult result_;
  const int count_;
  const std::shared_ptr<const bool> over_;
  int row_ = -1;
  mutable std::deque<std::string> words_;  // numbers of this row that were asked for as text
};

// What a transaction is known by once its connection is gone.
struct TransactionMark {
  std::string id;      // pg_current_xact_id()
  int backend = 0;     // the server's process
  std::string server;  // the server's life: PostgresConnection::server()
};

class PostgresTransaction final : public Transaction {
 public:
  // Gives the connection back to whoever lent it.
  using Return = std::function<void(std::unique_ptr<PostgresConnection>)>;
  // Whether a transaction whose answer to COMMIT was lost is committed; Errc::unknown where even
  // that cannot be found out.
  using LookUp = std::function<Result<bool>(const TransactionMark&)>;

  struct Begun {
    TransactionMark mark;        // of a writing one
    std::optional<Instant> now;  // the server's clock
    bool writing = false;
    bool in_turn = false;  // waits for nobody's row for long
    bool glance = false;   // one query, and no transaction was begun for it
    std::string channel;   // where notify() tells
    std::string sender;    // and what
  };

  PostgresTransaction(std::unique_ptr<PostgresConnection> connection, Return give_back,
                      LookUp look_up, const Watch& watch, Begun begun)
      : connection_(std::move(connection)),
        give_back_(std::move(give_back)),
        look_up_(std::move(look_up)),
        watch_(watch),
        begun_(std::move(begun)) {}
  ~PostgresTransaction() override;
  PostgresTransaction(const PostgresTransaction&) = delete;
  PostgresTransaction& operator=(const PostgresTransaction&) = delete;

  using Transaction::exec;
  using Transaction::post;
  using Transaction::query;
  Result<std::int64_t> exec(const Statement& statement, std::span<const Param> params) override;
  Result<> post(const Statement& statement, std::span<const Param> params) override;
  Result<std::vector<std::int64_t>> exec_each(const Statement& statement,
                                              std::span<const Param> params,
                                              std::size_t width) override;
  Result<std::unique_ptr<Rows>> query(const Statement& statement,
                                      std::span<const Param> params) override;
  Result<std::vector<std::unique_ptr<Rows>>> query_all(
      std::span<const Question> questions) override;
  Result<> script(std::string_view text) override;
  Result<> check(const Statement& statement) override;
  Result<> notify() override;
  Result<> commit() override;
  std::optional<Instant> now() const override { return begun_.now; }

  // What its connection was asked, as rows of this transaction.
  std::vector<std::unique_ptr<Rows>> rows_of(std::vector<PostgresResult> results) const;

 private:
  // Why nothing may be run any more; none while all is well.
  std::optional<Error> ended();
  // The same for what may change data.
  std::optional<Error> refused_to_write();
  // Keeps the first error: it is every later call's.
  Error fail(Error error);
  Result<PostgresResult> ran(const Statement& statement, std::span<const Param> params);
  Result<> commit_alone();
  Result<> commit_with_posted();
  std::string news() const;
  Result<> looked_up(Error lost);

  std::unique_ptr<PostgresConnection> connection_;
  Return give_back_;
  LookUp look_up_;
  const Watch watch_;
  const Begun begun_;
  bool committed_ = false;
  bool glanced_ = false;
  bool tells_ = false;
  std::optional<Error> failed_;
  const std::shared_ptr<bool> over_ = std::make_shared<bool>(false);
};

}  // namespace hotclock::sql
