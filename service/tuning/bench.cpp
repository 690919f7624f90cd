#include "service/tuning/bench.h"

#include <stdlib.h>

#include <algorithm>
#include <thread>

#include "service/demo/demo.h"
#include "service/tuning/scratch.h"
#include "service/tuning/trial_engine.h"

namespace hotclock::tuning {
namespace {

using Seconds = std::chrono::duration<double>;
using Millis = std::chrono::duration<double, std::milli>;

constexpr int slots_a_round = 500;
constexpr int starts_a_round = 10;

constexpr sql::Statement note{"bench.note",
                              "INSERT INTO memos (job, memo) VALUES ($1, $2)"
                              " ON CONFLICT (job) DO UPDATE SET memo = excluded.memo"};

double load_by_processor() {
  double one = 0;
  if (getloadavg(&one, 1) != 1) return 0;
  return one / std::max(1u, std::thread::hardware_concurrency());
}

Result<> commit_one(sql::Database& database, std::int64_t number) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error();
  const std::string memo = std::to_string(number);
  if (auto done = (*transaction)->exec(note, {"bench", memo}); !done)
    return std::move(done).error();
  return (*transaction)->commit();
}

class Bench {
 public:
  Bench(const config::Config& settings, Clock& machine, const BenchOptions& options,
        Scratch& scratch)
      : settings_(settings), machine_(machine), options_(options), scratch_(scratch) {}

  Result<std::vector<Figure>> measured() {
    if (auto done = commits(); !done) return std::move(done).error();
    say("making a platform");
    auto made = demo::create_demo(scratch_.database(), {.users = options_.users,
                                                        .streams = 1,
                                                        .now = machine_.now(),
                                                        .history_days = 0,
                                                        .reputation_per_user = 0});
    if (!made) return std::move(made).error();
    auto engine = TrialEngine::build(settings_, scratch_, machine_);
    if (!engine) return std::move(engine).error();
    if (auto done = slots(**engine); !done) return std::move(done).error();
    if (auto done = starts(**engine); !done) return std::move(done).error();
    if (auto done = chunks(**engine); !done) return std::move(done).error();
    return std::move(figures_);
  }

 private:
  void say(std::string_view what) const {
    if (options_.tell) options_.tell(what);
  }
  // Each of the four kinds has as much time.
  Duration round() const { return options_.span / 4 / options_.rounds; }
  Steady now() const { return machine_.steady(); }

  // One connection, one row, again and again.
  Result<> commits() {
    say("commits");
    Figure rate{"commits", "/s", {}}, took{"one commit", "ms", {}};
    for (int i = 0; i < options_.rounds; ++i) {
      std::vector<double> each;
      const Steady began = now();
      while (now() < began + round() || each.empty()) {
        const Steady asked = now();
        if (auto done = commit_one(scratch_.database(), std::ssize(each)); !done) return done;
        each.push_back(Millis(now() - asked).count());
      }
      rate.rounds.push_back(static_cast<double>(each.size()) / Seconds(now() - began).count());
      took.rounds.push_back(percentile(std::move(each), 0.5));
    }
    figures_.insert(figures_.end(), {std::move(rate), std::move(took)});
    return {};
  }

  // As many as are in line, from entering to the ends on the disk.
  Result<> slots(TrialEngine& engine) {
    say("slots");
    Figure rate{"slots", "/s", {}};
    for (int i = 0; i < options_.rounds; ++i) {
      std::int64_t worked = 0;
      const Steady began = now();
      while (now() < began + round() || worked == 0) {
        auto done = engine.work_slots(slots_a_round);
        if (!done) return done;
        worked += slots_a_round;
      }
      rate.rounds.push_back(static_cast<double>(worked) / Seconds(now() - began).count());
    }
    figures_.push_back(std::move(rate));
    return {};
  }

  Result<> starts(TrialEngine& engine) {
    say("starts");
    Figure middle{"asked to started", "ms", {}}, worst{"asked to started, p95", "ms", {}};
    for (int i = 0; i < options_.rounds; ++i) {
      std::vector<double> each;
      const Steady began = now();
      while ((now() < began + round() && each.size() < 100) || each.size() < starts_a_round) {
        auto took = engine.start_one();
        if (!took) return std::move(took).error();
        each.push_back(Millis(*took).count());
      }
      middle.rounds.push_back(percentile(each, 0.5));
      worst.rounds.push_back(percentile(std::move(each), 0.95));
    }
    figures_.insert(figures_.end(), {std::move(middle), std::move(worst)});
    return {};
  }

  // A day's bonus each time, of all users.
  Result<> chunks(TrialEngine& engine) {
    say("chunks");
    Figure rate{"rows in chunks (users paid)", "/s", {}};
    for (int i = 0; i < options_.rounds; ++i) {
      double users = 0, seconds = 0;
      do {
        auto paid = engine.pay_a_day();
        if (!paid) return std::move(paid).error();
        users += static_cast<double>(paid->users);
        seconds += Seconds(paid->took).count();
      } while (seconds < Seconds(round()).count());
      rate.rounds.push_back(users / seconds);
    }
    figures_.push_back(std::move(rate));
    return {};
  }

  const config::Config& settings_;
  Clock& machine_;
  const BenchOptions& options_;
  Scratch& scratch_;
  std::vector<Figure> figures_;
};

}  // namespace

Result<BenchReport> bench(const config::Config& settings, Clock& machine,
                          const BenchOptions& options) {
  const double load = load_by_processor();
  auto scratch = Scratch::make(settings.database, machine.now());
  if (!scratch) return std::move(scratch).error();
  BenchReport report{.where = (*scratch)->database().where(), .load = load};
  auto figures = Bench(settings, machine, options, **scratch).measured();
  if (!figures) return std::move(figures).error();
  report.figures = std::move(figures).value();
  return report;
}

Result<std::chrono::microseconds> commit_cost(const config::DatabaseConfig& beside,
                                              Clock& machine) {
  auto scratch = Scratch::make(beside, machine.now());
  if (!scratch) return std::move(scratch).error();
  std::vector<double> each;
  for (int i = 0; i < 30; ++i) {
    const Steady asked = machine.steady();
    if (auto done = commit_one((*scratch)->database(), i); !done) return std::move(done).error();
    each.push_back(std::chrono::duration<double, std::micro>(machine.steady() - asked).count());
  }
  return std::chrono::microseconds{static_cast<std::int64_t>(percentile(std::move(each), 0.5))};
}

}  // namespace hotclock::tuning
