// A program that schedules a job of its own: a digest each second, three of them, one of which
// fails at first and is tried again. It keeps its slots in memory; what must outlive the program
// belongs into a ledger in SQL.
#include <hotclock/scheduler.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <latch>
#include <memory>
#include <utility>

namespace {

using namespace std::chrono_literals;

// How many slots the program works before it ends.
constexpr int wanted = 3;

// May be run again for the same slot, reads the time from its slot, ends soon after a stop is
// requested.
class Digest final : public hotclock::Job {
 public:
  hotclock::Outcome run(hotclock::Execution& execution) override {
    if (execution.stop().stop_requested()) return hotclock::Stopped{};
    if (execution.permit->attempt == 1 && !failed_once_.exchange(true))
      return hotclock::Failed{
          hotclock::Error(hotclock::Errc::unavailable, "the mail server is away")};
    return hotclock::Done{{{"letters", 12}}};
  }

 private:
  std::atomic<bool> failed_once_ = false;
};

// Hears of every attempt. It is called on the scheduler's thread, so it is quick.
class Teller final : public hotclock::Observer {
 public:
  void on(const hotclock::Notice& notice) override {
    const auto* recorded = std::get_if<hotclock::Recorded>(&notice);
    if (!recorded) return;
    const hotclock::Ending& ending = recorded->ending;
    std::cout << ending.permit->slot.job << ": attempt " << ending.permit->attempt << " "
              << ending.outcome;
    for (const auto& [what, count] : ending.tally) std::cout << ", " << count << " " << what;
    if (!ending.error.empty()) std::cout << ": " << ending.error;
    std::cout << std::endl;
    if (ending.outcome == "completed" && completed_++ < wanted) done_.count_down();
  }
  void wait() { done_.wait(); }

 private:
  int completed_ = 0;
  std::latch done_{wanted};
};

}  // namespace

int main() {
  const auto schedule = hotclock::Schedule::parse("* * * * * *");
  if (!schedule) {
    std::cerr << schedule.error().message() << '\n';
    return 2;
  }
  auto policy = std::make_shared<hotclock::Policy>();
  policy->retry.retries = 1;
  policy->retry.first_delay = 100ms;
  policy->overlap = hotclock::Overlap::wait;

  hotclock::SystemClock clock;
  hotclock::MemoryLedger ledger;
  Teller teller;
  hotclock::Scheduler scheduler(clock, ledger, teller);
  if (auto added = scheduler.add({{"digest", *schedule, std::make_shared<Digest>(), policy}});
      !added) {
    std::cerr << added.error().message() << '\n';
    return 1;
  }
  std::cout << "due " << schedule->describe() << std::endl;
  scheduler.start();
  teller.wait();
  return scheduler.stop(10s) ? 0 : 1;
}
