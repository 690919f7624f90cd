// Cron expressions: when a job is due. docs/cron.md is the language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/cron/schedule_error.h"
#include "scheduler/zone/zone.h"

namespace hotclock {

// What happens to a run whose wall-clock time a change of the zone's offset skips or repeats.
// A schedule is either fixed or follows elapsed time; how it is told apart differs by rule.
enum class DstRule : std::uint8_t {
  vixie,         // fixed unless minute, hour or a given seconds field begins with `*`. Fixed: once,
                 // at the end of the gap; at the first of two. Others: by elapsed time.
                 // Shifts of more than three hours are taken as a correction of the clock.
  ocps,          // every schedule: not at all in a gap, at the first of two in an overlap
  single_value,  // fixed iff second, minute and hour are one value each; otherwise as vixie, but
                 // for shifts of any size
};
std::string_view to_string(DstRule rule);  // "vixie", "ocps", "single-value"
Result<DstRule> parse_dst_rule(std::string_view text);

enum class Dialect : std::uint8_t {
  hotclock,  // OCPS 1.4 and the extensions
  strict,    // OCPS 1.4 and nothing else
  quartz,    // Quartz: seconds first, 1 is Sunday, one day field is `?`
};
std::string_view to_string(Dialect dialect);
Result<Dialect> parse_dialect(std::string_view text);

struct ScheduleOptions {
  std::string_view zone = "UTC";  // a CRON_TZ= in the text goes before it
  DstRule dst = DstRule::vixie;
  Dialect dialect = Dialect::hotclock;
  std::string_view hash_key = {};  // what `H` hashes: the job's name
};

// How one due instant came about.
struct FireNote {
  enum class Kind {
    plain,
    made_up,      // its wall-clock time lies in a gap: due at the end of the gap instead
    first_pass,   // the wall clock shows this time twice; this is the first
    second_pass,  // ... and this the second
  };
  Kind kind = Kind::plain;
  Civil wall;  // what the wall clock shows at the instant
  Civil due;   // the time the expression names; differs from `wall` for made_up only

  // For a person; empty for plain.
  std::string text() const;
};

// A wall-clock time the expression names at which nothing is due.
struct LostFire {
  enum class Kind {
    swallowed,  // a gap skips it, and the rule does not make it up (or one run stands for several)
    dropped,    // it comes a second time, and the rule counts the first only
  };
  Kind kind;
  Civil wall;
  Instant at;  // the end of the gap; the instant of the second pass
};

// A thing to tell an author who may have meant something else.
struct ScheduleWarning {
  // "uneven-step", "day-or", "gap", "overlap", "rare", "never", "ended", "hash-without-name"
  std::string kind;
  std::string text;
};

namespace cron {
struct Plan;
}

// A parsed expression in its zone: immutable, and a copy is a pointer. Threads: any.
//
// The instants are exact for wall-clock years 1970 to 2199; there is none outside. They are whole
// seconds, strictly increasing, and next(), previous() and matches() always agree.
// next(), previous() and matches() allocate nothing, take no lock and have no bad case: what can
// never match is known when it is parsed, and the calendar repeats.
class Schedule {
 public:
  // Reads five, six or seven fields, a nickname, `@every 90s` (multiples of the span since
  // 1970-01-01T00:00Z, so that all nodes agree), or `@reboot`.
  static std::variant<Schedule, ScheduleError> read(std::string_view text,
                                                    const ScheduleOptions& options = {});
  // The same where the error's one line will do (Errc::invalid).
  static Result<Schedule> parse(std::string_view text, const ScheduleOptions& options = {});

  // The first due instant after `after`; the last one before `before`.
  std::optional<Instant> next(Instant after) const;
  std::optional<Instant> previous(Instant before) const;
  bool matches(Instant t) const;

  // `@reboot`: due once when the process starts; next() and previous() know no instant.
  bool is_reboot() const;
  // No instant ever: the expression names no date there is, or none the zone's clock shows.
  bool never() const;
  // What next() follows in gaps and overlaps, by the rule: fixed times, or elapsed time.
  bool is_fixed() const;

  std::string_view text() const;
  const Zone& zone() const;
  DstRule dst_rule() const;
  Dialect dialect() const;

  // In English, from what was understood, not from the text:
  // "at minutes 0 and 45 of every hour", "at 00:05 on the last day of every month".
  std::string describe() const;

  // What an author should know, looking one year ahead of `from`.
  std::vector<ScheduleWarning> warnings(Instant from) const;

  // How the due instant `fire` came about.  REQUIRES: matches(fire).
  FireNote note(Instant fire) const;

  // Times the zone's changes in [from, to) took away, oldest first; at most `most`.
  std::vector<LostFire> lost(Instant from, Instant to, std::size_t most = 100) const;

 private:
  explicit Schedule(std::shared_ptr<const cron::Plan> plan) : plan_(std::move(plan)) {}

  std::shared_ptr<const cron::Plan> plan_;
};

}  // namespace hotclock
