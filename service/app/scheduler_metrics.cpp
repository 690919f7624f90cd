#include "service/app/scheduler_metrics.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "scheduler/core/guard.h"
#include "service/app/retention.h"
#include "service/config/queues.h"

namespace hotclock::app {

using metrics::Counters;
using metrics::Gauges;
using metrics::Histograms;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

namespace {

constexpr const char* durations_name = "hotclock_execution_duration_seconds";
const std::vector<double> duration_bounds{0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400};
const std::vector<double> delay_bounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                       0.5,   1,    5,     30,   120, 600};

constexpr std::string_view other = "_other";

constexpr std::array triggers{Trigger::schedule, Trigger::catch_up, Trigger::early, Trigger::manual,
                              Trigger::backfill};
constexpr std::array ends{End::completed, End::completed_with_errors,
                          End::failed,    End::timed_out,
                          End::cancelled, End::refused,
                          End::missed};
constexpr std::array<std::string_view, 9> outcomes{"completed", "completed_with_errors",
                                                   "failed",    "timed_out",
                                                   "cancelled", "drained",
                                                   "divided",   "unknown",
                                                   "lost"};
constexpr std::array<std::string_view, 7> refusals{
    "held", "paused", "disabled", "blackout", "kill_switch", "not_allowed", "circuit_open"};
constexpr std::array<std::string_view, 3> losses{"again", "unknown", "failed"};
constexpr std::array<std::string_view, 3> chunk_ends{"committed", "fenced_off", "failed"};

template <class List>
std::size_t place_of(const List& list, const typename List::value_type& one) {
  const auto found = std::ranges::find(list, one);
  return found == list.end() ? list.size() : static_cast<std::size_t>(found - list.begin());
}

std::string word(std::string_view text) { return std::string(text); }
template <class Value>
std::string word(Value value) {
  return std::string(hotclock::to_string(value));
}

// A counter for each value that a label may have, found by that value.
template <class List>
class ByLabel {
 public:
  ByLabel(Counters& family, const metrics::Labels& labels, const char* name, const List& values)
      : values_(values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      metrics::Labels all = labels;
      all.emplace(name, word(values[i]));
      counters_[i] = &family.Add(all);
    }
  }

  void count(const typename List::value_type& value, double by = 1) {
    if (const std::size_t at = place_of(values_, value); at < values_.size())
      counters_[at]->Increment(by);
  }

 private:
  const List& values_;
  std::array<Counter*, std::tuple_size_v<List>> counters_{};
};

}  // namespace

struct SchedulerMetrics::Families {
  explicit Families(metrics::Metrics& m)
      : delay(histograms(m, "hotclock_slot_start_delay_seconds",
                         "From the instant at which a slot could be worked until its execution "
                         "began here.")),
        running(gauges(m, "hotclock_executions_running", "Executions that run here now.")),
        started(counters(m, "hotclock_executions_started_total",
                         "Attempts that began here, by why their slot exists.")),
        ended(counters(m, "hotclock_executions_ended_total", "Attempts that ended here.")),
        durations(histograms(m, durations_name, "How long attempts took that ended here.")),
        memory(
            gauges(m, "hotclock_execution_peak_memory_bytes",
                   "The most memory that the last attempt held which ended here, where it can be "
                   "told from the process's: of commands; else 0.")),
        retries(counters(m, "hotclock_execution_retries_total",
                         "Attempts that ended here otherwise than well and are tried again.")),
        slots(counters(m, "hotclock_slots_ended_total", "Slots that came to their end here.")),
        refused(counters(m, "hotclock_slots_refused_total",
                         "Slots that were refused here, by the reason.")),
        set_aside(counters(m, "hotclock_records_set_aside_total",
                           "Records that failed alone while the rest went on.")),
        rows(counters(m, "hotclock_rows_touched_total",
                      "Units of progress, rows as a rule, that committed chunks carried.")),
        chunks(counters(m, "hotclock_chunks_total", "Chunks that ended here.")),
        fences(counters(m, "hotclock_fences_rejected_total",
                        "Chunks and endings that were not written because their fence was old.")),
        leases(counters(m, "hotclock_leases_lost_total",
                        "Executions that wrote nothing more because their lease was lost.")),
        taken(counters(m, "hotclock_slots_taken_over_total",
                       "Slots whose worker had vanished, by what became of them.")),
        stuck(counters(m, "hotclock_executions_stuck_total",
                       "Times that an execution had not stopped by its hard limit.")),
        wakes(counters(m, "hotclock_wake_failures_total",
                       "Times that a job could not say when it wants to be woken.")),
        steps(counters(m, "hotclock_clock_steps_total", "Times that the wall clock was set.")),
        forward(steps.Add({{"direction", "forward"}})),
        backward(steps.Add({{"direction", "backward"}})),
        ledger_failures(counter(m, "hotclock_ledger_failures_total",
                                "Times that the ledger began to be out of reach.")),
        ledger_up(gauge(m, "hotclock_ledger_up", "1 while the ledger answers this node.")) {
    ledger_up.Set(1);
  }

