#include "service/app/reload.h"

#include <algorithm>
#include <set>

#include "service/ledger/control.h"

namespace hotclock::app {
namespace {

std::string list_of(const std::vector<config::Change>& changes) {
  std::string list;
  for (const config::Change& change : changes) (list += list.empty() ? "" : "; ") += change.text();
  return list;
}

// Those of which anything is different, also only who changed the schedule and when.
std::set<std::string> changed_jobs(const config::Config& before, const config::Config& after) {
  std::set<std::string> jobs;
  for (const config::Change& change : config::difference(before, after))
    if (std::string job = config::job_of(change.key); !job.empty()) jobs.insert(std::move(job));
  for (const config::JobConfig& job : after.jobs) {
    const auto was = std::ranges::find(before.jobs, job.name, &config::JobConfig::name);
    if (was != before.jobs.end() && was->rescheduled != job.rescheduled) jobs.insert(job.name);
  }
  return jobs;
}

// Windows of maintenance stand in the policies of all jobs.
bool bears_on_all_jobs(const std::string& key) { return key.starts_with("maintenance."); }

// Whoever evaluates alerts asks for their rules each time.
bool bears_on_alerts(const std::string& key) { return key.starts_with("alerts."); }

// What else the main file says of jobs is looked at whenever they are read.
bool bears_on_jobs(const std::string& key) {
  return key.starts_with("commands.") || bears_on_all_jobs(key);
}

}  // namespace

Reload::Reload(SettingsSource source, config::Config in_force, live::InForce live,
               PutInForce put_in_force, sql::Database& database, Clock& clock, log::Logger& logger,
               Told told)
    : source_(std::move(source)),
      put_in_force_(std::move(put_in_force)),
      database_(database),
      clock_(clock),
      logger_(logger),
      told_(std::move(told)),
      in_force_(std::move(in_force)),
      live_(std::move(live)) {}

Reload::~Reload() = default;

std::string Reload::refused() const {
  Lock lock(m_);
  return refused_;
}

Result<Reloaded> Reload::reload(std::string_view asked_by) {
  auto reloaded = read_anew();
  {
    Lock lock(m_);
    refused_ = reloaded ? "" : reloaded.error().message();
  }
  if (told_) told_(static_cast<bool>(reloaded));
  if (!reloaded) {
    logger_.error("the settings were read anew and cannot be used: nothing was changed",
                  {{"asked_by", asked_by}, {"error", reloaded.error().message()}});
    return reloaded;
  }
  tell(*reloaded, asked_by);
  if (!reloaded->nothing()) note(*reloaded, asked_by);
  return reloaded;
}

Result<Reloaded> Reload::read_anew() {
  Lock lock(m_);
  auto files = read_settings(source_);
  if (!files) return std::move(files).error();
  // As of when this node last heard: a newer change comes by itself.
  auto laid = lay_live(*files, source_, live_);
  if (!laid) return std::move(laid).error();
  const config::Config* settings = &laid->settings;
  Reloaded reloaded;
  std::set<std::string> jobs;
  bool alerts = false;
  for (config::Change& change : config::difference(in_force_, *settings)) {
    const std::string job = config::job_of(change.key);
    if (!job.empty()) jobs.insert(job);
    if (bears_on_all_jobs(change.key))
      for (const config::JobConfig& one : settings->jobs) jobs.insert(one.name);
    alerts = alerts || bears_on_alerts(change.key);
    const bool counts_at_once =
        !job.empty() || bears_on_jobs(change.key) || bears_on_alerts(change.key);
    (counts_at_once ? reloaded.in_force : reloaded.at_next_start).push_back(std::move(change));
  }
  if (!jobs.empty() || alerts)
    if (auto put = put_in_force_(*settings, jobs); !put) return std::move(put).error();
  tell_of(live_, *laid);
  in_force_ = std::move(laid->settings);
  return reloaded;
}

// ---------------------------------------------------------------- live changes

Result<> Reload::hear_of_live_changes() {
  const auto newest = live::newest(database_);
  if (!newest) return newest.error();
  Lock lock(m_);
  if (*newest == live_.newest) return {};
  auto live = live::in_force(database_);
  auto taken = live ? take(*live) : Result<>(std::move(live).error());
  if (!taken)
    logger_.error("a live change could not be put in force; it is tried again",
                  {{"error", taken.error().message()}});
  return taken;
}

Result<> Reload::take(const live::InForce& live) {
  auto laid = lay_live(in_force_, source_, live);
  if (!laid) return std::move(laid).error();
  const std::set<std::string> jobs = changed_jobs(in_force_, laid->settings);
  if (!jobs.empty())
    if (auto put = put_in_force_(laid->settings, jobs); !put) return put;
  tell_of(live, *laid);
  in_force_ = std::move(laid->settings);
  live_ = live;
  return {};
}

void Reload::tell_of(const live::InForce& live, const live::Laid& laid) {
  const auto changes = config::difference(in_force_, laid.settings);
  for (const live::Standing& job : live.jobs) {
    const live::Standing* before = live_.find(job.job);
    if (before && before->version == job.version) continue;
    for (const config::Change& change : changes)
      if (config::job_of(change.key) == job.job)
        logger_.info("a live change is in force",
                     {{"change", change.text()}, {"by", job.author}, {"reason", job.reason}});
  }
  for (const live::LeftOut& out : laid.left_out)
    if (std::ranges::find(left_out_, out) == left_out_.end())
      logger_.error("what was changed live of a job is no good setting: it goes by the files",
                    {{"job", out.job}, {"error", out.why}});
  left_out_ = laid.left_out;
}

void Reload::tell(const Reloaded& reloaded, std::string_view asked_by) {
  if (reloaded.nothing())
    logger_.info("the settings were read anew; nothing is different", {{"asked_by", asked_by}});
  for (const config::Change& change : reloaded.in_force)
    logger_.info("a setting is in force", {{"change", change.text()}, {"from", change.origin}});
  for (const config::Change& change : reloaded.at_next_start)
    logger_.warning("a setting was changed that counts from the next start on",
                    {{"change", change.text()}, {"from", change.origin}});
}

void Reload::note(const Reloaded& reloaded, std::string_view asked_by) {
  std::string detail = list_of(reloaded.in_force);
  if (!reloaded.at_next_start.empty())
    detail += (detail.empty() ? "" : "; ") + std::string("at the next start: ") +
              list_of(reloaded.at_next_start);
  auto noted = ledger::note_act(database_, "config.reload", std::move(detail),
                                {std::string(asked_by), ""}, clock_.now());
  if (!noted)
    logger_.warning("could not note in the audit that settings were changed",
                    {{"error", noted.error().message()}});
}

// A file that is being written is read when it has been left alone for one interval.
void Reload::watch(Duration interval) {
  const auto files = [this] {
    return config::fingerprint(main_file(source_), source_.environment);
  };
  watcher_ = std::jthread([this, files, interval, known = files()](std::stop_token stop) mutable {
    std::string seen = known;
    while (clock_.sleep_until(clock_.now() + interval, stop)) {
      std::string now = files();
      if (now == seen && now != known) {
        known = now;
        static_cast<void>(reload("a changed file"));
      }
      seen = std::move(now);
    }
  });
}

}  // namespace hotclock::app
