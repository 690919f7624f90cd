// One trace of each slot: from when it could be worked to its end, with the waits and attempts that
// it took, and their chunks.
//
// A trace's id comes from the slot itself, so that attempts of several nodes meet in one; the whole
// is sent by the node that records the end. Slots that were refused are a span without attempts; of
// those that were missed there is none.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/core/observer.h"
#include "service/otlp/span.h"
#include "service/work/chunk.h"

namespace hotclock::app {

// The trace of a slot, and of all its partitions: 32 digits in hex. Its root's id are the last 16.
std::string trace_of(const Slot& slot);

// Threads: any. `send` is called by the thread that tells, without a lock.
class SlotTraces final : public Observer {
 public:
  using Send = std::function<void(otlp::Span)>;
  static constexpr std::size_t most_chunks = 32;  // of one attempt; the rest is counted
  static constexpr std::size_t most_followed =
      10'000;  // slots at once; of others the ends alone are told

  SlotTraces(const Clock& clock, Send send) : clock_(clock), send_(std::move(send)) {}

  void on(const Notice& notice) override;
  void on(const work::ChunkEnd& chunk);

 private:
  struct Attempt {
    Instant due;
    Instant began;
    std::int64_t chunks = 0;
  };
  struct Teller;

  void started(const Started& notice);
  void recorded(const Ending& ending);
  void gathered(const Gathered& whole);
  void refused(const Refused& refused);
  Attempt forget(const Permit& permit, Instant began, bool slot_too, Instant& first_due);
  otlp::Span root(const Slot& slot, Instant due, Instant ended, End end,
                  const std::string& why) const;

  const Clock& clock_;
  const Send send_;
  Mutex m_;
  std::map<std::string, Attempt> attempts_ HOTCLOCK_GUARDED_BY(m_);   // by execution
  std::map<std::string, Instant> first_due_ HOTCLOCK_GUARDED_BY(m_);  // by trace
};

}  // namespace hotclock::app
