// Nodes: the processes that work slots, and whether one is still alive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// A process, named so that no later one can be mistaken for it: process ids are used again, but not
// with the same start on the same boot.
struct Process {
  std::string host;     // the machine and its namespace of process ids
  std::string boot_id;  // of the running kernel
  std::int64_t pid = 0;
  std::int64_t start = 0;  // in the kernel's ticks since boot

  friend bool operator==(const Process&, const Process&) = default;
};

Process this_process();
// As the kernel has it; "localhost" where it has none.
std::string host_name();

enum class Life {
  alive,
  gone,       // certainly: its slots may be taken over at once
  elsewhere,  // on another machine: only its leases tell
};
Life life_of(const Process& process);
// The same with the asking process given, for tests.
Life life_of(const Process& process, const Process& here);

struct Node {
  std::int64_t id = 0;
  std::string name;
  Process process;
};

struct NodeInfo {
  std::string name;       // what people call it; the host's name where none was given
  std::string version;    // of the program
  std::string zone_data;  // of the time zone data
};

// Adds this process to the nodes.
Result<Node> register_node(sql::Database& database, const NodeInfo& info, Instant now);
// It still works; how far the machine's clock is ahead of the database's (zero where that has none
// of its own), as exact as the way there is short. Errc::not_found.
Result<Duration> saw_node(sql::Database& database, std::int64_t node_id, const Clock& machine);
// It works no more; what it still holds may be taken over at once.
Result<> retire_node(sql::Database& database, std::int64_t node_id, Instant now);

// Somebody has it take nothing new: see drain.h.
struct Drain {
  std::string by, reason;
  Instant since;
};

// A node as people look at it.
struct NodeView {
  std::int64_t id = 0;
  NodeInfo info;
  std::string host;
  Instant started_at, seen_at;
  std::optional<Instant> stopped_at;  // it said goodbye
  Duration clock_ahead = {};          // of its machine's before the database's
  std::int64_t running = 0;           // executions that it holds
  std::optional<Drain> drain = {};
};
// Those that have not said goodbye, and those that were there since then; the newest first, 200 at
// most.
Result<std::vector<NodeView>> list_nodes(sql::Database& database, Instant since);
// Errc::not_found.
Result<NodeView> show_node(sql::Database& database, std::int64_t node_id);

}  // namespace hotclock::ledger
