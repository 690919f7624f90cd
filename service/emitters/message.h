// The messages that adapters of Socket.IO send to one another, as values and as bytes.
#pragma once

#include <string>
#include <string_view>

#include "service/emitters/emission.h"

namespace hotclock::emitters {

// Who sent it. Servers skip what carries their own id, and do not count this one as a server.
inline constexpr std::string_view emitter_uid = "emitter";

// The numbers by which the cluster adapters (all but the classic one) know what is to be done.
int type_of(Emission::Op op);

// The event as clients get it: {type, data, nsp}.
Json packet_of(const Emission& emission);
// Each room once, in the order of their first naming.
Json::array_t distinct(const std::vector<std::string>& rooms);
Json flags_of(const Emission::Flags& flags);

// What the cluster adapters have under "data", and the whole around it.
Json data_of(const Emission& emission);
Json message_of(const Emission& emission);

bool has_binary(const Json& value);

// REQUIRES for these: what was made of an emission that check() found good.
// JSON text as JSON.stringify gives it, binary as it gives a Buffer.
std::string as_text(const Json& value);
// MessagePack, binary as bin.
std::string as_msgpack(const Json& value);

std::string base64(std::string_view bytes);

}  // namespace hotclock::emitters
