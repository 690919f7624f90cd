#include "service/profiling/measuring.h"

#include <algorithm>
#include <utility>

namespace hotclock::profiling {
namespace {

Steady steady() { return std::chrono::steady_clock::now(); }

using Nanos = std::chrono::nanoseconds;
Span in_span(Nanos ns) { return std::chrono::duration_cast<Span>(ns); }

struct SizeOf {
  std::int64_t operator()(std::nullptr_t) const { return 0; }
  std::int64_t operator()(std::string_view text) const { return std::ssize(text); }
  std::int64_t operator()(sql::Integers list) const { return 8 * std::ssize(list); }
  std::int64_t operator()(sql::Instants list) const { return 8 * std::ssize(list); }
  std::int64_t operator()(sql::Texts list) const {
    std::int64_t all = 0;
    for (const std::string_view text : list) all += std::ssize(text);
    return all;
  }
  template <class Number>
  std::int64_t operator()(Number) const {
    return 8;
  }
};

std::int64_t bytes_of(std::span<const sql::Param> params) {
  std::int64_t all = 0;
  for (const sql::Param& param : params) all += std::visit(SizeOf{}, param);
  return all;
}

// What a chunk itself says to the database, beside the job.
enum class Whose { job, outbox, fence };

Whose whose(std::string_view name) {
  if (name.starts_with("outbox.")) return Whose::outbox;
  if (name.starts_with("work.chunk.")) return Whose::fence;
  return Whose::job;
}

// Phases as they are counted: rounded once, at the end.
struct Nanoseconds {
  Nanos turn{}, statements{}, events{}, fence{}, commit{};

  Nanos& of(Whose whose) {
    if (whose == Whose::outbox) return events;
    return whose == Whose::fence ? fence : statements;
  }
  Nanos sum() const { return turn + statements + events + fence + commit; }
};

}  // namespace

// ---------------------------------------------------------------- parameters

KeptParams::KeptParams(std::span<const sql::Param> params) {
  for (const sql::Param& param : params) params_.push_back(kept(param));
}

sql::Param KeptParams::kept(const sql::Param& param) {
  if (const auto* text = std::get_if<std::string_view>(&param))
    return std::string_view(texts_.emplace_back(*text));
  if (const auto* list = std::get_if<sql::Integers>(&param))
    return sql::Integers(integers_.emplace_back(list->begin(), list->end()));
  if (const auto* list = std::get_if<sql::Instants>(&param))
    return sql::Instants(instants_.emplace_back(list->begin(), list->end()));
  if (const auto* list = std::get_if<sql::Texts>(&param)) {
    auto& views = lists_.emplace_back();
    for (const std::string_view text : *list) views.push_back(texts_.emplace_back(text));
    return sql::Texts(views);
  }
  return param;
}

// ---------------------------------------------------------------- the recorder

Profile Recorder::profile() const {
  Profile out = sums_;
  for (const auto& [name, ran] : statements_) out.statements.push_back(ran.figures);
  out.run = in_span(steady() - began_);
  out.bound();
  return out;
}

Ran& Recorder::ran(const sql::Statement& statement) {
  const auto [found, fresh] = statements_.try_emplace(std::string(statement.name));
  if (fresh) {
    found->second.figures.name = statement.name;
    found->second.text = statement.text;
  }
  return found->second;
}

void Recorder::ended(ChunkProfile chunk) {
  chunk.number = ++sums_.chunks;
  if (!chunk.committed) ++sums_.rolled_back;
  sums_.phases += chunk.phases;
  sums_.rows += chunk.rows;
  sums_.bytes += chunk.bytes;
  if (told_) told_(chunk);
  sums_.kept_chunks.push_back(chunk);
  if (sums_.kept_chunks.size() > 8 * (Profile::first_chunks + Profile::slowest_chunks))
    sums_.bound();
}

// ---------------------------------------------------------------- transactions

class MeasuringTransaction final : public sql::Transaction {
 public:
  MeasuringTransaction(std::unique_ptr<sql::Transaction> real, Recorder& recorder, Steady asked,
                       bool writing)
      : real_(std::move(real)), recorder_(recorder), asked_(asked), writing_(writing) {
    spent_.turn = steady() - asked_;
  }
  ~MeasuringTransaction() override {
    real_.reset();
    const Nanos took = steady() - asked_;
    if (!writing_) {
      recorder_.read(in_span(took));
      return;
    }
    chunk_.began = in_span(asked_ - recorder_.began_);
    chunk_.took = in_span(took);
    chunk_.phases = {.turn = in_span(spent_.turn),
                     .statements = in_span(spent_.statements),
                     .events = in_span(spent_.events),
                     .fence = in_span(spent_.fence),
                     .commit = in_span(spent_.commit),
                     .own = in_span(std::max(Nanos{}, took - spent_.sum()))};
    recorder_.ended(chunk_);
  }