  Histograms& delay;
  Gauges& running;
  Counters& started;
  Counters& ended;
  Histograms& durations;
  Gauges& memory;
  Counters& retries;
  Counters& slots;
  Counters& refused;
  Counters& set_aside;
  Counters& rows;
  Counters& chunks;
  Counters& fences;
  Counters& leases;
  Counters& taken;
  Counters& stuck;
  Counters& wakes;
  Counters& steps;
  Counter& forward;
  Counter& backward;
  Counter& ledger_failures;
  Gauge& ledger_up;
};

struct SchedulerMetrics::OfQueue {
  OfQueue(Families& f, const std::string& name)
      : delay(f.delay.Add({{"queue", name}}, delay_bounds)),
        running(f.running.Add({{"queue", name}})) {}

  Histogram& delay;
  Gauge& running;
};

struct SchedulerMetrics::OfJob {
  OfJob(Families& f, const std::string& told_as, OfQueue& in)
      : labels{{"job", told_as}},
        queue(in),
        started(f.started, labels, "trigger", triggers),
        ended(f.ended, labels, "outcome", outcomes),
        durations(f.durations.Add(labels, duration_bounds)),
        memory(f.memory.Add(labels)),
        retries(f.retries.Add(labels)),
        slots(f.slots, labels, "end", ends),
        refused(f.refused, labels, "reason", refusals),
        set_aside(f.set_aside.Add(labels)),
        rows(f.rows.Add(labels)),
        chunks(f.chunks, labels, "outcome", chunk_ends),
        fences(f.fences.Add(labels)),
        leases(f.leases.Add(labels)),
        taken(f.taken, labels, "then", losses),
        stuck(f.stuck.Add(labels)),
        wakes(f.wakes.Add(labels)) {}

  const metrics::Labels labels;
  OfQueue& queue;
  ByLabel<decltype(triggers)> started;
  ByLabel<decltype(outcomes)> ended;
  Histogram& durations;
  Gauge& memory;
  Counter& retries;
  ByLabel<decltype(ends)> slots;
  ByLabel<decltype(refusals)> refused;
  Counter& set_aside;
  Counter& rows;
  ByLabel<decltype(chunk_ends)> chunks;
  Counter& fences;
  Counter& leases;
  ByLabel<decltype(losses)> taken;
  Counter& stuck;
  Counter& wakes;
};

struct SchedulerMetrics::Listener {
  SchedulerMetrics& all;

  void operator()(const Started& n) const {
    OfJob& job = all.of_job(n.permit->slot.job);
    job.started.count(n.permit->slot.trigger);
    job.queue.delay.Observe(std::max(metrics::seconds(n.late), 0.0));
    job.queue.running.Increment();
  }

  void operator()(const Recorded& n) const {
    const Ending& ending = n.ending;
    OfJob& job = all.of_job(ending.permit->slot.job);
    job.queue.running.Decrement();
    job.ended.count(ending.outcome);
    if (ending.set_aside_total > 0)
      job.set_aside.Increment(static_cast<double>(ending.set_aside_total));
    if (std::holds_alternative<TriesAgain>(ending.follow)) job.retries.Increment();
    const auto* last = std::get_if<Ends>(&ending.follow);
    if (last && !ending.permit->partition_of) job.slots.count(last->end);
    if (ending.peak_memory > 0) job.memory.Set(static_cast<double>(ending.peak_memory));
    all.saw_duration(ending);
  }

