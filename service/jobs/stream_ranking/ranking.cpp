#include "service/jobs/stream_ranking/ranking.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace hotclock::stream_ranking {
namespace {

// `value` / `most`, from 0 to 1.
double part(std::int64_t value, std::int64_t most) {
  if (most <= 0) return 0;
  return std::clamp(static_cast<double>(value) / static_cast<double>(most), 0.0, 1.0);
}

bool stands_before(const Stream& a, const Stream& b) {
  if (a.now.score != b.now.score) return a.now.score > b.now.score;
  if (a.viewers != b.viewers) return a.viewers > b.viewers;
  if (a.started_at != b.started_at) return a.started_at < b.started_at;
  return a.id < b.id;
}

// `before` is the stream's line as it was, if it had one among the first fifty or behind.
void add_line(Top& top, std::int64_t stream, std::int64_t rank, std::int64_t previous, double score,
              const std::optional<Place>& before) {
  if (rank > top_length) {
    top.changed = top.changed || (previous > 0 && previous <= top_length);
    return;
  }
  top.lines.push_back({stream, rank, previous, score});
  top.changed = top.changed || previous != rank || before->score != score;
}

void lose_line(Top& top, std::int64_t previous) {
  top.changed = top.changed || previous <= top_length;
}

}  // namespace

bool sum_to_one(const std::vector<config::Decimal>& weights) {
  constexpr std::int64_t one = 1'000'000'000'000'000'000;  // in units of the finest decimal
  std::int64_t left = one;
  for (const config::Decimal& w : weights) {
    if (w.units < 0 || w.units > left / (one / w.divisor())) return false;
    left -= w.units * (one / w.divisor());
  }
  return left == 0;
}

double score(const Stream& stream, std::int64_t most_viewers, std::int64_t most_coins,
             const Weights& weights) {
  const double engagement = std::clamp(stream.engagement_rate / 100, 0.0, 1.0);
  const double sum = weights.viewers * part(stream.viewers, most_viewers) +
                     weights.coins * part(stream.coins, most_coins) +
                     weights.engagement * engagement;
  return std::min(100 * sum, 100.0);  // weights that sum to 1 may not quite do so in binary
}

void rank(std::vector<Stream>& streams, const Weights& weights) {
  std::int64_t most_viewers = 0, most_coins = 0;
  for (const Stream& s : streams) {
    most_viewers = std::max(most_viewers, s.viewers);
    most_coins = std::max(most_coins, s.coins);
  }
  for (Stream& s : streams) s.now.score = score(s, most_viewers, most_coins, weights);
  std::ranges::sort(streams, stands_before);
  std::unordered_map<std::string_view, std::int64_t> in_category, in_country;
  std::int64_t overall = 0;
  for (Stream& s : streams) {
    s.now.overall = ++overall;
    s.now.in_category = ++in_category[s.category];
    s.now.in_country = ++in_country[s.country];
  }
}

AllTops tops(const std::vector<Stream>& streams, const std::vector<Gone>& gone) {
  AllTops all;
  for (const Stream& s : streams) {
    const Place was = s.before.value_or(Place{});
    const Place& is = s.now;
    add_line(all.overall, s.id, is.overall, was.overall, is.score, s.before);
    add_line(all.categories[s.category], s.id, is.in_category, was.in_category, is.score, s.before);
    add_line(all.countries[s.country], s.id, is.in_country, was.in_country, is.score, s.before);
  }
  for (const Gone& g : gone) {
    lose_line(all.overall, g.before.overall);
    lose_line(all.categories[g.category], g.before.in_category);
    lose_line(all.countries[g.country], g.before.in_country);
  }
  return all;
}

}  // namespace hotclock::stream_ranking
