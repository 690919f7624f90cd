// The emitter for the adapters that meet in Redis: classic, sharded and streams.
#pragma once

#include "service/emitters/emitter.h"

namespace hotclock::emitters {

// Errc::invalid where the settings are wrong. What is published together goes in packs: a pack is
// sent as one and then all its replies are read. In a cluster a pack is for one node, so that
// what goes to different nodes keeps its order as well.
Result<std::unique_ptr<Emitter>> make_redis_emitter(const EmitterSettings& settings);

}  // namespace hotclock::emitters
