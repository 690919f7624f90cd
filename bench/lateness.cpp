// How late slots start: 10,000 live schedules of one a minute, beside a bare timerfd loop that fires
// the same instants, each for `--seconds`, in turn.
//   lateness [--json FILE] [--seconds N] [--schedules N]
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <mutex>

#include "bench/child.h"
#include "bench/report.h"
#include "scheduler/core/scheduler.h"
#include "scheduler/memory/memory_ledger.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;
using Wall = std::chrono::system_clock;

struct Measured {
  std::vector<double> late_ms;
  double cpu = 0;
};

double late_ms(Instant due) {
  return std::chrono::duration<double, std::milli>(Wall::now() - due).count();
}

// Notes how late it starts, and that is all.
class Noting final : public Job {
 public:
  explicit Noting(Measured& measured) : measured_(measured) {}
  Outcome run(Execution& execution) override {
    const double late = late_ms(execution.slot().scheduled_for);
    std::lock_guard lock(m_);
    measured_.late_ms.push_back(late);
    return Done{};
  }

 private:
  std::mutex m_;
  Measured& measured_;
};

class Silent final : public Observer {
  void on(const Notice&) override {}
};

// `n` schedules of one a minute, spread over the minute's seconds.
std::vector<JobSpec> specs(int n, const std::shared_ptr<Job>& job) {
  auto policy = std::make_shared<Policy>();
  policy->overlap = Overlap::allow;
  policy->max_running = 1'000;
  std::vector<JobSpec> specs;
  for (int i = 0; i < n; ++i)
    specs.push_back({fmt::format("job-{}", i), Schedule::parse(fmt::format("{} * * * * *", i % 60)).value(),
                     job, policy});
  return specs;
}

Measured product(int schedules, std::chrono::seconds span, double& set_up_ms) {
  Measured measured;
  SystemClock clock;
  MemoryLedger ledger(false);
  Silent silent;
  Scheduler scheduler(clock, ledger, silent,
                      {.workers = 1, .ahead = 1000, .look_for_lost = Duration::zero()});
  const auto job = std::make_shared<Noting>(measured);
  auto all = specs(schedules, job);
  const auto begun = Wall::now();
  (void)scheduler.add(std::move(all));
  (void)scheduler.turn();
  set_up_ms = std::chrono::duration<double, std::milli>(Wall::now() - begun).count();
  const double cpu = cpu_seconds();
  scheduler.start();
  clock.sleep_until(clock.now() + span, {});
  measured.cpu = cpu_seconds() - cpu;
  (void)scheduler.stop(1s);
  return measured;
}

// The yardstick: a timerfd at each second's boundary, and nothing done but noting.
Measured bare(int schedules, std::chrono::seconds span) {
  Measured measured;
  const double cpu = cpu_seconds();
  const int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
  auto second = std::chrono::ceil<std::chrono::seconds>(Wall::now());
  for (const auto end = Wall::now() + span; second < end; second += 1s) {
    itimerspec when{};
    when.it_value.tv_sec = second.time_since_epoch().count();
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, nullptr);
    pollfd ready{timer, POLLIN, 0};
    poll(&ready, 1, -1);
    for (int i = 0; i < schedules / 60; ++i) measured.late_ms.push_back(late_ms(second));
  }
  close(timer);
  measured.cpu = cpu_seconds() - cpu;
  return measured;
}

void report_on(int schedules, int seconds, const std::string& json) {
  Report report(fmt::format("lateness with {} live schedules of one a minute", schedules));
  std::vector<double> ratio, p50, p99, bare_p99, cpu_us;
  double set_up_ms = 0, worst = 0;
  for (int pair = 0; pair < 5; ++pair) {
    Measured yardstick = bare(schedules, std::chrono::seconds(seconds));
    Measured ours = product(schedules, std::chrono::seconds(seconds), set_up_ms);
    bare_p99.push_back(percentile(yardstick.late_ms, 0.99));
    p50.push_back(percentile(ours.late_ms, 0.5));
    p99.push_back(percentile(ours.late_ms, 0.99));
    worst = std::max(worst, ours.late_ms.back());
    ratio.push_back(p99.back() / bare_p99.back());
    cpu_us.push_back(ours.cpu * 1e6 / static_cast<double>(ours.late_ms.size()));
  }
  report.add("p50, median of 5 runs", percentile(p50, 0.5), "ms");
  report.add("p99, median of 5 runs", percentile(p99, 0.5), "ms");
  report.add("worst", worst, "ms");
  report.add("bare timerfd loop, p99, median of 5 runs", percentile(bare_p99, 0.5), "ms");
  report.at_most("p99 over the bare loop's, median of 5 pairs", percentile(ratio, 0.5), "x", 2);
  report.at_most("CPU per fire, core and ledger in memory", percentile(cpu_us, 0.5), "us", 3);
  report.at_most("set-up", set_up_ms, "ms", 100);
  report.print(json);
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) {
  int schedules = 10'000, seconds = 13;
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--json")) json = argv[i + 1];
    if (!std::strcmp(argv[i], "--schedules")) schedules = std::atoi(argv[i + 1]);
    if (!std::strcmp(argv[i], "--seconds")) seconds = std::atoi(argv[i + 1]);
  }
  hotclock::bench::report_on(schedules, seconds, json);
}
