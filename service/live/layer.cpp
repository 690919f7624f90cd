#include "service/live/layer.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace hotclock::live {
namespace {

using Keys = std::vector<std::string>;

// A schedule may be none in another zone.
const std::vector<Keys> groups{{"schedule", "zone", "dst"}, {"enabled"}, {"priority"}};

std::string full(const std::string& job, const std::string& key) {
  return "jobs." + job + "." + key;
}

std::string origin_of(const ValueInForce& value) {
  return fmt::format("live change {} by {}", value.version, value.author);
}

// The values of these keys, as far as they are in force.
config::LiveValues values_of(const Standing& job, const Keys& keys) {
  config::LiveValues values;
  for (const std::string& key : keys)
    if (const auto* value = job.find(key))
      values.emplace(full(job.job, key), config::LiveValue{value->value, origin_of(*value)});
  return values;
}

class Layering {
 public:
  Layering(const config::Sources& sources, const config::Environment& environment,
           const config::Jobs& jobs)
      : sources_(sources), environment_(environment), jobs_(jobs) {}

  Result<config::Config> read(const config::LiveValues& live) const {
    return config::read(sources_, environment_, jobs_, live);
  }

 private:
  const config::Sources& sources_;
  const config::Environment& environment_;
  const config::Jobs& jobs_;
};

LeftOut left_out(const Standing& job, const Keys& keys, const Error& why) {
  LeftOut out{job.job, {}, why.message()};
  for (const std::string& key : keys)
    if (job.find(key)) out.keys.push_back(key);
  return out;
}

// One group of one job after the other, without those that are not good.
Result<Laid> laid_one_by_one(const Layering& layering, const InForce& in_force) {
  config::LiveValues good;
  auto settings = layering.read(good);
  if (!settings) return std::move(settings).error();
  Laid laid{std::move(settings).value(), {}};
  for (const Standing& job : in_force.jobs)
    for (const Keys& keys : groups) {
      auto values = values_of(job, keys);
      if (values.empty()) continue;
      values.insert(good.begin(), good.end());
      auto read = layering.read(values);
      if (!read) {
        laid.left_out.push_back(left_out(job, keys, read.error()));
        continue;
      }
      laid.settings = std::move(read).value();
      good = std::move(values);
    }
  return laid;
}

Result<Laid> laid_over(const Layering& layering, const InForce& in_force) {
  config::LiveValues all;
  for (const Standing& job : in_force.jobs)
    for (const Keys& keys : groups) all.merge(values_of(job, keys));
  auto settings = layering.read(all);
  if (settings) return Laid{std::move(settings).value(), {}};
  return laid_one_by_one(layering, in_force);
}

const config::Shown* shown(const config::Config& settings, const std::string& key) {
  const auto found = std::ranges::find(settings.shown, key, &config::Shown::key);
  return found == settings.shown.end() ? nullptr : &*found;
}

// As it stands in a file: texts in quotes.
bool says(const config::Shown& file, const std::string& live) {
  return file.value == live || file.value == '"' + live + '"';
}

Drift drift_of(const config::Config& files, const std::string& job, const ValueInForce& value,
               std::span<const LeftOut> left_out) {
  Drift drift{job, value.key, Drift::Kind::nowhere, "", "", value, ""};
  const config::Shown* file = shown(files, full(job, value.key));
  if (!file) return drift;
  drift.file = file->value;
  drift.origin = file->origin;
  drift.kind = says(*file, value.value) ? Drift::Kind::same : Drift::Kind::differs;
  for (const LeftOut& out : left_out)
    if (out.job == job && std::ranges::find(out.keys, value.key) != out.keys.end()) {
      drift.kind = Drift::Kind::left_out;
      drift.why = out.why;
    }
  return drift;
}

std::vector<Instant> next_runs(const config::JobConfig& job, Instant from, int n) {
  std::vector<Instant> runs;
  std::optional<Instant> next = from;
  while (job.policy->enabled && static_cast<int>(runs.size()) < n) {
    next = job.schedule.next(*next);
    if (!next) break;
    runs.push_back(*next);
  }
  return runs;
}

}  // namespace

Result<Laid> lay_over(const config::Sources& sources, const config::Environment& environment,
                      const config::Jobs& jobs, const InForce& in_force) {
  auto laid = laid_over(Layering(sources, environment, jobs), in_force);
  if (!laid) return laid;
  laid->settings.sources = std::make_shared<const config::Sources>(sources);
  for (config::JobConfig& job : laid->settings.jobs)
    if (const Standing* changed = in_force.find(job.name))
      job.rescheduled = {changed->schedule_version, changed->scheduled_at};
  return laid;
}

InForce with(InForce in_force, const Edit& edit, const std::string& author) {
  auto job = std::ranges::find(in_force.jobs, edit.job, &Standing::job);
  if (job == in_force.jobs.end())
    job = in_force.jobs.insert(in_force.jobs.end(), Standing{.job = edit.job});
  ++job->version;
  const auto drop = [&job](const std::string& key) {
    std::erase_if(job->values, [&key](const ValueInForce& value) { return value.key == key; });
  };
  for (const std::string& key : edit.reset) drop(key);
  for (const Value& value : edit.set) {
    drop(value.key);
    job->values.push_back({value, job->version, author, "", {}});
  }
  return in_force;
}

Runs before_and_after(const config::JobConfig& before, const config::JobConfig& after, Instant from,
                      int n) {
  return {next_runs(before, from, n), next_runs(after, from, n)};
}

std::string_view to_string(Drift::Kind kind) {
  switch (kind) {
    case Drift::Kind::differs:
      return "differs";
    case Drift::Kind::same:
      return "same";
    case Drift::Kind::left_out:
      return "left_out";
    case Drift::Kind::nowhere:
      return "nowhere";
  }
  return "";
}

std::string Drift::text() const {
  const std::string by = fmt::format("change {} by {} at {}: {}", live.version, live.author,
                                     hotclock::to_string(live.at), live.reason);
  const std::string whole = full(job, key);
  switch (kind) {
    case Kind::differs:
      return fmt::format("{}: the files have {} ({}), live it is {} ({})", whole, file, origin,
                         live.value, by);
    case Kind::same:
      return fmt::format(
          "{}: the files have {} ({}) as it is live ({}); a reset would change nothing", whole,
          file, origin, by);
    case Kind::left_out:
      return fmt::format("{}: live it is {} ({}), which is no good setting, so the files count: {}",
                         whole, live.value, by, why);
    case Kind::nowhere:
      break;
  }
  return fmt::format("{}: live it is {} ({}), and this program knows no such job", whole,
                     live.value, by);
}

std::vector<Drift> drift(const config::Config& files, const InForce& in_force,
                         std::span<const LeftOut> left_out) {
  std::vector<Drift> all;
  for (const Standing& job : in_force.jobs)
    for (const ValueInForce& value : job.values)
      all.push_back(drift_of(files, job.job, value, left_out));
  return all;
}

}  // namespace hotclock::live
