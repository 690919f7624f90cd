// Backfills: a plan over a past range, its start exactly as planned, how it goes, and its stop.
#include <algorithm>

#include <fmt/format.h>

#include "service/digest/sha256.h"
#include "service/ledger/control.h"
#include "service/ledger/history.h"
#include "service/operations/acts.h"
#include "service/operations/backfill_key.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/operations.h"
#include "service/operations/usual.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr std::size_t most_slots = 10'000;

// One due instant of the range.
struct Planned {
  Instant at;
  std::string stands;     // what it came to, if it has a row
  bool left_out = false;  // done, or being worked
};

struct Range {
  Instant from, to;
};

Result<Range> range_of(const Call& call, Instant now) {
  const Range range{*call.instant("from"), *call.instant("to")};
  if (range.to < range.from) return Error(Errc::invalid, "to lies before from");
  if (range.to > now)
    return Error(Errc::invalid, "to lies in the future: a backfill is of slots that have passed");
  return range;
}

std::string standing(const ledger::SlotView& slot) {
  return std::string(slot.ended ? to_string(*slot.ended) : to_string(slot.state));
}

bool settled(const ledger::SlotView& slot) {
  return slot.state != State::ended || slot.ended == End::completed;
}

Result<std::vector<Planned>> planned(Desk& desk, const config::JobConfig& job, const Range& range) {
  std::vector<Planned> out;
  for (auto at = job.schedule.next(range.from - Duration{1}); at && *at <= range.to;
       at = job.schedule.next(*at)) {
    if (out.size() == most_slots)
      return Error(
          Errc::invalid,
          fmt::format("the range holds more than {} slots; take a shorter one", most_slots));
    out.push_back({*at, "no row"});
  }
  const auto rows =
      ledger::slots_between(desk.database, job.name, range.from, range.to + Duration{1});
  if (!rows) return rows.error();
  for (const ledger::SlotView& row : *rows) {
    const auto found = std::ranges::lower_bound(out, row.slot.scheduled_for, {}, &Planned::at);
    if (found == out.end() || found->at != row.slot.scheduled_for || found->left_out) continue;
    found->stands = standing(row);
    found->left_out = settled(row);
  }
  return out;
}

// Another as soon as another slot would be worked.
std::string hash_of(const std::string& job, const std::vector<Planned>& plan) {
  std::string text = job;
  for (const Planned& one : plan)
    if (!one.left_out) text += fmt::format("\n{}", to_millis(one.at));
  return digest::sha256_hex(text);
}

std::vector<Instant> worked(const std::vector<Planned>& plan) {
  std::vector<Instant> slots;
  for (const Planned& one : plan)
    if (!one.left_out) slots.push_back(one.at);
  return slots;
}

// By how long its last attempts took, as many at once as its job may.
Result<json::value> expected_ms(Desk& desk, const config::JobConfig& job, std::size_t slots) {
  const auto usual = usual_duration(desk, job.name);
  if (!usual) return usual.error();
  if (!*usual) return json::value();
  const auto at_once = static_cast<std::size_t>(std::max(job.policy->max_running, 1));
  const std::size_t rounds = (slots + at_once - 1) / at_once;
  return json::value((*usual)->count() * static_cast<std::int64_t>(rounds));
}

// How many of a backfill's slots stand where.
json::object backfill_json(const BackfillKey& key, const std::vector<ledger::SlotView>& slots) {
  json::object stands;
  json::array items;
  bool over = true;
  for (const ledger::SlotView& slot : slots) {
    auto& count = stands[standing(slot)];
    count = count.is_null() ? std::int64_t{1} : count.as_int64() + 1;
    over = over && slot.state == State::ended;
    items.push_back(slot_json(slot));
  }
  return {{"key", key.text()},
          {"job", key.job},
          {"from", rfc3339(key.from)},
          {"to", rfc3339(key.to)},
          {"over", over},
          {"slots", slots.size()},
          {"stands", std::move(stands)},
          {"items", std::move(items)}};
}

