#include "service/emitters/emitter.h"

#include "service/emitters/postgres_emitter.h"
#include "service/emitters/redis_emitter.h"

namespace hotclock::emitters {

Result<std::unique_ptr<Emitter>> make_emitter(const EmitterSettings& settings) {
  if (settings.prefix.empty()) return Error(Errc::invalid, "the prefix of the channels is empty");
  return settings.adapter == Adapter::postgres ? make_postgres_emitter(settings)
                                               : make_redis_emitter(settings);
}

}  // namespace hotclock::emitters
