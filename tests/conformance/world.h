// A ledger as the conformance tests see it: each engine gives one, and all must behave alike.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/core/ledger.h"

namespace hotclock::conformance {

// A slot as anybody may look it up.
struct SeenSlot {
  std::int64_t id = 0;
  Slot slot;
  State state = State::due;
  std::optional<End> end;
  std::string reason;
  int attempt = 0;
  std::string cursor;
};
struct SeenAttempt {
  std::int64_t slot_id = 0;
  std::string execution;
  std::string outcome;
  std::string error;
  Tally tally;
  std::int64_t set_aside_total = 0;
  std::string log = {};
};

class World {
 public:
  virtual ~World() = default;

  // The ledger as one of several nodes has it; they share what it keeps.
  virtual Ledger& node(std::size_t number) = 0;

  virtual void pause(const std::string& job, const Pause& pause, Instant now) = 0;
  virtual void resume(const std::string& job, Instant now) = 0;
  // With an empty name everything: the kill switch.
  virtual void switch_off(const std::string& job, const std::string& by, const std::string& reason,
                          Instant now) = 0;
  virtual void switch_on(const std::string& job, Instant now) = 0;
  // Changes its schedule live; the version that it then has.
  virtual std::int64_t reschedule(const std::string& job, Instant now) = 0;
  virtual Result<> cancel(std::int64_t slot_id, const std::string& by, Instant now) = 0;
  // A person's slot, available at once; asked for with a token where there is one.
  virtual std::int64_t enter_manual(const Slot& slot, const std::string& by, Instant now,
                                    std::optional<std::int64_t> token = {}) = 0;
  // An operator's token, and its end.
  virtual std::int64_t make_token(const std::string& name, Instant now) = 0;
  virtual void revoke_token(std::int64_t token, Instant now) = 0;
  // What a chunk's commit does.
  virtual Result<> move_cursor(const std::shared_ptr<Permit>& permit,
                               const std::string& cursor) = 0;

  virtual std::vector<SeenSlot> slots() = 0;  // by id
  virtual std::vector<SeenAttempt> attempts() = 0;
};

// "memory", "sqlite", "postgresql".
std::vector<std::string> engines();
std::unique_ptr<World> make_world(const std::string& engine);

}  // namespace hotclock::conformance
