// hotclock simulate: what the settings would do, worked through on a clock that costs nothing.
#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/simulation/simulation.h"
#include "service/app/store.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/operations/simulated_day.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

constexpr Duration longest = std::chrono::days{366};
constexpr std::size_t bars = 24;
constexpr double widest_bar = 40;

// A plan, and what is to be said of where it comes from.
struct Subject {
  Plan plan;
  std::vector<std::string> notes;
};

// ---------------------------------------------------------------- what is simulated

Result<> read_span(const SimulateArgs& args, Instant now, Plan& plan) {
  const auto utc = load_zone("UTC");
  if (!utc) return utc.error();
  const auto from = read_instant(args.from.empty() ? "now" : args.from, **utc, now);
  if (!from) return from.error().within("--from");
  plan.from = *from;
  plan.to = *from + std::chrono::days{1};
  if (args.to.empty()) return {};
  const auto to = read_instant(args.to, **utc, now);
  if (!to) return to.error().within("--to");
  plan.to = *to;
  if (plan.to <= plan.from) return Error(Errc::invalid, "--to is not later than --from");
  if (plan.to - plan.from > longest)
    return Error(Errc::invalid, "more than a year is too much to simulate at once");
  return {};
}

// The database, where there is one that can be read.
std::unique_ptr<sql::Database> history_of(const config::Config& settings,
                                          std::vector<std::string>& notes) {
  auto database = app::open_store(settings);
  if (database) return std::move(database).value();
  notes.push_back("durations are guessed, for no history could be read: " +
                  database.error().message());
  return nullptr;
}

void note_guesses(const Plan& plan, std::vector<std::string>& notes) {
  std::string names;
  for (const SimulatedJob& job : plan.jobs)
    if (job.durations.empty()) names += (names.empty() ? "" : ", ") + job.name;
  if (!names.empty())
    notes.push_back("a tenth of max_execution is assumed, for nothing is recorded, of " + names);
}

Result<Subject> subject_of(Console& console, const Common& common, const SimulateArgs& args) {
  auto settings = read_settings(console, common);
  if (!settings) return std::move(settings).error();
  Subject subject;
  Plan& plan = subject.plan;
  if (auto span = read_span(args, console.clock.now(), plan); !span) return std::move(span).error();
  plan.nodes = args.nodes;
  plan.workers = settings->scheduler.workers;
  plan.queues = settings->queues;
  plan.seed = args.seed;
  const auto database = history_of(*settings, subject.notes);
  for (const config::JobConfig& job : settings->jobs) {
    auto made = operations::simulated_job(job, database.get());
    if (!made) return std::move(made).error();
    plan.jobs.push_back(*std::move(made));
  }
  note_guesses(plan, subject.notes);
  return subject;
}

// ---------------------------------------------------------------- as JSON

json::object job_json(const SimulatedJobReport& job) {
  json::object refused, beside;
  for (const auto& [why, count] : job.refused) refused[why] = count;
  for (const auto& [other, count] : job.beside) beside[other] = count;
  return {{"job", job.job},
          {"due", job.due},
          {"completed", job.completed},
          {"failed", job.failed},
          {"timed_out", job.timed_out},
          {"cancelled", job.cancelled},
          {"refused", std::move(refused)},
          {"missed", job.missed},
          {"running", job.running},
          {"waiting", job.waiting},
          {"attempts", job.attempts},
          {"lateness_median_ms", job.lateness.median.count()},
          {"lateness_p99_ms", job.lateness.p99.count()},
          {"lateness_worst_ms", job.lateness.worst.count()},
          {"began_late", job.began_late},
          {"durations_guessed", job.guessed},
          {"beside", std::move(beside)}};
}

json::object queue_json(const SimulatedQueueReport& queue) {
  return {{"queue", config::shown_queue(queue.rule.name)},
          {"limit", queue.rule.limit},
          {"weight", queue.rule.weight},
          {"reserved", queue.rule.reserved},
          {"claims", queue.claims},
          {"most_running", queue.most_running},
          {"limit_met", queue.limit_met}};
}

json::object as_json(const Subject& subject, const Simulated& told) {
  json::array jobs, queues, load, notes;
  for (const auto& job : told.jobs) jobs.push_back(job_json(job));
  for (const auto& queue : told.queues) queues.push_back(queue_json(queue));
  for (const auto& minute : told.load)
    load.push_back(
        json::object{{"at", to_string(minute.at)}, {"most", minute.most}, {"mean", minute.mean}});
  for (const std::string& note : subject.notes) notes.emplace_back(note);
  return {{"from", to_string(subject.plan.from)},
          {"to", to_string(subject.plan.to)},
          {"nodes", subject.plan.nodes},
          {"workers", subject.plan.workers},
          {"seed", subject.plan.seed},
          {"jobs", std::move(jobs)},
          {"queues", std::move(queues)},
          {"most_running", told.most_running},
          {"mean_running", told.mean_running},
          {"workers_met", told.workers_met},
          {"held_up", told.held_up},
          {"load", std::move(load)},
          {"notes", std::move(notes)}};
}

