// The stage of the chaos runs: a PostgreSQL server of its own, a platform on it, up to three serving nodes,
// and the witness who writes down what they do.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "service/sql/postgres_support.h"
#include "service/sql/proxy_support.h"
#include "tests/chaos/network.h"
#include "tests/chaos/node.h"

namespace hotclock::chaos {

using Random = std::mt19937_64;

struct StageOptions {
  int users = 1500;
  bool small_disk = false;  // the server's data lies where little room is
};

// How the nodes of a fleet reach the database.
enum class Way {
  socket,   // by its socket file
  network,  // each from a host of its own; by the socket where there can be no network
  proxy,    // through something that can lose what it carries
};

class Stage {
 public:
  explicit Stage(const StageOptions& options = {});
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  static constexpr int most_nodes = 3;
  static constexpr std::chrono::seconds lease{5};

  // ------------------------------------------------ the nodes
  // Three nodes that serve; those of before are told to end first.
  void fleet(Way way = Way::socket, bool machines_of_their_own = false);
  Node& node(int i) { return *nodes_.at(static_cast<std::size_t>(i)); }
  // Another one in its place, with the settings as they are now.
  void replace(int i);
  // From now on no node is blamed for losing what this one held; any of them with `everybody_may_lose`.
  void is_struck(int i);
  void everybody_may_lose();
  sql::Proxy& proxy() { return *proxy_; }
  Network* network() { return network_ ? &*network_ : nullptr; }
  // Ends the fleet as an operator would.
  void curtain();

  // ------------------------------------------------ what people do
  // Asks for the bonus of a day that nobody was paid for yet, and goes away.
  void asks_for_a_bonus();
  Ended hotclock(const std::vector<std::string>& words);
  void pauses(const std::string& job);
  void resumes(const std::string& job);
  // From now on the job is due every so many seconds; nodes learn of it as they are replaced.
  void edits_schedule(const std::string& job, int every);
  void schedules_are_settled();  // all nodes know
  // Somebody joins with a tier, and is owed today's bonus.
  void a_viewer_joins();
  // Thrones that stand for one to four seconds from now.
  void thrones_are_claimed(int how_many);

  // ------------------------------------------------ the database
  sql::PostgresServer& server() { return *server_; }
  // On, or back where it is less than none.
  void sets_database_clock(std::int64_t seconds);
  // Leaves so little room on the small disk that nothing can be written; or gives it back.
  void fills_the_disk();
  void frees_the_disk();

  // ------------------------------------------------ what is seen
  // By the socket file, past every fault. It throws where the server is away.
  std::string text(const std::string& query) const;
  std::int64_t number(const std::string& query) const;
  std::int64_t payments() const;
  bool bonus_is_done() const;  // every one that was asked for
  std::int64_t lost_attempts() const;
  // Waits for it; false after a minute. A server that is away is waited for too.
  bool comes_true(const std::function<bool()>& condition) const;
  // Waits until all that is due now is done: every slot ended, every bonus paid, every throne fallen. What
  // is not, after a minute.
  std::vector<std::string> comes_to_rest() const;

  // Every assertion that does not hold (verdict.sql), as lines.
  std::vector<std::string> violations() const;

 private:
  struct JobSchedule {
    std::string job, zone;
    int every;
  };

  void is_done(const std::vector<std::string>& words);
  void write_settings(const JobSchedule& schedule) const;
  Place place_of(int i) const;
  std::map<std::string, std::string> environment(const std::string& url) const;
  void exec(const std::string& text) const { this->text(text); }

  const StageOptions options_;
  std::string directory_;
  std::optional<Network> network_;
  SharedBoard server_board_;
  std::unique_ptr<sql::PostgresServer> server_;
  std::unique_ptr<sql::Proxy> proxy_;
  std::vector<JobSchedule> schedules_;
  std::vector<std::unique_ptr<Node>> nodes_;
  Way way_ = Way::socket;
  bool machines_of_their_own_ = false;
  int bonus_days_ = 0;
};

}  // namespace hotclock::chaos
