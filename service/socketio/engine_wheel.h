// Deadlines of many sessions: one coarse wheel in place of a timer each.
#pragma once

#include <boost/intrusive/list.hpp>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::socketio {

// Something with a deadline. Leaves the wheel when it is destroyed.
class Filed : public boost::intrusive::list_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  Steady filed_for() const { return filed_for_; }

 private:
  friend class HeartbeatWheel;
  Steady filed_for_ = Steady::max();
};
using FiledList = boost::intrusive::list<Filed, boost::intrusive::constant_time_size<false>>;

// Whoever is filed for an instant comes out at most one slot after it, and never before it, unless
// it lies beyond the wheel's span: then it comes out sooner and is filed anew.
// Threads: one.
class HeartbeatWheel {
 public:
  HeartbeatWheel(Duration slot, Duration span, Steady now);

  Duration slot() const { return slot_; }
  // Files it, or files it anew.
  void file(Filed& one, Steady deadline);
  // Moves those whose deadline has passed to the end of `due`.
  void take_due(Steady now, FiledList& due);

 private:
  // The first slot that ends at `t` or later.
  std::int64_t number_of(Steady t) const;
  FiledList& slot_at(std::int64_t number);

  const Duration slot_;
  const Steady origin_;
  std::vector<FiledList> slots_;
  std::int64_t passed_ = 0;  // slots up to this one have been emptied
};

}  // namespace hotclock::socketio
