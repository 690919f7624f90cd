#include "service/notices/batch.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/outgoing/webhook.h"

namespace hotclock::notices {
namespace {

bool is_resolved(const AlertText& alert) { return alert.state == "resolved"; }

// An alert in a batch: its last state, and whether someone is to hear for the first time that it
// fires.
struct Merged {
  AlertText alert;
  bool fired = false;
};

// In the order in which they were first told of.
std::vector<Merged> merged(const std::vector<const Waiting*>& chosen) {
  std::vector<Merged> out;
  std::map<std::string, std::size_t> places;
  for (const Waiting* one : chosen)
    for (const AlertText& alert : one->notice.alerts) {
      const auto [place, is_new] = places.try_emplace(alert.id, out.size());
      if (is_new) out.emplace_back();
      Merged& at = out[place->second];
      at.alert = alert;
      at.fired = at.fired || !is_resolved(alert);
    }
  return out;
}

bool is_wanted(const Merged& one, const Wishes& wishes) {
  if (std::ranges::find(wishes.severities, one.alert.severity) == wishes.severities.end())
    return false;
  return wishes.resolved || one.fired;
}

// What remains of a mail, and what somebody tries, goes by itself.
bool goes_by_itself(const Notice& notice) { return notice.test || !notice.only_to.empty(); }

bool belong_together(const Waiting& first, const Waiting& other, bool all_groups) {
  const Notice &a = first.notice, &b = other.notice;
  if (goes_by_itself(a) || goes_by_itself(b))
    return other.due && a.group == b.group && a.test == b.test && a.only_to == b.only_to;
  return all_groups || a.group == b.group;
}

std::string id_of(const std::vector<std::int64_t>& notices, const std::string& notifier) {
  return "notice_" + outgoing::digest(fmt::format("{}\n{}", notifier, fmt::join(notices, "\n")));
}

}  // namespace

std::string Message::state() const {
  return std::ranges::all_of(alerts, is_resolved) ? "resolved" : "firing";
}

std::optional<Batch> next_batch(const std::vector<Waiting>& waiting, const Wishes& wishes,
                                int messages_left) {
  const auto due = std::ranges::find(waiting, true, &Waiting::due);
  if (due == waiting.end()) return std::nullopt;
  const bool all_groups = wishes.all_at_once || messages_left <= 1;
  const Waiting& first = *due;
  std::vector<const Waiting*> chosen;
  std::set<std::string> groups;
  Batch batch;
  for (const Waiting& one : waiting) {
    if (!belong_together(first, one, all_groups)) continue;
    chosen.push_back(&one);
    groups.insert(one.notice.group);
    batch.notices.push_back(one.id);
    batch.attempts = std::max(batch.attempts, one.attempts);
  }
  batch.message = {.id = id_of(batch.notices, first.notice.notifier),
                   .group = fmt::format("{}", fmt::join(groups, ", ")),
                   .alerts = {},
                   .created = chosen.front()->created,
                   .test = first.notice.test,
                   .only_to = first.notice.only_to};
  for (Merged& one : merged(chosen))
    if (first.notice.test || is_wanted(one, wishes))
      batch.message.alerts.push_back(std::move(one.alert));
  return batch;
}

}  // namespace hotclock::notices