  Result<std::int64_t> exec(const sql::Statement& statement,
                            std::span<const sql::Param> params) override {
    const Steady began = steady();
    auto done = real_->exec(statement, params);
    ran(statement, params, steady() - began, {.changed = done ? *done : 0});
    return done;
  }
  Result<> post(const sql::Statement& statement, std::span<const sql::Param> params) override {
    const Steady began = steady();
    auto done = real_->post(statement, params);
    ran(statement, params, steady() - began, {});
    return done;
  }
  Result<std::vector<std::int64_t>> exec_each(const sql::Statement& statement,
                                              std::span<const sql::Param> params,
                                              std::size_t width) override {
    const Steady began = steady();
    auto done = real_->exec_each(statement, params, width);
    Rows rows{.runs = width == 0 ? 1 : std::ssize(params) / static_cast<std::int64_t>(width)};
    if (done)
      for (const std::int64_t changed : *done) rows.changed += changed;
    ran(statement, params, steady() - began, rows, width);
    return done;
  }
  Result<std::unique_ptr<sql::Rows>> query(const sql::Statement& statement,
                                           std::span<const sql::Param> params) override;
  Result<std::vector<std::unique_ptr<sql::Rows>>> query_all(
      std::span<const sql::Question> questions) override;
  Result<> script(std::string_view text) override { return real_->script(text); }
  Result<> check(const sql::Statement& statement) override { return real_->check(statement); }
  Result<> notify() override { return real_->notify(); }
  Result<> commit() override {
    const Steady began = steady();
    auto done = real_->commit();
    spent_.commit += steady() - began;
    chunk_.committed = static_cast<bool>(done);
    return done;
  }
  std::optional<Instant> now() const override { return real_->now(); }

 private:
  friend class MeasuringRows;

  struct Rows {
    std::int64_t changed = 0;
    std::int64_t runs = 1;
  };
  static constexpr std::size_t all_of_them = static_cast<std::size_t>(-1);

  void ran(const sql::Statement& statement, std::span<const sql::Param> params, Nanos took,
           const Rows& rows, std::size_t width = all_of_them);
  // More time for what was run before: its rows are read.
  void more(Whose whose, Nanos took) { spent_.of(whose) += took; }

  std::unique_ptr<sql::Transaction> real_;
  Recorder& recorder_;
  const Steady asked_;
  const bool writing_;
  Nanoseconds spent_;
  ChunkProfile chunk_;
};

// Rows of a statement, and what reading them takes.
class MeasuringRows final : public sql::Rows {
 public:
  MeasuringRows(std::unique_ptr<sql::Rows> real, MeasuringTransaction& transaction,
                const sql::Statement& statement, Nanos until_first)
      : real_(std::move(real)),
        transaction_(transaction),
        ran_(transaction.recorder_.ran(statement)),
        whose_(whose(statement.name)),
        until_first_(in_span(until_first)) {}
  ~MeasuringRows() override { tell(); }

  bool next() override {
    const Steady began = steady();
    const bool there = real_->next();
    took_ += steady() - began;
    if (there) ++given_;
    return there;
  }
  Result<> end() override { return real_->end(); }
  bool is_null(int column) const override { return real_->is_null(column); }
  std::int64_t integer(int column) const override { return bytes_ += 8, real_->integer(column); }
  double real(int column) const override { return bytes_ += 8, real_->real(column); }
  std::string_view text(int column) const override {
    const std::string_view text = real_->text(column);
    bytes_ += std::ssize(text);
    return text;
  }
  Instant instant(int column) const override { return bytes_ += 8, real_->instant(column); }
  sql::Param value(int column) const override {
    const sql::Param value = real_->value(column);
    bytes_ += std::visit(SizeOf{}, value);
    return value;
  }

 private:
  void tell() {
    ran_.figures.took += in_span(took_);
    ran_.figures.longest = std::max(ran_.figures.longest, until_first_ + in_span(took_));
    ran_.figures.rows_given += given_;
    ran_.figures.bytes_given += bytes_;
    ran_.rows_of_longest = std::max(ran_.rows_of_longest, given_);
    transaction_.more(whose_, took_);
    if (whose_ != Whose::job) return;
    transaction_.chunk_.rows += given_;
    transaction_.chunk_.bytes += bytes_;
  }