// ---------------------------------------------------------------- for people

// "288 held, 1 paused"
std::string counts_text(const std::map<std::string, std::int64_t>& counts) {
  std::string text;
  for (const auto& [what, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  return text;
}

std::string others_text(const SimulatedJobReport& job) {
  const std::pair<std::int64_t, const char*> counts[] = {
      {job.failed, "failed"}, {job.timed_out, "timed out"}, {job.cancelled, "replaced"},
      {job.missed, "missed"}, {job.running, "running"},     {job.waiting, "waiting"}};
  std::string text = counts_text(job.refused);
  if (!text.empty()) text = "refused: " + text;
  for (const auto& [count, what] : counts)
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  return text;
}

std::string jobs_table(const Simulated& told, const Look& look) {
  using Kind = Column::Kind;
  Table table({{"job"},
               {"due", Kind::number},
               {"completed", Kind::number},
               {"late: median", Kind::number},
               {"p99", Kind::number},
               {"worst", Kind::number},
               {"the others", Kind::wrapped},
               {"ran beside", Kind::wrapped}});
  for (const auto& job : told.jobs)
    table.add({job.job, std::to_string(job.due), std::to_string(job.completed),
               to_words(job.lateness.median), to_words(job.lateness.p99),
               Cell(to_words(job.lateness.worst), job.began_late > 0 ? Tone::notice : Tone::plain),
               others_text(job), counts_text(job.beside)});
  return table.text(look);
}

std::string queues_table(const Simulated& told, const Look& look) {
  using Kind = Column::Kind;
  Table table({{"queue"},
               {"weight", Kind::number},
               {"reserved", Kind::number},
               {"limit", Kind::number},
               {"claims", Kind::number},
               {"most at once", Kind::number},
               {"limit met", Kind::number}});
  for (const auto& queue : told.queues)
    table.add({std::string(config::shown_queue(queue.rule.name)), std::to_string(queue.rule.weight),
               std::to_string(queue.rule.reserved),
               queue.rule.limit > 0 ? std::to_string(queue.rule.limit) : "none",
               std::to_string(queue.claims), std::to_string(queue.most_running),
               queue.rule.limit > 0 ? fmt::format("{} times", queue.limit_met) : ""});
  return table.text(look);
}

// The minutes, some to a bar; a bar is as long as the most that ran at once in them.
std::string load_text(const Simulated& told) {
  const std::size_t each = std::max<std::size_t>((told.load.size() + bars - 1) / bars, 1);
  std::string text;
  for (std::size_t at = 0; at < told.load.size(); at += each) {
    const std::size_t end = std::min(at + each, told.load.size());
    int most = 0;
    double sum = 0;
    for (std::size_t i = at; i < end; ++i) {
      most = std::max(most, told.load[i].most);
      sum += told.load[i].mean;
    }
    const double share = told.most_running > 0 ? static_cast<double>(most) / told.most_running : 0;
    const auto length = static_cast<std::size_t>(std::lround(share * widest_bar));
    text +=
        fmt::format("  {}  {:<40}  {} at once, {:.2f} on average\n", to_string(told.load[at].at),
                    std::string(length, '#'), most, sum / static_cast<double>(end - at));
  }
  return text;
}

void show(Console& console, const Subject& subject, const Simulated& told) {
  const Plan& plan = subject.plan;
  const Look look = look_of(console);
  console.out << fmt::format("{} to {}, {} node{} of {} worker{}\n\n", to_string(plan.from),
                             to_string(plan.to), plan.nodes, plan.nodes == 1 ? "" : "s",
                             plan.workers, plan.workers == 1 ? "" : "s")
              << jobs_table(told, look) << '\n'
              << queues_table(told, look) << '\n'
              << load_text(told)
              << fmt::format(
                     "\nat most {} at once, {:.2f} on average; a node's last worker was taken {} "
                     "times; {} slots"
                     " began later than they could have\n",
                     told.most_running, told.mean_running, told.workers_met, told.held_up);
  for (const std::string& note : subject.notes) console.out << "note: " << note << '\n';
}

}  // namespace

int cmd_simulate(Console& console, const Common& common, const SimulateArgs& args) {
  const auto subject = subject_of(console, common, args);
  if (!subject) return fail(console, common.json, subject.error());
  const auto told = simulate(subject->plan);
  if (!told) return fail(console, common.json, told.error());
  if (common.json)
    print(console, as_json(*subject, *told));
  else
    show(console, *subject, *told);
  return exit_done;
}

}  // namespace hotclock::cli
