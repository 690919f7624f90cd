// How much may be asked of the API: by an address, by a token, and how often somebody may guess.
#pragma once

#include <cstdint>
#include <string_view>

#include "scheduler/base/mutex.h"
#include "scheduler/base/time.h"
#include "service/auth/allowance.h"

namespace hotclock::api {

struct LimitSettings {  // a minute
  int reads = 1200;
  int changes = 120;
  int attempts = 30;  // with tokens that are none
  int streams = 8;    // at once, of one address
};

enum class Asks { read, change };

// Reads and changes are counted apart, so that a page that looks too often does not keep anybody
// from acting. Threads: any.
class Limits {
 public:
  explicit Limits(LimitSettings settings);

  // Whether one more may be asked, which it then was.
  bool address_may(std::string_view address, Asks asks, Steady now) HOTCLOCK_EXCLUDES(m_);
  bool token_may(std::int64_t token, Asks asks, Steady now) HOTCLOCK_EXCLUDES(m_);

  // Whether that address may try another token; and that it tried one that is none.
  bool may_try(std::string_view address, Steady now) const HOTCLOCK_EXCLUDES(m_);
  void tried_in_vain(std::string_view address, Steady now) HOTCLOCK_EXCLUDES(m_);

  // A stream more; where it may, it has to be closed.
  bool open_stream(std::string_view address, Steady now) HOTCLOCK_EXCLUDES(m_);
  void close_stream(std::string_view address, Steady now) HOTCLOCK_EXCLUDES(m_);

 private:
  mutable Mutex m_;
  auth::Allowance reads_by_address_ HOTCLOCK_GUARDED_BY(m_);
  auth::Allowance changes_by_address_ HOTCLOCK_GUARDED_BY(m_);
  auth::Allowance reads_by_token_ HOTCLOCK_GUARDED_BY(m_);
  auth::Allowance changes_by_token_ HOTCLOCK_GUARDED_BY(m_);
  auth::Allowance attempts_ HOTCLOCK_GUARDED_BY(m_);
  auth::Allowance streams_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::api
