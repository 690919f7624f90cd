// The same act on many: slots that are named or are like that, and jobs.
#include "service/ledger/many.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "service/audit/audit.h"
#include "service/ledger/control.h"
#include "service/ledger/slot_list.h"
#include "service/operations/acts.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/operations.h"
#include "service/operations/slot_lists.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
using access::Right;
using ledger::Treated;

constexpr std::size_t most_slots = 10'000;
constexpr int looked_at_in_one_go = 50'000;
constexpr int most_goes = 20;

// ---------------------------------------------------------------- what is answered

json::object one_json(const Treated& one) {
  const auto number = [](std::int64_t id) { return id ? std::to_string(id) : std::string(); };
  return {
      {"job", one.job},
      {"slot", number(one.slot_id)},
      {"scheduled_for",
       one.job.empty() || !one.slot_id ? json::value() : json::value(rfc3339(one.scheduled_for))},
      {"outcome", one.outcome},
      {"why", one.why},
      {"new_slot", number(one.new_slot)}};
}

Answer told(std::vector<Treated> all, const std::string& stopped = {}) {
  const auto refused = [](const Treated& one) { return one.outcome == "refused"; };
  const auto rest = std::ranges::stable_partition(all, refused);
  json::array items;
  for (const Treated& one : all) items.push_back(one_json(one));
  return answer_of(json::object{{"done", rest.size()},
                                {"refused", all.size() - rest.size()},
                                {"stopped", stopped},
                                {"items", std::move(items)}});
}

std::size_t refused_of(const std::vector<Treated>& all) {
  return static_cast<std::size_t>(std::ranges::count(all, "refused", &Treated::outcome));
}

// ---------------------------------------------------------------- which slots

using Ids = std::vector<std::int64_t>;

