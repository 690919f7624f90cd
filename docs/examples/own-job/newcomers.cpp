#include "newcomers.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace newcomers {
namespace {

namespace hc = hotclock;

// Prepared at the start: a slip in it fails there and not at six in the morning.
constexpr hc::sql::Statement count{"newcomers.count",
                                   "SELECT count(*) FROM users WHERE created_at >= $1"};

struct Settings {
  std::string room = "staff";
  std::int64_t days = 7;
};

// Read twice: by entry().defaults.check for its mistakes, and to make the job.
hc::Result<Settings> read_settings(hc::config::Section& section) {
  Settings settings;
  settings.room = section.text("room", settings.room);
  settings.days = section.integer("days", settings.days, 1, 365);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

class Newcomers final : public hc::Job {
 public:
  Newcomers(hc::work::Desk& desk, Settings settings)
      : desk_(desk), settings_(std::move(settings)) {}

  hc::Outcome run(hc::Execution& execution) override {
    auto told = hc::work::patiently(execution, [&] { return tell(execution); });
    if (!told) return hc::work::outcome_of(std::move(told).error().within("count newcomers"));
    return hc::Done{{{"newcomers", *told}}};
  }

 private:
  // One chunk: what it reads, the event, and the proof that the slot is ours, are one transaction.
  hc::Result<std::int64_t> tell(hc::Execution& execution) {
    auto chunk = desk_.begin(execution);
    if (!chunk) return std::move(chunk).error();
    // By the slot's instant, not by a clock: whoever works it late tells the same.
    const hc::Instant since = execution.slot().scheduled_for - std::chrono::days{settings_.days};
    auto counted = hc::sql::number(chunk->sql(), count, {since});
    if (!counted) return counted;
    const hc::outbox::Event event{"newcomers:counted", {settings_.room}, {{"count", *counted}}};
    if (auto put = chunk->emit(event); !put) return std::move(put).error();
    if (auto done = chunk->commit("", 1); !done) return std::move(done).error();
    return counted;
  }

  hc::work::Desk& desk_;
  const Settings settings_;
};

hc::Result<std::shared_ptr<hc::Job>> make(hc::work::Desk& desk, const hc::config::JobConfig& job) {
  hc::config::Section section = job.settings;
  auto settings = read_settings(section);
  if (!settings) return std::move(settings).error();
  return std::shared_ptr<hc::Job>(std::make_shared<Newcomers>(desk, std::move(settings).value()));
}

}  // namespace

hc::jobs::Entry entry() {
  hc::Policy policy;
  policy.soft_limit = std::chrono::minutes{1};
  policy.hard_limit = std::chrono::minutes{2};
  policy.retry.retries = 3;
  return {.defaults = {.name = "newcomers",
                       .schedule = "0 6 * * *",
                       .zone = "Australia/Sydney",
                       .policy = policy,
                       .check = [](hc::config::Section section) { (void)read_settings(section); }},
          .make = make,
          .does = "tells the staff how many users are new",
          .statements = [](const hc::sql::Dialect&) {
            return std::vector<const hc::sql::Statement*>{&count};
          }};
}

}  // namespace newcomers
