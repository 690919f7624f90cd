// Emissions as the commands that each of the Redis adapters' servers hear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/emitters/emission.h"
#include "service/emitters/emitter.h"

namespace hotclock::emitters {

// The words of one command; the second is the channel or the stream. `by_slot`: in a cluster it
// goes to the node that owns that one's slot, else to any.
struct RedisCommand {
  std::vector<std::string> words;
  bool by_slot = false;
};

// REQUIRES for all: check() found the emission good.
RedisCommand classic_command(const Emission& emission, const EmitterSettings& settings);
RedisCommand sharded_command(const Emission& emission, const EmitterSettings& settings);
RedisCommand streams_command(const Emission& emission, const EmitterSettings& settings);

// Which of `count` streams a namespace's events are in.
int stream_of(std::string_view nsp, int count);

}  // namespace hotclock::emitters
