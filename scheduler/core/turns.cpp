#include "scheduler/core/turns.h"

#include <algorithm>
#include <tuple>

namespace hotclock {
namespace {

// What a claim of weight 1 costs; a multiple of most weights.
constexpr std::int64_t whole_turn = 5'040'000;

const std::string& no_name() {
  static const std::string none;
  return none;
}

}  // namespace

Turns::Turns(std::vector<QueueRule> rules, int workers) : workers_(workers) {
  if (rules.empty()) return;
  const auto is_default = [](const QueueRule& rule) { return rule.name.empty(); };
  const auto its_own = std::ranges::find_if(rules, is_default);
  add(its_own == rules.end() ? QueueRule{} : *its_own);
  for (QueueRule& rule : rules)
    if (!is_default(rule)) add(std::move(rule));
}

void Turns::add(QueueRule rule) {
  if (workers_ <= 1) rule.reserved = 0;
  reserved_ += rule.reserved;
  kept_ += rule.reserved;
  if (rule.limit > 0) ++limits_;
  queues_.push_back({.rule = std::move(rule)});
}

Turns::Queue Turns::find(const std::string& name) {
  if (name.empty()) return common;
  for (Queue at = 0; at < queues_.size(); ++at)
    if (queues_[at].rule.name == name) return at;
  if (queues_.empty()) add({});
  add({.name = name});
  return queues_.size() - 1;
}

const std::string& Turns::name_of(Queue queue) const {
  return queues_.empty() ? no_name() : queues_[queue].rule.name;
}

// ---------------------------------------------------------------- what runs here

int Turns::kept(const One& queue) const { return std::max(0, queue.rule.reserved - queue.running); }

void Turns::began(Queue queue, bool partition) {
  if (queues_.empty()) return;
  One& one = queues_[queue];
  turn_ = start_tag(queue);
  one.paid_until = turn_ + whole_turn / one.rule.weight;
  kept_ -= kept(one);
  ++one.running;
  kept_ += kept(one);
  if (partition) ++one.partitions;
  ++one.everywhere;
  --free_;
}

void Turns::ended(Queue queue, bool partition) {
  if (queues_.empty()) return;
  One& one = queues_[queue];
  kept_ -= kept(one);
  --one.running;
  kept_ += kept(one);
  if (partition) --one.partitions;
}

// ---------------------------------------------------------------- for one act

void Turns::runs_everywhere(Queue queue, int executions) {
  if (!queues_.empty()) queues_[queue].everywhere = executions;
}

int Turns::kept_for_others(Queue queue) const { return kept_ - kept(queues_[queue]); }

bool Turns::is_full(Queue queue) const {
  return has_limit(queue) && queues_[queue].everywhere >= queues_[queue].rule.limit;
}

bool Turns::has_room(Queue queue) const {
  return queues_.empty() || (!is_full(queue) && free_ > kept_for_others(queue));
}

bool Turns::has_room_for_partition(Queue queue) const {
  if (queues_.empty() || workers_ <= 1) return true;
  const One& one = queues_[queue];
  const int others = reserved_ - one.rule.reserved;
  return one.partitions < std::max(1, workers_ - 1 - others);
}

bool Turns::all_have_room() const {
  for (Queue queue = 0; queue < queues_.size(); ++queue)
    if (!has_room(queue)) return false;
  return true;
}

std::int64_t Turns::start_tag(Queue queue) const {
  return std::max(turn_, queues_[queue].paid_until);
}

bool Turns::goes_before(Queue a, std::int64_t rank_a, Queue b, std::int64_t rank_b) const {
  if (queues_.empty()) return rank_a < rank_b;
  const std::int64_t tag_a = start_tag(a), tag_b = start_tag(b);
  return std::tie(tag_a, rank_a, name_of(a)) < std::tie(tag_b, rank_b, name_of(b));
}

}  // namespace hotclock