  const std::unique_ptr<sql::Rows> real_;
  MeasuringTransaction& transaction_;
  Ran& ran_;
  const Whose whose_;
  const Span until_first_;  // an engine may do the most of a run while its rows are read
  Nanos took_{};
  std::int64_t given_ = 0;
  mutable std::int64_t bytes_ = 0;
};

void MeasuringTransaction::ran(const sql::Statement& statement, std::span<const sql::Param> params,
                               Nanos took, const Rows& rows, std::size_t width) {
  const Whose of = whose(statement.name);
  const std::int64_t bytes = bytes_of(params);
  Ran& ran = recorder_.ran(statement);
  StatementProfile& figures = ran.figures;
  if (figures.runs == 0 || in_span(took) > figures.longest)
    ran.params = KeptParams(params.first(std::min(width, params.size())));
  figures.runs += rows.runs;
  figures.took += in_span(took);
  figures.longest = std::max(figures.longest, in_span(took));
  figures.rows_changed += rows.changed;
  figures.bytes_sent += bytes;
  ran.rows_of_longest = std::max(ran.rows_of_longest, rows.changed);
  spent_.of(of) += took;
  if (of != Whose::job) return;
  chunk_.rows += rows.changed;
  chunk_.bytes += bytes;
}

Result<std::unique_ptr<sql::Rows>> MeasuringTransaction::query(const sql::Statement& statement,
                                                               std::span<const sql::Param> params) {
  const Steady began = steady();
  auto rows = real_->query(statement, params);
  const Nanos took = steady() - began;
  ran(statement, params, took, {});
  if (!rows) return rows;
  return std::unique_ptr<sql::Rows>(
      std::make_unique<MeasuringRows>(std::move(rows).value(), *this, statement, took));
}

// They go together, and take their time together: each is said to have taken its share.
Result<std::vector<std::unique_ptr<sql::Rows>>> MeasuringTransaction::query_all(
    std::span<const sql::Question> questions) {
  const Steady began = steady();
  auto answers = real_->query_all(questions);
  const Nanos share = (steady() - began) / std::max<std::int64_t>(1, std::ssize(questions));
  for (const sql::Question& question : questions)
    ran(*question.statement, question.params, share, {});
  if (!answers) return answers;
  for (std::size_t i = 0; i < answers->size(); ++i)
    (*answers)[i] = std::make_unique<MeasuringRows>(std::move((*answers)[i]), *this,
                                                    *questions[i].statement, share);
  return answers;
}

// ---------------------------------------------------------------- the database

namespace {

class MeasuringDatabase final : public sql::Database {
 public:
  MeasuringDatabase(sql::Database& real, Recorder& recorder) : real_(real), recorder_(recorder) {}

  Result<std::unique_ptr<sql::Transaction>> write(sql::Limits limits) override {
    return begun(true, [&] { return real_.write(std::move(limits)); });
  }
  Result<std::unique_ptr<sql::Transaction>> write_alone(sql::Limits limits) override {
    return begun(true, [&] { return real_.write_alone(std::move(limits)); });
  }
  Result<std::unique_ptr<sql::Transaction>> read(sql::Limits limits) override {
    return begun(false, [&] { return real_.read(std::move(limits)); });
  }
  Result<std::unique_ptr<sql::Transaction>> glance(sql::Limits limits) override {
    return begun(false, [&] { return real_.glance(std::move(limits)); });
  }
  Result<> script(std::string_view text, sql::Limits limits) override {
    return real_.script(text, std::move(limits));
  }
  Result<bool> await_news(Steady until, const std::stop_token& stop) override {
    return real_.await_news(until, stop);
  }
  Result<> tell() override { return real_.tell(); }
  Result<std::optional<Instant>> now(sql::Limits limits) override {
    return real_.now(std::move(limits));
  }
  Result<std::vector<std::string>> integrity(sql::Limits limits) override {
    return real_.integrity(std::move(limits));
  }
  sql::Usage usage() override { return real_.usage(); }
  const sql::Dialect& dialect() const override { return real_.dialect(); }
  std::string where() const override { return real_.where(); }

 private:
  template <class Begin>
  Result<std::unique_ptr<sql::Transaction>> begun(bool writing, Begin begin) {
    const Steady asked = steady();
    auto real = begin();
    if (!real) return real;
    return std::unique_ptr<sql::Transaction>(
        std::make_unique<MeasuringTransaction>(std::move(real).value(), recorder_, asked, writing));
  }

  sql::Database& real_;
  Recorder& recorder_;
};

}  // namespace

std::unique_ptr<sql::Database> measuring(sql::Database& real, Recorder& recorder) {
  return std::make_unique<MeasuringDatabase>(real, recorder);
}

}  // namespace hotclock::profiling
