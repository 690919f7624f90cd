// Errors are values: what went wrong, in which step, and what kind of thing it was.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace hotclock {

// What kind of failure it is: what a caller may do about it depends on nothing else.
enum class Errc {
  invalid,      // the input is wrong; the message says where and what would be right
  not_found,    // no such thing
  conflict,     // it exists already, or its state forbids the act
  stale,        // it was changed after the version that was named
  forbidden,    // whoever asks may not
  busy,         // somebody else holds it now; later may do
  stopped,      // a stop was requested (shutdown, cancel, time limit) and was obeyed
  timeout,      // a deadline passed
  lease_lost,   // the slot is no longer ours: the fence has moved on
  unique,       // a database constraint: unique key,
  foreign_key,  //   foreign key,
  check,        //   CHECK or NOT NULL
  read_only,    // the database cannot be written
  disk_full,    // no room left on the disk
  corrupt,      // the database file is damaged, or is no database
  unavailable,  // the database or another service cannot be reached now
  unknown,      // it may have taken effect or not, and nobody could be asked
  unsupported,  // understood, but not to be had here
  internal,     // a fault of Hotclock itself
};

// "invalid", "disk_full", ...: as it stands in JSON output and in the history.
std::string_view to_string(Errc code);

// A failure: its kind and one message for a person. within() adds the step in front, so that the
// outermost reader sees the way down: "claim slots: begin: database is locked by pid 4711".
class Error {
 public:
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

  Errc code() const { return code_; }
  const std::string& message() const { return message_; }

  Error within(std::string_view step) && {
    message_ = std::string(step) + ": " + message_;
    return std::move(*this);
  }
  Error within(std::string_view step) const& { return Error(*this).within(step); }

  friend bool operator==(const Error&, const Error&) = default;

 private:
  Errc code_;
  std::string message_;
};

// A value or an Error; the shape of C++23's std::expected, of which g++ 12 has none in C++20 mode.
template <class T = void>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !has_value().
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

  T value_or(T other) && { return has_value() ? std::move(*this).value() : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace hotclock
