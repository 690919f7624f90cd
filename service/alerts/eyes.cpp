#include "service/alerts/eyes.h"

#include <sys/statvfs.h>

#include <utility>

#include "service/alerts/alerts.sql.h"
#include "service/runbook/runbook.h"
#include "service/sql/in_one.h"

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

constexpr Duration between_looks = 10s;
constexpr Duration between_looks_for_a_lost_one = 2s;
constexpr Duration longest_answer = 10s;

sql::Limits limits() { return {.stop = {}, .deadline = longest_answer}; }

}  // namespace

std::optional<double> disk_free(const std::filesystem::path& path) {
  struct statvfs room {};
  if (statvfs(path.c_str(), &room) != 0) return std::nullopt;
  // What is kept for root is neither used nor to be had.
  const auto had = room.f_blocks - room.f_bfree + room.f_bavail;
  if (had == 0) return std::nullopt;
  return 100.0 * static_cast<double>(room.f_bavail) / static_cast<double>(had);
}

Eyes::Eyes(sql::Database& database, Clock& clock, log::Logger& logger, EyesOptions options)
    : database_(database), clock_(clock), logger_(logger), options_(std::move(options)) {}

Eyes::~Eyes() { stop(); }

void Eyes::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](std::stop_token stop) {
    Duration pause = Duration::zero();
    while (clock_.sleep_until(clock_.now() + pause, stop))
      pause = look() ? between_looks : between_looks_for_a_lost_one;
  });
}

void Eyes::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

Result<> Eyes::look() {
  auto answers = ask();
  auto written = answers ? write(*answers) : Result<>(std::move(answers).error());
  if (written)
    found();
  else
    lost(written.error());
  return written;
}

// The shortest of questions, and how long it took.
Result<Duration> Eyes::ask() {
  const Steady asked = clock_.steady();
  auto transaction = database_.glance(limits());
  if (!transaction) return std::move(transaction).error();
  auto rows = (*transaction)->query(stmt::alerts::turn);
  if (!rows) return std::move(rows).error();
  while ((*rows)->next()) continue;
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return std::chrono::ceil<Duration>(clock_.steady() - asked);
}

Result<> Eyes::write(Duration answers) {
  const auto room = disk_free(options_.disk);
  const std::string disk = options_.disk.string();
  const std::string refused = options_.reload_refused ? options_.reload_refused() : "";
  return sql::in_one(database_.write(limits()), "write down what this node sees",
                     [&](sql::Transaction& transaction) -> Result<> {
                       auto written =
                           transaction.exec(stmt::alerts::write_node_facts,
                                            {options_.node, clock_.now(), disk,
                                             room ? sql::Param(*room) : sql::Param(nullptr),
                                             answers.count(), refused});
                       return written ? Result<>() : std::move(written).error();
                     });
}

void Eyes::lost(const Error& why) {
  const Steady now = clock_.steady();
  if (!lost_) {
    lost_ = now;
    began_ = clock_.now();
  }
  why_ = why.message();
  const config::AlertRule& rule = options_.settings()->alerts.rules[Rule::database_lost];
  if (fired_ || !rule.enabled || now - *lost_ < rule.after + rule.hold) return;
  fired_ = clock_.now();
  logger_.error("an alert fires: this node cannot reach the database", {{"error", why_}});
  tell(*fired_, std::nullopt);
}

void Eyes::found() {
  if (fired_) {
    logger_.info("an alert is over: this node reaches the database again");
    tell(clock_.now(), clock_.now());
  }
  lost_.reset();
  fired_.reset();
}

void Eyes::tell(Instant now, std::optional<Instant> resolved) {
  if (!options_.tell) return;
  const auto settings = options_.settings();
  const config::AlertRule& rule = settings->alerts.rules[Rule::database_lost];
  Alert alert{
      .rule = Rule::database_lost,
      .severity = rule.severity,
      .labels = {{"node", options_.name}},
      .annotations = {{"summary", options_.name + " cannot reach the database"}, {"detail", why_}},
      .state = resolved ? State::resolved : State::firing,
      .began = began_,
      .fired = fired_.value_or(now),
      .resolved = resolved};
  if (const std::string& form = settings->alerts.runbook; !form.empty())
    alert.annotations["runbook"] = runbook::link(form, config::to_string(alert.rule));
  notices::AlertText text = text_of(alert);
  text.id = "database_lost:" + options_.name + ':' + std::to_string(to_millis(began_));
  options_.tell(text);
}

}  // namespace hotclock::alerts
