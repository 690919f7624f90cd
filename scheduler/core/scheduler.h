// The scheduler: it wakes when something is due, claims it, has it worked, and records how it ended.
//
//   SystemClock clock; MemoryLedger ledger; MyObserver observer;
//   Scheduler scheduler(clock, ledger, observer);
//   scheduler.add({{"nightly", *Schedule::parse("5 0 * * *"), std::make_shared<Nightly>()}});
//   scheduler.start();
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "scheduler/core/ledger.h"
#include "scheduler/core/observer.h"
#include "scheduler/core/policy.h"
#include "scheduler/core/runner.h"
#include "scheduler/core/timetable.h"

namespace hotclock {

struct SchedulerSettings {
  int workers = 4;      // executions that run at once, of all jobs; 0: on the thread that calls turn()
  int ahead = 0;        // executions claimed while every worker is busy: for many tiny ones
  bool plans = true;    // false: works what is in the ledger, enters no slots of its own
  // How often to look for slots whose worker vanished. Zero: never.
  Duration look_for_lost = std::chrono::seconds{5};
  // Claims this slot and its partitions alone, for a person's `run`.
  std::optional<std::int64_t> only_slot = {};
  // Queues with their limits, weights and kept workers; what is kept is less than the workers, or counts
  // for nothing where there is one. Those that are not listed have none of these.
  std::vector<QueueRule> queues = {};
  // Called on the scheduler's thread after each turn, which comes at least each `longest_nap`: what a
  // watchdog wants to see. Zero: as seldom as there is nothing to do.
  std::function<void()> turned = {};
  Duration longest_nap = Duration::zero();
  // Hears of each log that an attempt begins; outlives the scheduler.
  LogWatch* log_watch = nullptr;
};

// Threads: add, remove, replace, put, hold, wake, start, stop and running may be called from any
// thread; turn() only while start() was not.
class Scheduler {
 public:
  Scheduler(Clock& clock, Ledger& ledger, Observer& observer, SchedulerSettings settings = {});
  ~Scheduler();  // stop()s without grace, and waits for what runs

  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Makes jobs known; they are due from the next turn on. A job that the ledger knows goes on
  // where its timetable stood; if its schedule is another one now, the old one counts until now, or
  // until it was changed live.
  // Errc::conflict where a name is taken; then none of them was added.
  Result<> add(std::vector<JobSpec> jobs);
  // Takes a job off the timetable; what runs of it goes on. Errc::not_found.
  Result<> remove(const std::string& name);
  // Puts others in the place of jobs of the same names, as if they were removed and added in one
  // step: what runs goes on by what it began with. Errc::not_found; then none of them was replaced.
  Result<> replace(std::vector<JobSpec> jobs);
  // Both in one step: adds these jobs, or puts them in the place of those of their names, and takes
  // those that are gone off the timetable, where they are known. REQUIRES: no name twice.
  void put(std::vector<JobSpec> jobs, const std::vector<std::string>& gone);

  // Begins to work on a thread of its own. Calling it twice changes nothing.
  void start();
  // Claims nothing more, asks what runs to stop at its next chunk, records it as due again, and
  // returns when nothing of it runs any more, or after `grace`: then false, and the destructor waits.
  bool stop(Duration grace);
  // True: claims nothing more until it is called with false. What runs goes on to its end, and what
  // is due is entered, so that others work it, or this one does later. Twice is no error.
  void hold(bool held);
  // News: somebody else has written to the ledger. Looked at at once.
  void wake();

  // One round by hand, for tests and for programs with a loop of their own: does all there is to do
  // now, and returns when it wants to be called again.
  Instant turn();

  // What runs now.
  std::vector<std::shared_ptr<const Permit>> running() const;

 private:
  using Row = Timetable::Row;
  struct Known {  // a job that was added
    std::string name;
    std::shared_ptr<Job> job;  // null: removed
    std::shared_ptr<const Policy> policy;
    Rescheduled rescheduled;
  };
  struct Arrival {
    Row row;
    Schedule schedule;
  };
  struct InFlight {
    std::shared_ptr<Permit> permit;
    std::shared_ptr<const Policy> policy;
    Row row;
    Turns::Queue queue;
    Steady began;
    Steady renew_at;
    Steady tell_stuck_at;
  };
  struct Waker {  // a job that asks to be woken early
    Row row;
    std::optional<Instant> at;
    Instant last_entered;
    bool ask = true;
  };

  void arrive(JobSpec job) HOTCLOCK_REQUIRES(m_);
  void depart(const std::string& job) HOTCLOCK_REQUIRES(m_);
  void work(std::stop_token stop);
  void let_endings_gather();
  void nap(Instant until);
  void stir();

  bool hear_news();
  void look_at_the_clock();
  void welcome_arrivals();
  void put_on_timetable(Arrival arrival, const JobRow& stood, Instant now);
  void catch_up_under(const std::string& stored, Row row, Instant& entered_until, Instant now);
  void see_off_departures();
  void collect_finished();
  void ask_wakers();
  void list_due_slots();
  void enter_slot(Row row, DueSlot slot);
  void enter_early(Waker& waker, Instant now);

  void settle();
  Settlement act(Instant now, Steady asked);
  void settled(Settlement act, Settled answer);
  void settle_failed(const Error& why, Instant now);
  void begin(std::vector<Claim> claims);
  std::optional<Task> taken(Claim claim);
  void cancel(const Uuid& execution, StopReason why);
  static Steady due_again(const InFlight& running);
  void stop_the_overdue();
  Instant next_turn() const;
  int room() const;
  int fits() const;
  int room_for_partitions() const;
  // Stands until the job is seen off, which the scheduler's thread does itself.
  const Known& known(Row row) const;
  std::optional<Row> row_of(const std::string& job) const;

  Clock& clock_;
  Ledger& ledger_;
  Observer& observer_;
  const SchedulerSettings settings_;

  // The scheduler's thread alone.
  Timetable timetable_;
  Turns turns_;
  std::vector<Waker> wakers_;
  Settlement pending_;  // what the next act will carry
  std::vector<MissedSlots> missed_;
  bool look_ = true;    // something may be claimable
  std::optional<Instant> next_available_;
  Instant next_lost_look_;
  std::optional<Instant> failing_since_;
  Instant retry_settling_at_;
  Duration retry_delay_ = Duration::zero();
  Instant last_wall_;
  Steady last_steady_;

  mutable Mutex m_;
  std::unordered_map<std::int64_t, InFlight> in_flight_ HOTCLOCK_GUARDED_BY(m_);
  // Nothing in flight needs a renewal or a reminder before this.
  Steady in_flight_due_ HOTCLOCK_GUARDED_BY(m_) = Steady::max();
  std::deque<Known> jobs_ HOTCLOCK_GUARDED_BY(m_);  // a deque: by_name_ points into it
  std::unordered_map<std::string_view, Row> by_name_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Row> free_rows_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Arrival> arrivals_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Row> departures_ HOTCLOCK_GUARDED_BY(m_);
  bool news_ HOTCLOCK_GUARDED_BY(m_) = true;
  bool stirred_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool draining_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool held_ HOTCLOCK_GUARDED_BY(m_) = false;
  std::stop_source nap_ HOTCLOCK_GUARDED_BY(m_){std::nostopstate};

  Runner runner_;
  std::jthread thread_;
};

}  // namespace hotclock
