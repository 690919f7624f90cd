// Instructions per next(), previous() and parse(), counted by callgrind: figures that do not depend
// on how busy the machine is. Started plainly it starts itself once more under valgrind, which
// writes one file of counts per case, and prints the table.
//
//   bench_cron_instructions [--json FILE]
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "bench/report.h"
#include "scheduler/cron/schedule.h"

namespace {
std::size_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace hotclock {
namespace {

struct Case {
  std::string_view expression;
  double next_limit;
  double parse_limit;  // 0: none, it is no plain expression
};

constexpr Case kCases[] = {
    {"* * * * *", 250, 1500},      {"*/5 * * * *", 250, 1500},
    {"5 0 * * *", 250, 1500},      {"*/15 9-17 * * MON-FRI", 250, 1500},
    {"0 0 1,15 * WED", 350, 1500}, {"*/10 * * * * *", 250, 1500},
    {"0 0 L * *", 350, 0},         {"0 12 15W * *", 350, 0},
    {"0 0 * * MON#1", 350, 0},     {"15 10 * * 6L", 350, 0},
    {"0 0 L,15 * *", 350, 0},
    {"0 0 31 12 *", 2000, 1500},   {"0 0 29 2 *", 2000, 0},
    {"0 0 29 2 +MON", 2000, 0},    {"0 0 30 2 *", 2000, 0},
};

// What someone might think up to make a search long: times that gaps swallow, dates ever further
// away.
constexpr std::string_view kWorst[] = {
    "30 2 8-14 3 +SUN",
    "*/30 2 8-14 3 +SUN",
    "30 2 8-14,29 2,3 +SUN",
    "30 2 * 3 SUN#2",
    "0 0 29 2 +MON#5",
    "59 59 23 31 12 * 2199",
    "0 0 0 29 2 +SUN 1970,2196",
    "30 2 * 3,11 SUN#1,SUN#2",
    "0 0 31W 1,3,5 +FRI",
    "30 1 1-7 11 +SUN",
    "0 0 L 2 +SUN",
    "15 2 25-31 3,10 +SUN",
};
constexpr std::string_view kZones[] = {"UTC", "America/New_York"};
constexpr std::string_view kWorstZones[] = {"America/New_York", "Africa/Casablanca",
                                            "Australia/Lord_Howe", "Antarctica/Troll"};
constexpr int kCalls = 200;

Instant start() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)); }

Schedule parsed(std::string_view expression, std::string_view zone, DstRule dst = DstRule::vixie) {
  return Schedule::parse(expression, {.zone = zone, .dst = dst, .hash_key = "bench"}).value();
}

// Counts `work` and files the count under `name`, with what it allocated.
void count(const std::string& name, int calls, const std::function<void()>& work) {
  const std::size_t before = allocations;
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  work();
  CALLGRIND_TOGGLE_COLLECT;
  const std::size_t made = allocations - before;
  const std::string title = fmt::format("{}|{}|{}", name, calls, made);
  CALLGRIND_DUMP_STATS_AT(title.c_str());
}

// The harness's own loop is part of each figure: a few instructions a call.
void count_next(std::string_view expression, std::string_view zone) {
  const Schedule schedule = parsed(expression, zone);
  count(fmt::format("next|{}|{}", expression, zone), kCalls, [&] {
    Instant t = start();
    for (int i = 0; i < kCalls; ++i) t = schedule.next(t).value_or(start());
  });
  count(fmt::format("previous|{}|{}", expression, zone), kCalls, [&] {
    Instant t = start();
    for (int i = 0; i < kCalls; ++i) t = schedule.previous(t).value_or(start());
  });
}

void count_parse(std::string_view expression, std::string_view zone) {
  parsed(expression, zone);
  count(fmt::format("parse|{}|{}", expression, zone), 1, [&] { parsed(expression, zone); });
}

// The dearest single call, from many starting points.
void count_worst(std::string_view expression, std::string_view zone, DstRule dst) {
  const Schedule schedule = parsed(expression, zone, dst);
  for (int year = 1970; year < 2199; year += 19) {
    const Instant t(std::chrono::sys_days(std::chrono::year(year) / 3 / 1));
    count(fmt::format("worst|{}|{}", expression, zone), 1, [&] { (void)schedule.next(t); });
    count(fmt::format("worst|{}|{}", expression, zone), 1, [&] { (void)schedule.previous(t); });
  }
}

