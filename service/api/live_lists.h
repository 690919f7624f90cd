// Lists that stay true: jobs, slots, what runs, nodes, alerts, and the overview, as server-sent
// events.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "service/api/limits.h"
#include "service/api/workers.h"
#include "service/http/exchange.h"
#include "service/operations/operation.h"

namespace hotclock::api {

enum class Topic { jobs, slots, running, nodes, alerts, overview };
inline constexpr std::array all_topics{Topic::jobs,  Topic::slots,  Topic::running,
                                       Topic::nodes, Topic::alerts, Topic::overview};
std::string_view to_string(Topic topic);

// Of "jobs,nodes"; all of them where it is empty. Errc::invalid.
Result<std::set<Topic>> topics_of(std::string_view text);

struct Listening {
  std::set<Topic> topics;
  std::string last;  // Last-Event-ID: what it has already
  std::string address;
};
// Whether who listens still may: none, or the answer. Threads: a worker's.
using Check = std::function<std::optional<operations::Answer>()>;

//   id: 5f3a-17
//   event: running
//   data: {"items":[...],"next":null}
//
// One snapshot of a topic is made for all who listen to it, at most four times a second on news and
// once a second without, and only while somebody listens; it is sent where it differs. Each event
// holds the whole list, so who missed some is right again with the next. Now and then who listens
// is looked at again: whose token or session has ended hears no more. Whoever does not take what is
// sent is cut off, and comes back by itself. Threads: the loop's; news() any. The server stops
// before it ends.
class LiveLists {
 public:
  LiveLists(http::Loop& loop, Workers& workers, operations::Desk& desk, Limits& limits);
  ~LiveLists();
  LiveLists(const LiveLists&) = delete;
  LiveLists& operator=(const LiveLists&) = delete;

  // Answers with the stream; where there is no room, with nothing yet: the caller does.
  std::optional<operations::Answer> add(http::Exchange& exchange, const Listening& listening,
                                        Check check);
  void news();
  std::size_t listeners() const { return listeners_.size(); }

 private:
  struct Listener {
    http::Stream stream;
    Listening listening;
    Check check;
    std::int64_t seen = 0;  // the last change that was sent
  };
  struct Shown {
    std::string list;
    std::int64_t changed = 0;  // 0: never read
  };
  using Snapshot = std::map<Topic, std::string>;

  void tick();
  void look();
  void ask();
  void learn(const Result<Snapshot>& snapshot);
  void send(Listener& listener) const;
  void beat();
  void check(std::int64_t number);
  void drop(std::int64_t number);
  void drop_slow();

  http::Loop& loop_;
  Workers& workers_;
  operations::Desk& desk_;
  Limits& limits_;
  const std::string epoch_;  // of this process: numbers of another mean nothing here
  std::map<std::int64_t, std::unique_ptr<Listener>> listeners_;
  std::map<Topic, Shown> shown_;
  std::int64_t last_listener_ = 0;
  std::int64_t changes_ = 0;
  bool asking_ = false;
  bool again_ = false;  // there was news while it asked
  Steady asked_at_{};
  Steady beaten_at_{};
  http::Loop::TimerId ticking_ = {};
  http::Loop::TimerId soon_ = {};
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hotclock::api
