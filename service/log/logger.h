// The log: one line per event on stderr, for people or for machines.
//
//   log.info("paid the bonus", {{"job", job}, {"slot", slot.scheduled_for}, {"users", 4213}});
//
// The message is a constant sentence; what varies goes into fields, so that lines can be grouped
// and repeated ones recognised. Every line that concerns a slot has the fields job, slot and
// execution, in this order.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/time.h"
#include "scheduler/base/uuid.h"

namespace hotclock::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

std::string_view to_string(Level level);

// A field's value. Refers to the text it was made from: use it within the call.
class Value {
 public:
  template <class T>
  requires std::convertible_to<const T&, std::string_view> Value(const T& text)
      : value_(std::string_view(text)) {}  // NOLINT: implicit on purpose
  template <std::integral T>
  Value(T number) : value_(static_cast<std::int64_t>(number)) {}  // NOLINT
  Value(bool flag) : value_(flag) {}                              // NOLINT
  Value(double number) : value_(number) {}                        // NOLINT
  Value(Instant t) : value_(t) {}                                 // NOLINT
  Value(Duration d) : value_(d) {}                                // NOLINT
  Value(const Uuid& id) : value_(id) {}                           // NOLINT

  using Any = std::variant<std::string_view, std::int64_t, bool, double, Instant, Duration, Uuid>;
  const Any& any() const { return value_; }

 private:
  Any value_;
};

struct Field {
  std::string_view name;
  Value value;
};
using Fields = std::initializer_list<Field>;

// One event, before it is a line.
struct Entry {
  Instant time;
  Level level = Level::info;
  std::string_view message;
  std::vector<Field> fields = {};
  std::string_view node = {};  // left out where empty
};

// 2026-11-23T13:05:00.250Z warning  the slot is late  job=og-daily-bonus late=4.2s
// Control characters are escaped, so one entry is one line.
std::string text_line(const Entry& entry);

// {"time":"2026-11-23T13:05:00.250Z","level":"warning","message":"...","job":"og-daily-bonus",
//  "late_ms":4200}
// Always valid JSON in valid UTF-8, whatever the texts hold (broken bytes become U+FFFD). Spans are
// milliseconds, and their names say so.
std::string json_line(const Entry& entry);

// Where lines go; called from any thread, without a lock.
using Write = std::function<void(std::string_view line)>;

// The process's stderr; each line is written whole, and at once.
Write to_stderr();

struct LoggerSettings {
  Format format = Format::text;
  Level level = Level::info;
  std::string node = {};
  // The same warning or error of the same job is written at most once in this time; the next one
  // tells how many were not. Zero: all are written.
  Duration repeat_after = std::chrono::seconds{10};
};

// Threads: any.
class Logger {
 public:
  Logger(LoggerSettings settings, const Clock& clock, Write write = to_stderr());
  // Writes what flush() would.
  ~Logger();

  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void debug(std::string_view message, Fields fields = {}) { log(Level::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) { log(Level::info, message, fields); }
  void warning(std::string_view message, Fields fields = {}) {
    log(Level::warning, message, fields);
  }
  void error(std::string_view message, Fields fields = {}) { log(Level::error, message, fields); }
  void log(Level level, std::string_view message, const std::vector<Field>& fields);

  bool enabled(Level level) const { return level >= settings_.level; }

  // Tells of the repeated lines that were not written and whose time is over.
  void tell_of_repeated();
  // The same, of all of them.
  void flush();

 private:
  // What is repeated: its level, its message, its job.
  struct Key {
    Level level;
    std::string message;
    std::string job;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Repeated {
    Steady written;
    std::int64_t left_out = 0;
  };
  struct Told {
    Key key;
    std::int64_t left_out;
  };

  // How many like it were left out before; nothing where this one is left out too.
  std::optional<std::int64_t> admit(Key key) HOTCLOCK_EXCLUDES(m_);
  std::vector<Told> over(Steady until) HOTCLOCK_EXCLUDES(m_);
  void tell(const std::vector<Told>& repeated) const;
  void write(Level level, std::string_view message, std::vector<Field> fields) const;

  const LoggerSettings settings_;
  const Clock& clock_;
  const Write write_;
  Mutex m_;
  std::map<Key, Repeated> repeated_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::log
