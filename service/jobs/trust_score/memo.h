// What trust-score remembers between its runs, in its row of `memos`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock::trust_score {

struct Memo {
  std::int64_t watermark = 0;            // events up to this id are in the sums
  std::int64_t full_day = 0;             // the UTC day of the last full pass, counted from 1970
  Duration half_life = Duration::zero(); // with which the sums were made

  friend bool operator==(const Memo&, const Memo&) = default;
};

// What it remembers instead while a full pass is under way: sums of different kinds stand side by
// side then, so nothing but the rest of that pass may build upon them.
struct Underway {
  std::int64_t user = 0;   // the last one done
  std::int64_t upto = 0;   // the last event it counts
  std::int64_t full_day = 0;
  Duration half_life = Duration::zero();

  friend bool operator==(const Underway&, const Underway&) = default;
};

// What it remembers while partitions do a full pass: how many of them have not ended.
struct Shared {
  std::int64_t whole = 0;  // the slot that was divided
  std::int64_t open = 0;
  std::int64_t upto = 0;
  std::int64_t full_day = 0;
  Duration half_life = Duration::zero();

  friend bool operator==(const Shared&, const Shared&) = default;
};

// "watermark=4711 full_day=20780 half_life=0", "user=17 upto=4711 full_day=20780 half_life=0",
// "whole=99 open=3 upto=4711 ..." and back. Nothing for any other text, such as the empty one before the first run.
std::string to_text(const Memo& memo);
std::string to_text(const Underway& underway);
std::string to_text(const Shared& shared);
std::optional<Memo> parse_memo(std::string_view text);
std::optional<Underway> parse_underway(std::string_view text);
std::optional<Shared> parse_shared(std::string_view text);

std::int64_t utc_day(Instant t);

}  // namespace hotclock::trust_score
