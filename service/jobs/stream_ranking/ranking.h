// Who stands where: scores and ranks of live streams, as plain functions of their numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "service/config/decimal.h"

namespace hotclock::stream_ranking {

// How much each number counts. They sum to 1.
struct Weights {
  double viewers = 0.3;
  double coins = 0.4;
  double engagement = 0.3;
};

// Exactly, as decimals.
bool sum_to_one(const std::vector<config::Decimal>& weights);

// A place in the ranking; ranks count from 1.
struct Place {
  double score = 0;
  std::int64_t overall = 0;
  std::int64_t in_category = 0;
  std::int64_t in_country = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

struct Stream {
  std::int64_t id = 0;
  std::int64_t viewers = 0;
  std::int64_t coins = 0;
  double engagement_rate = 0;  // 0 to 100
  std::string category;
  std::string country;
  Instant started_at;
  std::optional<Place> before;  // as the last run left it
  Place now;                    // what rank() finds
};

// 100 times the weighted sum of viewers and coins against their maxima and of the engagement rate;
// each term lies in 0 to 1, and a maximum of 0 gives 0.
double score(const Stream& stream, std::int64_t most_viewers, std::int64_t most_coins,
             const Weights& weights);

// Gives each stream its place and sorts them, the first overall first: by score, then viewers, then
// the earlier start, then the smaller id. So no two share a rank.
void rank(std::vector<Stream>& streams, const Weights& weights);

// A stream that was ranked and is not live any more.
struct Gone {
  std::int64_t id = 0;
  std::string category;
  std::string country;
  Place before;
};

// One line of a scope's first fifty.
struct Line {
  std::int64_t stream = 0;
  std::int64_t rank = 0;
  std::int64_t previous = 0;  // 0: it had none
  double score = 0;
};

constexpr std::int64_t top_length = 50;

// The first fifty of one scope: everything, a category, a country.
struct Top {
  std::vector<Line> lines;
  bool changed = false;  // a line is new, gone, moved or scored otherwise
};

// Of one kind of scope. The key is the category or the country; "" overall.
using Tops = std::map<std::string, Top>;

struct AllTops {
  Top overall;
  Tops categories;
  Tops countries;
};

// REQUIRES: rank() sorted `streams`.
AllTops tops(const std::vector<Stream>& streams, const std::vector<Gone>& gone);

}  // namespace hotclock::stream_ranking
