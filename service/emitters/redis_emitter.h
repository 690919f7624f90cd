// The emitter for the adapters that meet in Redis: classic, sharded and streams.
#pragma once

#include "service/emitters/emitter.h"

namespace hotclock::emitters {

// Errc::invalid where the settings are wrong. What is published together goes in packs: a pack is
// sent as one and then all its replies are read. In a cluster a pack is for one node, and the next
// node's turn comes when it has answered. Still servers hear each node by a connection of its own:
// what goes by different channels may change places there, unless Subscription::whole puts it into
// one.
Result<std::unique_ptr<Emitter>> make_redis_emitter(const EmitterSettings& settings);

}  // namespace hotclock::emitters