Result<json::object> standing_of(Desk& desk, const BackfillKey& key) {
  const auto rows = ledger::slots_between(desk.database, key.job, key.from, key.to + Duration{1});
  if (!rows) return rows.error();
  std::vector<ledger::SlotView> slots;
  const std::string text = key.text();
  for (const ledger::SlotView& row : *rows)
    if (row.slot.trigger == Trigger::backfill && row.slot.key == text) slots.push_back(row);
  if (slots.empty()) return Error(Errc::not_found, "there is no such backfill");
  return backfill_json(key, slots);
}

Error another_by_now(std::size_t slots) {
  return Error(
      Errc::stale,
      fmt::format("the plan is another by now: {} slots would be worked; look at it again", slots));
}

}  // namespace

Result<Answer> plan_backfill(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = find_job(*settings, call.text("job"));
  if (!job) return job.error();
  const auto range = range_of(call, desk.now());
  if (!range) return range.error();
  const auto plan = planned(desk, **job, *range);
  if (!plan) return plan.error();
  const std::size_t would_work = worked(*plan).size();
  auto expected = expected_ms(desk, **job, would_work);
  if (!expected) return std::move(expected).error();
  json::array slots;
  for (const Planned& one : *plan)
    slots.push_back(
        {{"scheduled_for", rfc3339(one.at)}, {"stands", one.stands}, {"left_out", one.left_out}});
  return answer_of(json::object{{"job", (*job)->name},
                                {"from", rfc3339(range->from)},
                                {"to", rfc3339(range->to)},
                                {"plan_hash", hash_of((*job)->name, *plan)},
                                {"would_work", would_work},
                                {"expected_ms", std::move(expected).value()},
                                {"second_person", needs_second_person(**job)},
                                {"slots", std::move(slots)}});
}

Result<Answer> start_backfill(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = known_job(desk, *settings, call.text("job"));
  if (!job) return job.error();
  const auto range = range_of(call, desk.now());
  if (!range) return range.error();
  const auto plan = planned(desk, **job, *range);
  if (!plan) return plan.error();
  const std::vector<Instant> slots = worked(*plan);
  const std::string hash = hash_of((*job)->name, *plan);
  if (hash != call.text("plan_hash")) return another_by_now(slots.size());
  if (slots.empty())
    return Error(Errc::conflict, "every slot of the range is done, or being worked");
  const BackfillKey key{(*job)->name, slots.front(), slots.back(), hash.substr(0, 12)};
  const ledger::Backfill backfill{.job = (*job)->name,
                                  .slots = slots,
                                  .key = key.text(),
                                  .spacing = Duration{call.number("spacing_ms")},
                                  .priority = (*job)->policy->priority};
  const auto entered = ledger::enter_backfill(desk.database, backfill, call.person(), desk.now());
  if (!entered) return entered.error();
  auto standing = standing_of(desk, key);
  if (!standing) return std::move(standing).error();
  Answer answer = answer_of(std::move(standing).value(), 202);
  answer.location = "/backfills/" + key.text();
  return answer;
}

Result<Answer> show_backfill(Desk& desk, const Call& call) {
  const auto key = read_backfill_key(call.text("backfill"));
  if (!key) return key.error();
  auto standing = standing_of(desk, *key);
  if (!standing) return std::move(standing).error();
  return answer_of(std::move(standing).value());
}

Result<Answer> stop_backfill(Desk& desk, const Call& call) {
  const auto key = read_backfill_key(call.text("backfill"));
  if (!key) return key.error();
  const auto count = ledger::withdraw(desk.database, {key->job, key->from, key->to, key->text()},
                                      call.person(), desk.now());
  if (!count) return count.error();
  auto standing = standing_of(desk, *key);
  if (!standing) return std::move(standing).error();
  standing->insert_or_assign("taken_out", *count);
  return answer_of(std::move(standing).value());
}

}  // namespace hotclock::operations
