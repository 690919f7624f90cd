#include "service/api/live_lists.h"

#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "scheduler/base/uuid.h"
#include "service/operations/alert_json.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"
#include "service/operations/node_json.h"
#include "service/operations/overview.h"
#include "service/operations/slot_lists.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;

constexpr Duration between_looks = std::chrono::milliseconds{250};
constexpr Duration between_ticks = std::chrono::seconds{1};
constexpr Duration between_beats = std::chrono::seconds{15};
constexpr std::size_t most_waiting = 1 << 20;  // bytes that a listener has not taken
constexpr int most_slots = 50;

Result<std::string> list_of(operations::Desk& desk, Topic topic) {
  const auto whole = [](Result<json::array> items) -> Result<std::string> {
    if (!items) return std::move(items).error();
    return json::serialize(operations::listed(std::move(items).value()).body);
  };
  switch (topic) {
    case Topic::jobs:
      return whole(operations::jobs_json(desk));
    case Topic::nodes:
      return whole(operations::nodes_json(desk));
    case Topic::alerts:
      return whole(operations::alerts_json(desk));
    case Topic::overview: {
      const auto all = operations::overview_json(desk);
      if (!all) return all.error();
      return json::serialize(*all);
    }
    case Topic::slots:
    case Topic::running:
      break;
  }
  ledger::SlotQuery query{.limit = most_slots};
  if (topic == Topic::running) query.state = State::running;
  const auto page = operations::slots_page(desk, query);
  if (!page) return page.error();
  return json::serialize(page->body);
}

}  // namespace

std::string_view to_string(Topic topic) {
  switch (topic) {
    case Topic::jobs:
      return "jobs";
    case Topic::slots:
      return "slots";
    case Topic::running:
      return "running";
    case Topic::nodes:
      return "nodes";
    case Topic::alerts:
      return "alerts";
    case Topic::overview:
      return "overview";
  }
  return "";
}

Result<std::set<Topic>> topics_of(std::string_view text) {
  std::set<Topic> topics;
  if (text.empty()) return std::set<Topic>(all_topics.begin(), all_topics.end());
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const auto at = std::ranges::find(all_topics, word, [](Topic t) { return to_string(t); });
    if (at == all_topics.end())
      return Error(
          Errc::invalid,
          "topics are jobs, slots, running, nodes, alerts and overview, with commas between them");
    topics.insert(*at);
  }
  return topics;
}

LiveLists::LiveLists(http::Loop& loop, Workers& workers, operations::Desk& desk, Limits& limits)
    : loop_(loop),
      workers_(workers),
      desk_(desk),
      limits_(limits),
      epoch_(UuidSource().next(desk.now()).text()) {}

LiveLists::~LiveLists() {
  loop_.cancel(ticking_);
  loop_.cancel(soon_);
}

std::optional<operations::Answer> LiveLists::add(http::Exchange& exchange,
                                                 const Listening& listening, Check check) {
  if (!limits_.open_stream(listening.address, desk_.clock.steady())) {
    auto answer =
        operations::problem(429, "too_many_requests", "too many streams go to your address");
    answer.retry_after = 60;
    return answer;
  }
  if (listeners_.empty()) beaten_at_ = loop_.now();
  const std::int64_t number = ++last_listener_;
  auto listener = std::make_unique<Listener>(
      Listener{.stream = {}, .listening = listening, .check = std::move(check)});
  const std::string_view last = listening.last;
  if (last.starts_with(epoch_ + "-"))
    std::from_chars(last.data() + epoch_.size() + 1, last.data() + last.size(), listener->seen);
  listener->stream = exchange.stream(http::Response::text(200, "", "text/event-stream"));
  if (!listener->stream.open()) {
    limits_.close_stream(listening.address, desk_.clock.steady());
    return std::nullopt;
  }
  listener->stream.on_gone([this, number] { drop(number); });
  listener->stream.write("retry: 2000\n\n");
  send(*listener);
  listeners_.emplace(number, std::move(listener));
  look();
  if (ticking_.number == 0) tick();
  return std::nullopt;
}