  void operator()(const GatheredSlot& n) const {
    all.of_job(n.gathered.slot.job).slots.count(n.gathered.ends.end);
  }

  void operator()(const RefusedSlot& n) const {
    OfJob& job = all.of_job(n.refused.slot.job);
    job.slots.count(End::refused);
    job.refused.count(kind_of(n.refused.why));
  }

  void operator()(const MissedSlots& n) const {
    all.of_job(n.job).slots.count(End::missed, static_cast<double>(n.count));
  }

  void operator()(const TakenOver& n) const {
    OfJob& job = all.of_job(n.taken.slot.job);
    job.taken.count(losses[static_cast<std::size_t>(n.taken.after)]);
    if (n.taken.after == AfterLoss::failed) job.slots.count(End::failed);
  }

  void operator()(const LostLease& n) const {
    OfJob& job = all.of_job(n.permit->slot.job);
    job.queue.running.Decrement();
    job.ended.count("lost");
    job.leases.Increment();
    if (n.by_fence) job.fences.Increment();
  }

  void operator()(const Stuck& n) const { all.of_job(n.permit->slot.job).stuck.Increment(); }
  void operator()(const WakeFailed& n) const { all.of_job(n.job).wakes.Increment(); }

  void operator()(const ClockStepped& n) const {
    (n.by > Duration::zero() ? all.families_->forward : all.families_->backward).Increment();
  }

  void operator()(const LedgerFailed&) const {
    all.families_->ledger_failures.Increment();
    all.families_->ledger_up.Set(0);
  }
  void operator()(const LedgerBack&) const { all.families_->ledger_up.Set(1); }
};

SchedulerMetrics::SchedulerMetrics(metrics::Metrics& metrics, const config::Config& settings)
    : metrics_(metrics), families_(std::make_unique<Families>(metrics)) {
  const auto add = [this](std::string_view name) {
    const std::string shown(config::shown_queue(name));
    if (!queues_.contains(shown)) queues_[shown] = std::make_unique<OfQueue>(*families_, shown);
  };
  add("");
  for (const QueueRule& queue : settings.queues) add(queue.name);
  for (const config::JobConfig& job : settings.jobs) {
    add(job.policy->queue);
    queue_of_[job.name] = config::shown_queue(job.policy->queue);
    of_job(job.name);
  }
  of_job(retention_job);
}

SchedulerMetrics::~SchedulerMetrics() = default;

SchedulerMetrics::OfJob& SchedulerMetrics::of_job(const std::string& name) {
  Lock lock(m_);
  const auto found = jobs_.find(name);
  if (found != jobs_.end()) return *found->second;
  return jobs_.size() < most_jobs_told_apart ? made(name) : made(std::string(other));
}

SchedulerMetrics::OfJob& SchedulerMetrics::made(const std::string& name) {
  auto& job = jobs_[name];
  if (job) return *job;
  const auto queue = queue_of_.find(name);
  const std::string in =
      queue == queue_of_.end() ? std::string(config::default_queue) : queue->second;
  job = std::make_unique<OfJob>(*families_, name, *queues_.at(in));
  return *job;
}

void SchedulerMetrics::saw_duration(const Ending& ending) {
  OfJob& job = of_job(ending.permit->slot.job);
  const double took = std::max(metrics::seconds(ending.ended_at - ending.started_at), 0.0);
  job.durations.Observe(took);
  metrics_.exemplars().saw(durations_name, job.labels, duration_bounds,
                           {ending.permit->execution.text(), took, ending.ended_at});
}

void SchedulerMetrics::on(const Notice& notice) { std::visit(Listener{*this}, notice); }

void SchedulerMetrics::on(const work::ChunkEnd& chunk) {
  OfJob& job = of_job(chunk.permit.slot.job);
  if (!chunk.why) {
    job.chunks.count("committed");
    job.rows.Increment(static_cast<double>(chunk.done));
  } else if (chunk.why->code() == Errc::lease_lost) {
    job.chunks.count("fenced_off");
    job.fences.Increment();
  } else {
    job.chunks.count("failed");
  }
}

}  // namespace hotclock::app
