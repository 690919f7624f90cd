// The ranking of live streams as somebody without Hotclock would write it: read, rank in memory, write back
// what changed. Reading and writing are the engine's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hotclock::bench {

struct RankedRow {
  std::int64_t id, viewers, coins, started;
  double engagement, score;
  std::string category, country;
  std::int64_t ranks[3], before[3];
  double score_before;

  bool changed() const { return !std::equal(ranks, ranks + 3, before) || score != score_before; }
};

inline void rank_rows(std::vector<RankedRow>& rows) {
  double viewers = 1, coins = 1;
  for (const RankedRow& r : rows) {
    viewers = std::max(viewers, static_cast<double>(r.viewers));
    coins = std::max(coins, static_cast<double>(r.coins));
  }
  for (RankedRow& r : rows)
    r.score = 100 * (0.3 * (static_cast<double>(r.viewers) / viewers) +
                     0.4 * (static_cast<double>(r.coins) / coins) + 0.3 * (r.engagement / 100));
  std::sort(rows.begin(), rows.end(), [](const RankedRow& a, const RankedRow& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.viewers != b.viewers) return a.viewers > b.viewers;
    return a.started != b.started ? a.started < b.started : a.id < b.id;
  });
  std::unordered_map<std::string_view, std::int64_t> category, country;
  std::int64_t overall = 0;
  for (RankedRow& r : rows) {
    r.ranks[0] = ++overall;
    r.ranks[1] = ++category[r.category];
    r.ranks[2] = ++country[r.country];
  }
}

}  // namespace hotclock::bench
