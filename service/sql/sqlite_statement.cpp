#include <charconv>
#include <cmath>

#include "service/sql/sqlite_connection.h"
#include "service/sql/text.h"

namespace hotclock::sql {
namespace {

// The N of "$N"; 0 where the name is none of ours.
int number_of(const char* name) {
  if (name == nullptr || name[0] != '$') return 0;
  const std::string_view digits(name + 1);
  int number = 0;
  const auto end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

// Every parameter must be $1, $2, ... without a gap: PostgreSQL knows no others.
Result<SqliteStatement::Numbers> parameter_numbers(sqlite3_stmt* handle) {
  const int count = sqlite3_bind_parameter_count(handle);
  SqliteStatement::Numbers numbers;
  for (int i = 1; i <= count; ++i) {
    const int number = number_of(sqlite3_bind_parameter_name(handle, i));
    if (number < 1 || number > count)
      return Error(Errc::internal, "its parameters are not $1 to $" + std::to_string(count));
    numbers.push_back(number);
  }
  return numbers;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

// Binds one value; the engine's result code, or why it is not bindable anywhere.
class Binder {
 public:
  Binder(sqlite3_stmt* handle, int at, bool keep) : handle_(handle), at_(at), keep_(keep) {}

  Result<> operator()(std::nullptr_t) const { return checked(sqlite3_bind_null(handle_, at_)); }
  Result<> operator()(std::int64_t v) const { return checked(sqlite3_bind_int64(handle_, at_, v)); }
  Result<> operator()(Instant t) const { return (*this)(to_millis(t)); }
  Result<> operator()(double v) const {
    // SQLite would make NULL of it.
    if (!std::isfinite(v)) return Error(Errc::invalid, "is not a finite number");
    return checked(sqlite3_bind_double(handle_, at_, v));
  }
  Result<> operator()(std::string_view text) const {
    if (const auto why = unfit(text)) return Error(Errc::invalid, *why);
    // An empty view may have no address, and SQLite would take that for NULL.
    return checked(sqlite3_bind_text64(handle_, at_, text.empty() ? "" : text.data(), text.size(),
                                       keep_ ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
  }
  template <class Value>
  Result<> operator()(std::span<const Value>) const {
    return Error(Errc::internal, "is a column, which SQLite does not take");
  }

 private:
  static Result<> checked(int rc) {
    if (rc == SQLITE_OK) return {};
    return Error(rc == SQLITE_TOOBIG ? Errc::invalid : Errc::internal, sqlite3_errstr(rc));
  }

  sqlite3_stmt* handle_;
  int at_;
  bool keep_;
};

}  // namespace

Result<> SqliteStatement::bind(std::span<const Param> params, bool keep) {
  if (params.size() != numbers_.size())
    return Error(Errc::internal, "takes " + std::to_string(numbers_.size()) + " parameters, got " +
                                     std::to_string(params.size()));
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const Param& value = params[static_cast<std::size_t>(numbers_[i] - 1)];
    const Binder binder(handle(), static_cast<int>(i) + 1, keep);
    if (auto bound = std::visit(binder, value); !bound)
      return std::move(bound).error().within("$" + std::to_string(numbers_[i]));
  }
  return {};
}

void SqliteStatement::reset() {
  sqlite3_reset(handle());
  sqlite3_clear_bindings(handle());
  in_use = false;
}

Result<std::shared_ptr<SqliteStatement>> SqliteConnection::prepare(const Statement& statement,
                                                                   unsigned flags) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int rc = sqlite3_prepare_v3(db_, statement.text.data(),
                                    static_cast<int>(statement.text.size()), flags, &handle, &rest);
  if (rc != SQLITE_OK) return error(rc).within(statement.name);
  auto made = std::make_shared<SqliteStatement>(handle);
  if (handle == nullptr) return Error(Errc::internal, "is empty").within(statement.name);
  const auto used = static_cast<std::size_t>(rest - statement.text.data());
  if (!is_blank(statement.text.substr(used)))
    return Error(Errc::internal, "is more than one statement").within(statement.name);
  auto numbers = parameter_numbers(handle);
  if (!numbers) return std::move(numbers).error().within(statement.name);
  made->number(std::move(numbers).value());
  return made;
}

Result<std::shared_ptr<SqliteStatement>> SqliteConnection::prepared(const Statement& statement) {
  auto& kept = kept_[&statement];
  // The address alone would not do: a statement that is no constant may have had it before.
  if (kept && kept->is(statement.text) && !kept->in_use) return kept;
  const bool taken = kept && kept->in_use;
  auto made = prepare(statement, taken ? 0 : SQLITE_PREPARE_PERSISTENT);
  if (made && meter_) (*made)->timing = &meter_->of(statement.name);
  if (made && !taken) kept = *made;
  return made;
}

}  // namespace hotclock::sql
