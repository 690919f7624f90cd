// Time zones: which instants a wall clock shows when, with its gaps and overlaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/zone/civil.h"

namespace hotclock {

// A stretch of time during which a zone's offset does not change. It ends where the next begins.
struct Segment {
  std::int64_t begin;   // seconds since 1970-01-01T00:00Z
  std::int32_t offset;  // wall clock minus UTC, in seconds
};

// The instants at which a wall clock shows one reading.
struct Local {
  enum class Kind {
    unique,    // once: first == last
    skipped,   // never, it lies in a gap: both are the instant at which the gap ends
    repeated,  // more than once: the first and the last of them
  };
  Kind kind;
  Instant first;
  Instant last;
};

// A change of a zone's offset. `after` > `before` opens a gap in the wall clock, the other way an
// overlap.
struct Transition {
  Instant at;
  Duration before;
  Duration after;
};

// What a zone's gaps have in common.
struct GapHabits {
  std::uint32_t hours = 0;   // bit h: one of them lies, in part, in hour h of a day
  std::uint16_t months = 0;  // bit m, from 1: in month m
  std::int64_t longest = 0;  // seconds
};

// One zone of the tz database from 1970 to 2199; beyond, the offset nearest by holds on.
// Immutable, so any thread may call anything at any time. Got from load_zone(), which builds each
// zone once in a process and shares it: changes of the system's zone files are seen after a
// restart.
class Zone {
 public:
  // REQUIRES: `segments` is not empty and sorted by `begin`.
  Zone(std::string name, std::vector<Segment> segments);

  const std::string& name() const { return name_; }

  Duration offset_at(Instant t) const;
  Civil to_civil(Instant t) const;
  Local from_civil(const Civil& c) const;

  // Every change of the offset in [from, to).
  std::vector<Transition> transitions(Instant from, Instant to) const;

  const GapHabits& gap_habits() const { return gap_habits_; }

  // The sorted segments; the first stands for all time before it too, the last for all after it.
  std::span<const Segment> segments() const { return {segments_.data(), segments_.size() - 1}; }

  std::int64_t begin_of(std::size_t i) const { return segments_[i].begin; }
  std::int32_t offset_of(std::size_t i) const { return segments_[i].offset; }

  // Where segments()[i] ends; kForever for the last.
  std::int64_t end_of(std::size_t i) const { return segments_[i + 1].begin; }
  static constexpr std::int64_t kForever = std::int64_t{1} << 60;

  // The index of the segment in which second `s` lies. Constant time: a table leads to within a
  // segment or two of it.
  std::size_t segment_at(std::int64_t s) const {
    std::size_t i = guide_[guide_slot(s)];
    while (segments_[i + 1].begin <= s) ++i;
    return i;
  }

 private:
  static constexpr int kGuideShift = 23;                                    // 97 days
  static constexpr std::int64_t kGuideLast = 7'258'118'400 >> kGuideShift;  // in it lies 2200-01-01

  static std::size_t guide_slot(std::int64_t s) {
    const std::int64_t slot = s >> kGuideShift;
    return static_cast<std::size_t>(slot < 0 ? 0 : slot > kGuideLast ? kGuideLast : slot);
  }

  std::string name_;
  std::vector<Segment> segments_;     // and one more, which begins at kForever
  std::vector<std::uint16_t> guide_;  // for every 97 days: the segment in which they begin
  GapHabits gap_habits_;
};

// The zone of that name ("America/New_York"); "UTC" is to be had even without a tz database.
// Errc::invalid for a name the database has not, with the nearest name it has.
Result<std::shared_ptr<const Zone>> load_zone(std::string_view name);

// All names load_zone() takes, sorted.
const std::vector<std::string>& zone_names();

// The release of the system's tz database, "2026f"; "unknown" where it does not say.
std::string zone_data_version();

}  // namespace hotclock