void LiveLists::news() {
  loop_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.lock()) look();
  });
}

void LiveLists::tick() {
  ticking_ = {};
  if (listeners_.empty()) return;
  look();
  if (loop_.now() >= beaten_at_ + between_beats) beat();
  ticking_ = loop_.after(between_ticks, [this] { tick(); });
}

// Soon, but not too often.
void LiveLists::look() {
  if (listeners_.empty() || soon_.number != 0) return;
  if (asking_) {
    again_ = true;
    return;
  }
  const auto rest = std::chrono::ceil<Duration>(asked_at_ + between_looks - loop_.now());
  if (rest <= Duration::zero()) return ask();
  soon_ = loop_.after(rest, [this] {
    soon_ = {};
    ask();
  });
}

void LiveLists::ask() {
  std::set<Topic> wanted;
  for (const auto& [number, listener] : listeners_)
    wanted.insert(listener->listening.topics.begin(), listener->listening.topics.end());
  if (wanted.empty()) return;
  asking_ = true;
  again_ = false;
  asked_at_ = loop_.now();
  workers_.run<Snapshot>(
      [&desk = desk_, wanted](const std::stop_token&) -> Result<Snapshot> {
        Snapshot snapshot;
        for (const Topic topic : wanted) {
          auto list = list_of(desk, topic);
          if (!list) return std::move(list).error();
          snapshot[topic] = std::move(list).value();
        }
        return snapshot;
      },
      [this, alive = std::weak_ptr<bool>(alive_)](Result<Snapshot> snapshot) {
        if (alive.lock()) learn(snapshot);
      });
}

// What cannot be read now is read at the next tick.
void LiveLists::learn(const Result<Snapshot>& snapshot) {
  asking_ = false;
  if (snapshot) {
    for (const auto& [topic, list] : *snapshot) {
      Shown& shown = shown_[topic];
      if (shown.changed > 0 && shown.list == list) continue;
      shown = {list, ++changes_};
    }
    for (const auto& [number, listener] : listeners_) send(*listener);
    drop_slow();
  }
  if (again_) look();
}

// In the order in which they changed: who comes back says which was the last it has.
void LiveLists::send(Listener& listener) const {
  std::map<std::int64_t, Topic> changed;
  for (const auto& [topic, shown] : shown_)
    if (shown.changed > listener.seen && listener.listening.topics.contains(topic))
      changed[shown.changed] = topic;
  for (const auto& [change, topic] : changed) {
    listener.stream.write(fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", epoch_, change,
                                      to_string(topic), shown_.at(topic).list));
    listener.seen = change;
  }
}

// A comment keeps what lies between from taking the connection for dead.
void LiveLists::beat() {
  beaten_at_ = loop_.now();
  std::vector<std::int64_t> all;
  for (const auto& [number, listener] : listeners_) {
    listener->stream.write(": still here\n\n");
    all.push_back(number);
  }
  for (const std::int64_t number : all) check(number);
}

void LiveLists::check(std::int64_t number) {
  const auto at = listeners_.find(number);
  if (at == listeners_.end()) return;
  workers_.run<bool>(
      [look = at->second->check](const std::stop_token&) {
        const auto no = look();
        return Result<bool>(!no || no->status >= 500 || no->status == 429);
      },
      [this, number, alive = std::weak_ptr<bool>(alive_)](const Result<bool>& may) {
        if (alive.lock() && may && !*may) drop(number);
      });
}

void LiveLists::drop(std::int64_t number) {
  const auto at = listeners_.find(number);
  if (at == listeners_.end()) return;
  const auto listener = std::move(at->second);
  listeners_.erase(at);
  limits_.close_stream(listener->listening.address, desk_.clock.steady());
}

void LiveLists::drop_slow() {
  std::vector<std::int64_t> slow;
  for (const auto& [number, listener] : listeners_)
    if (listener->stream.waiting() > most_waiting) slow.push_back(number);
  for (const std::int64_t number : slow) drop(number);
}

}  // namespace hotclock::api
