#include "service/profiling/profile.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hotclock::profiling {
namespace {

constexpr std::array<std::pair<Finding::Kind, std::string_view>, 5> kinds{
    {{Finding::Kind::scan, "scan"},
     {Finding::Kind::missing_index, "missing_index"},
     {Finding::Kind::sort_on_disk, "sort_on_disk"},
     {Finding::Kind::stale_estimate, "stale_estimate"},
     {Finding::Kind::no_plan, "no_plan"}}};

void add_to(StatementProfile& sum, const StatementProfile& one) {
  sum.runs += one.runs;
  sum.took += one.took;
  sum.longest = std::max(sum.longest, one.longest);
  sum.rows_given += one.rows_given;
  sum.rows_changed += one.rows_changed;
  sum.bytes_sent += one.bytes_sent;
  sum.bytes_given += one.bytes_given;
}

bool slower(const ChunkProfile& a, const ChunkProfile& b) { return a.took > b.took; }

}  // namespace

std::string_view to_string(Finding::Kind kind) {
  for (const auto& [known, word] : kinds)
    if (known == kind) return word;
  return "";
}

bool from_string(std::string_view text, Finding::Kind& out) {
  for (const auto& [kind, word] : kinds)
    if (word == text) return out = kind, true;
  return false;
}

Phases& Phases::operator+=(const Phases& other) {
  turn += other.turn;
  statements += other.statements;
  events += other.events;
  fence += other.fence;
  commit += other.commit;
  own += other.own;
  return *this;
}

Span Profile::elsewhere() const {
  const Phases& p = phases;
  const Span inside = reading + p.turn + p.statements + p.events + p.fence + p.commit + p.own;
  return std::max(Span{}, run - inside);
}

void Profile::bound() {
  std::ranges::sort(kept_chunks, {}, &ChunkProfile::number);
  if (kept_chunks.size() > first_chunks + slowest_chunks) {
    std::sort(kept_chunks.begin() + first_chunks, kept_chunks.end(), slower);
    kept_chunks.resize(first_chunks + slowest_chunks);
    std::ranges::sort(kept_chunks, {}, &ChunkProfile::number);
  }
  std::ranges::stable_sort(statements, std::greater{}, &StatementProfile::took);
  if (statements.size() > most_statements) statements.resize(most_statements);
  if (plans.size() > most_plans) plans.resize(most_plans);
  for (Plan& plan : plans)
    if (plan.lines.size() > most_plan_lines) plan.lines.resize(most_plan_lines);
}

void Profile::add(Profile other) {
  if (other.run > run) kept_chunks = std::move(other.kept_chunks);
  attempts += other.attempts;
  waiting += other.waiting;
  claim += other.claim;
  run += other.run;
  if (other.ending) ending = ending.value_or(Span{}) + *other.ending;
  reading += other.reading;
  phases += other.phases;
  chunks += other.chunks;
  rolled_back += other.rolled_back;
  rows += other.rows;
  bytes += other.bytes;
  for (StatementProfile& one : other.statements) {
    const auto same = std::ranges::find(statements, one.name, &StatementProfile::name);
    if (same == statements.end())
      statements.push_back(std::move(one));
    else
      add_to(*same, one);
  }
  for (Plan& plan : other.plans)
    if (std::ranges::find(plans, plan.statement, &Plan::statement) == plans.end())
      plans.push_back(std::move(plan));
  bound();
}

}  // namespace hotclock::profiling