Result<Ids> named(const Call& call) {
  Ids ids;
  for (const std::string& text : call.texts("slots")) {
    std::int64_t id = 0;
    const auto [end, no] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (no != std::errc{} || end != text.data() + text.size())
      return Error(Errc::invalid, fmt::format("'{}' is no slot's number", text));
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

Error too_many() {
  return Error(
      Errc::invalid,
      fmt::format("more than {} slots are like that; narrow it by job or time", most_slots));
}

// The oldest first, as they were due.
Result<Ids> like_that(Desk& desk, const Call& call) {
  auto query = slot_query(call);
  if (!query) return std::move(query).error();
  query->limit = static_cast<int>(most_slots) + 1;
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  Ids ids;
  for (int go = 0; go < most_goes; ++go) {
    const auto walked = ledger::walk_slots(**transaction, *query, looked_at_in_one_go);
    if (!walked) return walked.error();
    for (const ledger::Position& one : walked->found) ids.push_back(one.id);
    if (ids.size() > most_slots) return too_many();
    if (!walked->next) {
      std::ranges::reverse(ids);
      return ids;
    }
    query->after = walked->next;
  }
  return Error(Errc::invalid, "they are too far apart in the past; narrow it by job or time");
}

Result<Ids> meant(Desk& desk, const Call& call) {
  if (call.says("slots") == call.says("matching"))
    return Error(Errc::invalid,
                 "say either which slots, or how many were seen to match (and what they are like)");
  auto ids = call.says("slots") ? named(call) : like_that(desk, call);
  if (!ids || call.says("slots")) return ids;
  const auto seen = static_cast<std::size_t>(call.number("matching"));
  if (ids->size() > seen + std::max<std::size_t>(10, seen / 10))
    return Error(Errc::stale, fmt::format("{} slots are like that by now, not {}; look again",
                                          ids->size(), seen));
  return ids;
}

// What the audit says they were like.
std::string which(const Call& call) {
  if (call.says("slots")) return "slots that were named";
  std::string out = "all";
  for (const char* const name : {"job", "state", "end", "trigger", "queue", "node", "requested_by",
                                 "longer_than_ms", "since", "until"})
    if (const auto* value = call.said.if_contains(name))
      out += fmt::format(" {}={}", name, json::serialize(*value));
  return out;
}

// ---------------------------------------------------------------- slots

using ManySlots = Result<std::vector<Treated>> (*)(sql::Database&, const ledger::Piece&,
                                                   const ledger::Allowed&, const audit::Person&,
                                                   Instant);

// What was done stays done where a piece fails; the rest is told as what it is.
Answer in_pieces(Desk& desk, const Call& call, const Ids& ids, std::string_view what, ManySlots act,
                 const ledger::Allowed& allowed) {
  std::vector<Treated> all;
  std::string stopped;
  const std::string job = call.text("job");
  const auto tell = [&](bool over) {
    const std::size_t refused = refused_of(all);
    desk.underway->stands(call.who.name, call.key,
                          {all.size() - refused, refused, ids.size(), over});
  };
  for (std::size_t from = 0; from < ids.size() && stopped.empty();
       from += ledger::most_of_a_piece) {
    tell(false);
    const std::size_t size = std::min(ledger::most_of_a_piece, ids.size() - from);
    const ledger::Piece piece{.slots = {ids.data() + from, size},
                              .what = what,
                              .job = job,
                              .detail = fmt::format("{} to {} of {} ({})", from + 1, from + size,
                                                    ids.size(), which(call))};
    auto treated = act(desk.database, piece, allowed, call.person(), desk.now());
    if (treated)
      all.insert(all.end(), treated->begin(), treated->end());
    else
      stopped = problem_of(treated.error()).body.at("detail").as_string();
  }
  for (std::size_t left = all.size(); left < ids.size(); ++left)
    all.push_back({.slot_id = ids[left], .outcome = "refused", .why = "not come to: " + stopped});
  tell(true);
  return told(std::move(all), stopped);
}

Result<Answer> done_to_slots(Desk& desk, const Call& call, std::string_view what, ManySlots act,
                             const ledger::Allowed& allowed) {
  const auto ids = meant(desk, call);
  if (!ids) return ids.error();
  return in_pieces(desk, call, *ids, what, act, allowed);
}

// ---------------------------------------------------------------- jobs

Result<std::vector<std::string>> meant_jobs(Desk& desk, const Call& call) {
  if (call.says("jobs") + call.says("queue") + call.flag("all") != 1)
    return Error(Errc::invalid, "say either jobs, or a queue, or all");
  if (call.says("jobs")) return call.texts("jobs");
  std::vector<std::string> jobs;
  const std::string queue = call.text("queue");
  const auto settings = desk.settings();
  for (const config::JobConfig& job : settings->jobs)
    if (queue.empty() || queue == (job.policy->queue.empty() ? "default" : job.policy->queue))
      jobs.push_back(job.name);
  if (jobs.empty()) return Error(Errc::not_found, "there is no job in a queue " + queue);
  return jobs;
}

// Who may not stands in the audit; what is done writes its own row.
Result<> may_pause(Desk& desk, const Call& call, std::string_view act, const std::string& job) {
  auto allowed = may_do_to(desk, call.who, Right::pause, job);
  if (allowed) return allowed;
  const audit::Note note{.what = act,
                         .job = job,
                         .detail = allowed.error().message(),
                         .outcome = audit::Outcome::refused};
  auto noted = audit::append(desk.database, note, call.person(), desk.now());
  return noted ? std::move(allowed) : std::move(noted);
}

// A pause of before keeps its reason, and is not ended by who takes this one back.
Result<> is_not_paused(Desk& desk, const std::string& job) {
  const auto known = ledger::list_jobs(desk.database, job);
  if (!known) return known.error();
  for (const ledger::JobView& view : *known)
    if (!pause_json(view, desk.now()).is_null())
      return Error(Errc::conflict, fmt::format("it is paused already, by {}: {}", view.pause->by,
                                               view.pause->reason));
  return {};
}

Result<> paused_one(Desk& desk, const Call& call, const std::string& name) {
  if (auto may = may_pause(desk, call, "pause", name); !may) return may;
  const auto settings = desk.settings();
  const auto job = known_job(desk, *settings, name);
  if (!job) return job.error();
  if (auto free = is_not_paused(desk, name); !free) return free;
  return ledger::pause(desk.database, name, call.person(), call.instant("until"), desk.now());
}

Result<> resumed_one(Desk& desk, const Call& call, const std::string& name) {
  if (auto may = may_pause(desk, call, "resume", name); !may) return may;
  return ledger::resume(desk.database, name, call.person(), desk.now());
}

Result<Answer> done_to_jobs(Desk& desk, const Call& call, std::string_view outcome,
                            Result<> (*act)(Desk&, const Call&, const std::string&)) {
  const auto jobs = meant_jobs(desk, call);
  if (!jobs) return jobs.error();
  std::vector<Treated> all;
  for (const std::string& job : *jobs) {
    Treated one{.job = job, .outcome = std::string(outcome)};
    if (const auto done = act(desk, call, job); !done) {
      one.outcome = "refused";
      one.why = problem_of(done.error()).body.at("detail").as_string();
    }
    all.push_back(std::move(one));
  }
  return told(std::move(all));
}

}  // namespace

Result<Answer> show_underway(Desk& desk, const Call& call) {
  const auto standing = desk.underway->of(call.who.name, call.text("act"));
  if (!standing)
    return answer_of(json::object{{"done", 0}, {"refused", 0}, {"of", nullptr}, {"over", false}});
  return answer_of(json::object{{"done", standing->done},
                                {"refused", standing->refused},
                                {"of", standing->of},
                                {"over", standing->over}});
}

Result<Answer> cancel_slots(Desk& desk, const Call& call) {
  return done_to_slots(desk, call, "slots.cancel", ledger::cancel_many,
                       [&](const std::string& job) -> Result<int> {
                         auto may = may_do_to(desk, call.who, Right::cancel, job);
                         return may ? Result<int>(0) : std::move(may).error();
                       });
}

Result<Answer> retry_slots(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  return done_to_slots(
      desk, call, "slots.retry", ledger::retry_many, [&](const std::string& name) -> Result<int> {
        if (auto may = may_do_to(desk, call.who, Right::run, name); !may)
          return std::move(may).error();
        const auto job = find_job(*settings, name);
        if (!job) return job.error();
        if (needs_second_person(**job))
          return Error(Errc::forbidden,
                       name + " needs a second person: work it anew one by one, or by a backfill");
        return (*job)->policy->priority;
      });
}

Result<Answer> pause_jobs(Desk& desk, const Call& call) {
  const auto until = call.instant("until");
  if (until && *until <= desk.now()) return Error(Errc::invalid, "until lies in the past");
  return done_to_jobs(desk, call, "paused", paused_one);
}

Result<Answer> resume_jobs(Desk& desk, const Call& call) {
  return done_to_jobs(desk, call, "resumed", resumed_one);
}

}  // namespace hotclock::operations
