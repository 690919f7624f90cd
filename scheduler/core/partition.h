// Partitions: the parts of a divided slot, each a slot of its own with its own lease, fence and
// attempts. The divided slot stays running until the last of them has ended; its end is theirs put
// together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "scheduler/core/outcome.h"
#include "scheduler/core/slot.h"

namespace hotclock {

// Divides a partition's number from the key of the slot it is a part of: no other key holds it.
constexpr char partition_mark = '#';

// The key of a partition; they count from 1.
std::string partition_key(std::string_view key, std::size_t number);
// "3" for the key "#3" or "run:7#3"; empty where the key is not a partition's.
std::string_view partition_number(std::string_view key);

// What the ends of a divided slot's partitions come to.
struct PartitionEnds {
  End end = End::completed;  // the worst of them
  std::string reason;        // of the first one that ended so
  Tally tally;               // the sum of theirs
  std::int64_t set_aside_total = 0;

  void add(std::string_view key, End end, std::string_view reason, const Tally& tally,
           std::int64_t set_aside_total);
};

}  // namespace hotclock