void count_all() {
  for (const Case& c : kCases)
    for (std::string_view zone : kZones)
      count_next(c.expression, zone), count_parse(c.expression, zone);
  for (std::string_view expression : kWorst)
    for (std::string_view zone : kWorstZones)
      for (DstRule dst : {DstRule::vixie, DstRule::ocps}) count_worst(expression, zone, dst);
}

struct Count {
  std::string what, expression, zone;
  double per_call = 0;
  double allocated = 0;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out{""};
  for (char c : text) {
    if (c == at) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// One of callgrind's files: the request's name and the sum of its instructions.
bool read_count(const std::filesystem::path& file, Count& out) {
  constexpr std::string_view kName = "desc: Trigger: Client Request: ", kSum = "summary: ";
  std::ifstream in(file);
  std::string line;
  double sum = 0;
  std::vector<std::string> name;
  while (std::getline(in, line)) {
    if (line.starts_with(kName)) name = split(line.substr(kName.size()), '|');
    if (line.starts_with(kSum)) sum = std::stod(line.substr(kSum.size()));
  }
  if (name.size() != 5) return false;
  const double calls = std::stod(name[3]);
  out = {name[0], name[1], name[2], sum / calls, std::stod(name[4]) / calls};
  return true;
}

std::vector<Count> read_counts(const std::filesystem::path& dir) {
  std::vector<Count> out;
  for (const auto& entry : std::filesystem::directory_iterator(dir))
    if (Count c; read_count(entry.path(), c)) out.push_back(std::move(c));
  return out;
}

const Count* find(const std::vector<Count>& counts, std::string_view what,
                  std::string_view expression, std::string_view zone) {
  for (const Count& c : counts)
    if (c.what == what && c.expression == expression && c.zone == zone) return &c;
  return nullptr;
}

void report(const std::vector<Count>& counts, const std::string& json) {
  bench::Report report("cron: instructions per call (callgrind)");
  double allocated = 0, worst = 0;
  for (std::string_view what : {"next", "previous", "parse"}) {
    for (const Case& c : kCases) {
      for (std::string_view zone : kZones) {
        const Count* found = find(counts, what, c.expression, zone);
        if (found == nullptr) continue;
        const bool parse = what == "parse";
        if (!parse) allocated += found->allocated;
        const double limit = parse ? c.parse_limit : c.next_limit;
        const std::string name = fmt::format("{} {} {}", what, c.expression, zone);
        if (limit > 0) {
          report.at_most(name, found->per_call, "instructions", limit);
        } else {
          report.add(name, found->per_call, "instructions");
        }
      }
    }
  }
  for (const Count& c : counts)
    if (c.what == "worst") worst = std::max(worst, c.per_call), allocated += c.allocated;
  report.at_most("next or previous, the dearest call of all tried", worst, "instructions", 5000);
  report.at_most("allocations in next and previous", allocated, "a call", 0);
  report.print(json);
}

// Runs this program once more, under callgrind; its files are in `dir` afterwards.
bool run_counted(const std::string& self, const std::filesystem::path& dir) {
  const std::string out = "--callgrind-out-file=" + (dir / "counts").string();
  const pid_t child = fork();
  if (child == 0) {
    execlp("valgrind", "valgrind", "--tool=callgrind", "--quiet", "--collect-atstart=no",
           out.c_str(), self.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

int main_of(int argc, char** argv) {
  if (RUNNING_ON_VALGRIND) {
    count_all();
    return 0;
  }
  const std::string json = argc == 3 && std::string_view(argv[1]) == "--json" ? argv[2] : "";
  std::string name = (std::filesystem::temp_directory_path() / "hotclock-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr ||
      !run_counted(std::filesystem::read_symlink("/proc/self/exe"), name)) {
    fmt::print(stderr, "bench_cron_instructions: valgrind --tool=callgrind did not run\n");
    return 1;
  }
  report(read_counts(name), json);
  std::filesystem::remove_all(name);
  return 0;
}

}  // namespace
}  // namespace hotclock

int main(int argc, char** argv) { return hotclock::main_of(argc, argv); }
