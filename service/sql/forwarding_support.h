// For tests: databases that forward everything to a real one, to be derived from by those that fail
// where they are told.
#pragma once

#include <memory>
#include <utility>

#include "service/sql/sql.h"

namespace hotclock::sql {

class ForwardingTransaction : public Transaction {
 public:
  explicit ForwardingTransaction(std::unique_ptr<Transaction> real) : real_(std::move(real)) {}

  using Transaction::exec;
  using Transaction::query;
  Result<std::int64_t> exec(const Statement& statement, std::span<const Param> params) override {
    return real_->exec(statement, params);
  }
  Result<std::unique_ptr<Rows>> query(const Statement& statement,
                                      std::span<const Param> params) override {
    return real_->query(statement, params);
  }
  Result<> script(std::string_view text) override { return real_->script(text); }
  Result<> check(const Statement& statement) override { return real_->check(statement); }
  Result<> notify() override { return real_->notify(); }
  Result<> commit() override { return real_->commit(); }
  std::optional<Instant> now() const override { return real_->now(); }

 protected:
  Transaction& real() { return *real_; }

 private:
  const std::unique_ptr<Transaction> real_;
};

class ForwardingDatabase : public Database {
 public:
  // Must outlive it.
  explicit ForwardingDatabase(Database& real) : real_(real) {}

  Result<std::unique_ptr<Transaction>> write(Limits limits) override {
    return begin([&] { return real_.write(std::move(limits)); });
  }
  Result<std::unique_ptr<Transaction>> write_alone(Limits limits) override {
    return begin([&] { return real_.write_alone(std::move(limits)); });
  }
  Result<std::unique_ptr<Transaction>> read(Limits limits) override {
    return begin([&] { return real_.read(std::move(limits)); });
  }
  Result<std::unique_ptr<Transaction>> glance(Limits limits) override {
    return begin([&] { return real_.glance(std::move(limits)); });
  }
  Result<> script(std::string_view text, Limits limits) override {
    return real_.script(text, std::move(limits));
  }
  Result<bool> await_news(Steady until, const std::stop_token& stop) override {
    return real_.await_news(until, stop);
  }
  Result<> tell() override { return real_.tell(); }
  Result<std::optional<Instant>> now(Limits limits) override { return real_.now(std::move(limits)); }
  Result<std::vector<std::string>> integrity(Limits limits) override {
    return real_.integrity(std::move(limits));
  }
  Usage usage() override { return real_.usage(); }
  const Dialect& dialect() const override { return real_.dialect(); }
  std::string where() const override { return real_.where(); }

 protected:
  // Before a transaction begins: an error instead of it.
  virtual Result<> may_begin() { return {}; }
  // Around one that has begun.
  virtual std::unique_ptr<Transaction> wrapped(std::unique_ptr<Transaction> real) { return real; }

 private:
  template <class Begin>
  Result<std::unique_ptr<Transaction>> begin(Begin begin) {
    if (auto may = may_begin(); !may) return std::move(may).error();
    auto begun = begin();
    if (!begun) return begun;
    return wrapped(std::move(begun).value());
  }

  Database& real_;
};

// Whose commits nobody can tell the outcome of; `commits`: whether they come about.
class SilentDatabase : public ForwardingDatabase {
 public:
  SilentDatabase(Database& real, bool commits) : ForwardingDatabase(real), commits_(commits) {}

 private:
  class SilentTransaction final : public ForwardingTransaction {
   public:
    SilentTransaction(std::unique_ptr<Transaction> real, bool commits)
        : ForwardingTransaction(std::move(real)), commits_(commits) {}
    Result<> commit() override {
      if (commits_)
        if (auto done = real().commit(); !done) return done;
      return Error(Errc::unknown, "the answer was lost");
    }

   private:
    const bool commits_;
  };

  std::unique_ptr<Transaction> wrapped(std::unique_ptr<Transaction> real) override {
    return std::make_unique<SilentTransaction>(std::move(real), commits_);
  }

  const bool commits_;
};

}  // namespace hotclock::sql
