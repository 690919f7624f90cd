#include "service/app/reload.h"

#include <set>

#include "service/ledger/control.h"

namespace hotclock::app {
namespace {

std::string list_of(const std::vector<config::Change>& changes) {
  std::string list;
  for (const config::Change& change : changes) (list += list.empty() ? "" : "; ") += change.text();
  return list;
}

// What the main file says of jobs is looked at whenever they are read.
bool bears_on_jobs(const std::string& key) { return key.starts_with("commands."); }

}  // namespace

Reload::Reload(SettingsSource source, config::Config in_force, PutInForce put_in_force,
               sql::Database& database, Clock& clock, log::Logger& logger)
    : source_(std::move(source)),
      put_in_force_(std::move(put_in_force)),
      database_(database),
      clock_(clock),
      logger_(logger),
      in_force_(std::move(in_force)) {}

Reload::~Reload() = default;

Result<Reloaded> Reload::reload(std::string_view asked_by) {
  auto reloaded = read_anew();
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
  auto settings = read_settings(source_);
  if (!settings) return std::move(settings).error();
  Reloaded reloaded;
  std::set<std::string> jobs;
  for (config::Change& change : config::difference(in_force_, *settings)) {
    const std::string job = config::job_of(change.key);
    if (!job.empty()) jobs.insert(job);
    const bool counts_at_once = !job.empty() || bears_on_jobs(change.key);
    (counts_at_once ? reloaded.in_force : reloaded.at_next_start).push_back(std::move(change));
  }
  if (!jobs.empty())
    if (auto put = put_in_force_(*settings, jobs); !put) return std::move(put).error();
  in_force_ = std::move(settings).value();
  return reloaded;
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
