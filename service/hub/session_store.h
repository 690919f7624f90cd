// The sessions of clients in the database, so that a client can come back to any node.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "service/log/logger.h"
#include "service/outbox/outbox.h"
#include "service/sql/sql.h"

namespace hotclock::hub {

struct SessionRow {
  std::string secret_hash;
  std::string socket_id;
  std::string nsp;
  std::string identity;
  std::string address;
  std::int64_t heard_from = 0;
};

// A client that wants its session back.
struct Claim {
  std::string secret_hash;
  std::string nsp;
  std::string identity;
  std::string address;
};

struct Taken {
  std::string socket_id;
  std::string rooms;  // separated by spaces
  std::int64_t heard_from = 0;
};

// A connection of this node's that has to end.
struct ToEnd {
  std::string secret_hash;
  std::string socket_id;
  bool put_out = false;  // by a person; else its client is on another node by now
};

// Writes what concerns one session in the order of the calls, as many calls together as came in the
// meantime: a session is on its way for some milliseconds, however many there are. A call says how
// it ended by its `done`, which `post` hands over to the thread it belongs to. Where the database
// fails again and again, adding and taking fail, and the rest is lost: a client whose session was
// not written gets a new one.
//
// Threads: any. `done`s are called through `post` alone.
class SessionStore {
 public:
  using Post = std::function<void(std::function<void()>)>;
  struct Settings {
    std::int64_t node = 0;
    Duration window;     // in which a client may come back
    Duration sightings;  // a node that lives is seen at least so often
  };

  SessionStore(sql::Database& database, const Clock& clock, log::Logger& logger, Post post,
               Settings settings);
  // Stops; what was asked for is done first.
  ~SessionStore();

  void start();
  void stop();

  void add(SessionRow row, std::function<void(bool added)> done);
  void set_rooms(std::string secret_hash, std::string rooms, std::function<void(bool kept)> done);
  // Its connection broke: it may come back.
  void lose(std::string secret_hash, std::string rooms);
  void remove(std::string secret_hash);
  // At most one call gets a session; it is this node's then.
  void take(Claim claim, std::function<void(std::optional<Taken>)> done);
  // What to_end() told of has been done.
  void ended_here(std::string secret_hash);
  void read_events(std::vector<std::int64_t> ids,
                   std::function<void(std::optional<std::vector<outbox::Posted>>)> done);

  // At once, in the caller's thread.
  Result<std::vector<ToEnd>> to_end();
  Result<std::int64_t> forget_old();

 private:
  struct Adding {
    SessionRow row;
    std::function<void(bool)> done;
  };
  struct SettingRooms {
    std::string secret_hash, rooms;
    std::function<void(bool)> done;
  };
  struct Losing {
    std::string secret_hash, rooms;
  };
  struct Removing {
    std::string secret_hash;
  };
  struct Taking {
    Claim claim;
    std::function<void(std::optional<Taken>)> done;
    std::optional<Taken> taken = {};
  };
  struct Ending {
    std::string secret_hash;
  };
  using Task = std::variant<Adding, SettingRooms, Losing, Removing, Taking, Ending>;
  struct Reading {
    std::vector<std::int64_t> ids;
    std::function<void(std::optional<std::vector<outbox::Posted>>)> done;
  };

  void push(Task task);
  void work();
  static const std::string& secret_of(const Task& task);
  void write_all(std::vector<Task>& tasks);
  Result<> written(std::vector<Task>& tasks);
  Result<> written_once(std::vector<Task>& tasks);
  bool worth_another_try(const Error& why);
  Result<> write(sql::Transaction& transaction, Task& task);
  Result<> take(sql::Transaction& transaction, Taking& taking);
  void answer(std::vector<Task> tasks, bool done);
  void read_all(std::vector<Reading> readings);

  sql::Database& database_;
  const Clock& clock_;
  log::Logger& logger_;
  const Post post_;
  const Settings settings_;

  Mutex m_;
  std::condition_variable changed_;
  std::vector<Task> tasks_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Reading> readings_ HOTCLOCK_GUARDED_BY(m_);
  bool stopping_ HOTCLOCK_GUARDED_BY(m_) = false;
  std::thread thread_;
};

}  // namespace hotclock::hub
