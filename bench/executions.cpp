// The whole runtime on the durable ledger. How many executions a second: scheduler, guard, workers,
// fence, ends and history, beside a bare SQLite queue in groups of 100, in turn. And how long after a
// slot is due its job starts, the claim already on the disk.
//   executions [--json FILE] [--executions N] [--jobs N] [--pairs N] [--slots N]
#include <cstring>

#include "bench/runtime.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr Duration between_slots = 10ms;

std::string in(const Scratch& scratch) { return "sqlite:" + scratch.path + "/runtime.db"; }

struct Size {
  int executions = 50'000;
  int jobs = 1'000;
  int pairs = 5;
  int slots = 1'000;  // of the lateness run
};

void throughput(const Size& size, Report& report) {
  std::vector<double> ours, theirs, ratio, cpu, their_cpu;
  for (int pair = 0; pair < size.pairs; ++pair) {
    Scratch scratch;
    Runtime runtime(in(scratch), std::make_shared<Nothing>(), size.jobs);
    runtime.enter(size.executions, queue_begin, 1ms, queue_now);
    const Measured product = runtime.worked(size.executions);
    const Measured yardstick = bare(size.executions, 100);
    ours.push_back(product.per_second);
    theirs.push_back(yardstick.per_second);
    ratio.push_back(product.per_second / yardstick.per_second);
    cpu.push_back(product.cpu_us);
    their_cpu.push_back(yardstick.cpu_us);
  }
  report.add("executions", percentile(ours, 0.5), "/s");
  report.add("bare SQLite, groups of 100", percentile(theirs, 0.5), "/s");
  report.at_least("executions over it, median of pairs", percentile(ratio, 0.5), "x", 0.7);
  report.add("CPU each", percentile(cpu, 0.5), "us");
  report.add("bare SQLite, CPU each", percentile(their_cpu, 0.5), "us");
}

void lateness(const Size& size, Report& report) {
  const auto noting = std::make_shared<Noting>();
  Scratch scratch;
  Runtime runtime(in(scratch), noting, 1);
  runtime.enter(size.slots, runtime.now() + 500ms, between_slots, runtime.now());
  (void)runtime.worked(size.slots);
  std::vector<double> late = noting->late_ms();
  report.at_most("due to start, p50", percentile(late, 0.5), "ms", 1);
  report.at_most("due to start, p99", percentile(late, 0.99), "ms", 5);
  report.add("due to start, longest", late.back(), "ms");
}

int benchmark(int argc, char** argv) {
  std::string json;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const int value = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--executions") == 0) size.executions = value;
    if (std::strcmp(argv[i], "--jobs") == 0) size.jobs = value;
    if (std::strcmp(argv[i], "--pairs") == 0) size.pairs = value;
    if (std::strcmp(argv[i], "--slots") == 0) size.slots = value;
  }
  Report report(fmt::format("durable executions by the whole runtime: {} jobs, 2 workers", size.jobs));
  throughput(size, report);
  lateness(size, report);
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
