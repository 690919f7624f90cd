#include "scheduler/core/partition.h"

#include <fmt/format.h>

#include <algorithm>

namespace hotclock {
namespace {

// How much it takes away from a whole that one of its partitions ended so.
int gravity(End end) {
  switch (end) {
    case End::completed: return 0;
    case End::completed_with_errors: return 1;
    case End::missed:
    case End::refused:
    case End::cancelled: return 2;
    case End::timed_out: return 3;
    case End::failed: return 4;
  }
  return 4;
}

void add_to(Tally& sum, const Tally& more) {
  for (const auto& [what, count] : more) {
    const auto same = [&what = what](const auto& counted) { return counted.first == what; };
    if (const auto found = std::find_if(sum.begin(), sum.end(), same); found != sum.end())
      found->second += count;
    else
      sum.emplace_back(what, count);
  }
}

}  // namespace

std::string partition_key(std::string_view key, std::size_t number) {
  return fmt::format("{}{}{}", key, partition_mark, number);
}

std::string_view partition_number(std::string_view key) {
  const auto mark = key.rfind(partition_mark);
  return mark == std::string_view::npos ? std::string_view() : key.substr(mark + 1);
}

void PartitionEnds::add(std::string_view key, End how, std::string_view why, const Tally& counted,
                        std::int64_t set_aside) {
  if (gravity(how) > gravity(end)) {
    end = how;
    reason = why.empty() ? std::string() : fmt::format("partition {}: {}", partition_number(key), why);
  }
  add_to(tally, counted);
  set_aside_total += set_aside;
}

}  // namespace hotclock
