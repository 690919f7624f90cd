// A held lease: the right to work one slot, for as long as it is renewed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "scheduler/base/time.h"
#include "scheduler/base/uuid.h"
#include "scheduler/core/slot.h"

namespace hotclock {

// Why an execution was asked to stop. The first reason counts.
enum class StopReason { none, time_limit, cancelled, replaced, drain, lease_lost };

std::string_view to_string(StopReason);

// Proof of a lease that was ours when it was last renewed. Prove it again inside each transaction,
// by `slot_id` and `fence`: the fence grows with each claim of the slot, so an old one matches
// nothing. The scheduler renews it; the job's side only reads.
//
// Threads: the constants may be read, and may_write(), stop and stop_reason be called, from any thread.
class Permit {
 public:
  Permit(Slot slot, std::int64_t slot_id, Uuid execution, std::int64_t fence, int attempt,
         Steady trusted_until, std::optional<std::int64_t> partition_of = {},
         Duration lease = Duration::zero())
      : slot(std::move(slot)),
        slot_id(slot_id),
        execution(execution),
        fence(fence),
        attempt(attempt),
        partition_of(partition_of),
        lease(lease),
        trusted_until_(trusted_until) {}

  const Slot slot;
  const std::int64_t slot_id;
  const Uuid execution;
  const std::int64_t fence;
  const int attempt;  // 1 for the first
  // The slot that was divided, where this is a partition of it.
  const std::optional<std::int64_t> partition_of;
  const Duration lease;  // what each renewal gives, by the policy it began with

  // False once the lease may have run out by our own count, which starts before the claim was sent:
  // then stop, even if nobody said so yet.
  bool may_write(Steady now) const { return now < trusted_until_.load(std::memory_order_relaxed); }
  void renewed(Steady trusted_until) { trusted_until_.store(trusted_until); }
  Steady trusted_until() const { return trusted_until_.load(); }

  std::stop_token stop() const { return stop_.get_token(); }
  // Asks the execution to stop at its next chunk, and the running statement at once.
  void request_stop(StopReason why) {
    StopReason none = StopReason::none;
    reason_.compare_exchange_strong(none, why);
    stop_.request_stop();
  }
  StopReason stop_reason() const { return reason_.load(); }

 private:
  std::atomic<Steady> trusted_until_;
  std::atomic<StopReason> reason_ = StopReason::none;
  std::stop_source stop_;
};

}  // namespace hotclock
