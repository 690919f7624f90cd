// Queues: slots of some jobs stand in a line of their own, with a limit, a weight, and workers that
// are kept for them. Turns says whose slot a node claims next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace hotclock {

// A queue as the settings have it.
struct QueueRule {
  std::string name;  // "": the default queue, in which every job is that names none
  int limit = 0;     // executions at once, on all nodes together; 0: any number
  int weight = 1;    // its share of the claims while others have work too; at least 1
  int reserved = 0;  // workers of each node that are kept for it
};

// The queues of one node: how much of each runs here, and whose turn it is.
//
// The turn goes by start tags: a claim is worth 1/weight of its queue's time, and the queue that is
// furthest behind goes first. One that had nothing to do saves nothing up: it begins where the
// others are. So of any N claims in a row of a node, n queues having work, a queue of weight w that
// may claim gets at least (N - n + 1) * w / (sum of the weights) - 1.
//
// A queue may use a worker if after it as many are free as others have kept and do not use. So what
// is kept for a queue is there whatever the others want, and it is idle where that queue has no
// work.
//
// A value: a settlement takes a copy, goes on in it, and the scheduler goes the same way by the
// claims that come back. Without queues it is empty and costs nothing. Threads: one at a time.
class Turns {
 public:
  using Queue = std::size_t;
  static constexpr Queue common = 0;  // the default queue

  // The default queue alone.
  Turns() = default;
  // A rule of the default queue may be among them. With one worker nothing is kept for anybody;
  // else REQUIRES: less is kept than there are workers.
  Turns(std::vector<QueueRule> rules, int workers);

  // A queue that no rule names (another node's, or one that was taken out of the settings) has
  // weight 1.
  Queue find(const std::string& name);
  const std::string& name_of(Queue queue) const;

  // ---- what runs here
  void began(Queue queue, bool partition);  // also moves the turn on
  void ended(Queue queue, bool partition);

  // ---- for one act
  // How many more executions fit into this node; any number, until it is said.
  void free(int executions) { free_ = executions; }
  bool any_limit() const { return limits_ > 0; }
  bool has_limit(Queue queue) const { return !queues_.empty() && queues_[queue].rule.limit > 0; }
  // What runs of a queue with a limit, on all nodes.
  void runs_everywhere(Queue queue, int executions);
  // Whether the limit and what others have kept leave it room.
  bool has_room(Queue queue) const;
  bool is_full(Queue queue) const;  // by its limit
  // A divided slot is large: of the workers that a queue may use it leaves one to all that is
  // small.
  bool has_room_for_partition(Queue queue) const;
  // Nothing keeps any queue that was found so far from claiming.
  bool all_have_room() const;
  // Which of two queues goes first; of two that are level, the one whose first slot has the smaller
  // rank, then by name.
  bool goes_before(Queue a, std::int64_t rank_a, Queue b, std::int64_t rank_b) const;

 private:
  struct One {
    QueueRule rule;
    int running = 0;     // here
    int partitions = 0;  // of these
    int everywhere = 0;
    std::int64_t paid_until = 0;  // the tag at which its last claim is paid for
  };

  std::int64_t start_tag(Queue queue) const;
  int kept(const One& queue) const;
  int kept_for_others(Queue queue) const;
  void add(QueueRule rule);

  std::vector<One> queues_;  // empty: the default queue alone, with no rule
  int workers_ = 0;
  int free_ = std::numeric_limits<int>::max();
  int kept_ = 0;           // workers kept for somebody who does not use them now
  int reserved_ = 0;       // of all rules
  int limits_ = 0;         // rules that have one
  std::int64_t turn_ = 0;  // the start tag of the last claim
};

}  // namespace hotclock
