#include "tests/chaos/faults.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace hotclock::chaos {
namespace {

using namespace std::chrono_literals;

// ---------------------------------------------------------------- what faults are made of

int some(Random& random, int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); }
int some_node(Random& random) { return some(random, 0, Stage::most_nodes - 1); }

// A fault that has a length lasts for so long.
void lasts(std::chrono::milliseconds span) { poll(nullptr, 0, static_cast<int>(span.count())); }

void must(bool bit, const std::string& what) {
  if (!bit) throw Toothless(what);
}

void is_asked_to_work(Stage& stage) {
  stage.thrones_are_claimed(10);
  stage.a_viewer_joins();
  stage.asks_for_a_bonus();
}

// A fleet in the middle of a bonus.
void at_work(Stage& stage, Way way, bool machines_of_their_own = false) {
  stage.fleet(way, machines_of_their_own);
  const auto before = stage.payments();
  is_asked_to_work(stage);
  must(stage.comes_true([&] { return stage.payments() > before; }), "nobody begins to pay");
}

// Whether a node holds a part of a bonus now.
bool has_a_part(Stage& stage, int i) {
  return stage.number("SELECT count(*) FROM hotclock.leases AS l JOIN hotclock.nodes AS n ON n.id = l.node_id"
                      " WHERE l.partition_of IS NOT NULL AND n.stopped_at IS NULL AND n.pid = " +
                      std::to_string(stage.node(i).pid())) > 0;
}

// Waits until it does, and there is more to come.
bool holds_a_part(Stage& stage, int i) {
  return stage.comes_true([&] { return has_a_part(stage, i) || stage.bonus_is_done(); }) && !stage.bonus_is_done();
}

std::string lost_since(Stage& stage, std::int64_t before) {
  return std::to_string(stage.lost_attempts() - before) + " taken over";
}

// ---------------------------------------------------------------- a node dies

template <Point point>
std::string killed(Stage& stage, Random& random) {
  const bool own_machines = some(random, 0, 1) == 1;
  stage.fleet(own_machines ? Way::network : Way::socket, own_machines);
  const int victim = some_node(random);
  const auto lost = stage.lost_attempts();
  stage.is_struck(victim);
  stage.node(victim).strikes_itself(point, SIGKILL, some(random, 1, 3));
  is_asked_to_work(stage);
  must(stage.comes_true([&] {
    // Whoever was not quick enough to come there gets another chance.
    if (!stage.node(victim).was_struck() && stage.bonus_is_done()) is_asked_to_work(stage);
    return stage.node(victim).was_struck() && !stage.node(victim).lives();
  }), std::string("node never came there: ") + to_words(point));
  stage.replace(victim);
  return std::string("killed ") + to_words(point) + (own_machines ? ", on a machine of its own; " : "; ") +
         lost_since(stage, lost);
}

std::string killed_all(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  const auto lost = stage.lost_attempts();
  for (int i = 0; i < Stage::most_nodes; ++i) stage.node(i).dies();
  for (int i = 0; i < Stage::most_nodes; ++i) stage.replace(i);
  return "killed all three in the middle of a bonus; " + lost_since(stage, lost);
}

// ---------------------------------------------------------------- a node freezes

template <Point point>
std::string frozen(Stage& stage, Random& random) {
  stage.fleet(some(random, 0, 1) ? Way::network : Way::socket);
  const int victim = some_node(random);
  stage.is_struck(victim);
  const auto lost = stage.lost_attempts();
  Node& node = stage.node(victim);
  node.strikes_itself(point, SIGSTOP, some(random, 1, 2));
  is_asked_to_work(stage);
  must(stage.comes_true([&] {
    if (!node.was_struck() && stage.bonus_is_done()) is_asked_to_work(stage);
    return node.was_struck();
  }), std::string("node never came there: ") + to_words(point));
  const bool took = stage.comes_true([&] { return stage.lost_attempts() > lost; });
  node.goes_on();
  must(took, "nobody took over what the frozen one held");
  must(stage.comes_true([&] { return node.stale_proofs() + node.leases_given_up() > 0; }),
       "the woken one had nothing refused");
  return std::string("frozen ") + to_words(point) + " beyond its lease; " + lost_since(stage, lost) + ", " +
         std::to_string(node.stale_proofs()) + " stale fences refused by the database, " +
         std::to_string(node.leases_given_up()) + " leases given up";
}

// In its turn at the ledger, which all others wait for.
std::string frozen_in_its_turn(Stage& stage, Random& random) {
  stage.fleet();
  const int victim = some_node(random);
  stage.is_struck(victim);
  Node& node = stage.node(victim);
  node.strikes_itself(some(random, 0, 1) ? Point::before_claim_commits : Point::before_end_commits, SIGSTOP);
  is_asked_to_work(stage);
  must(stage.comes_true([&] { return node.was_struck(); }), "node never had its turn");
  const auto ends = stage.number("SELECT count(*) FROM hotclock.history");
  const bool went_on = stage.comes_true([&] { return stage.number("SELECT count(*) FROM hotclock.history") > ends; });
  node.goes_on();
  must(went_on, "a frozen node held up everybody for ever");
  return "frozen with its turn at the ledger; the others went on";
}

std::string frozen_briefly(Stage& stage, Random& random) {
  at_work(stage, Way::socket);
  const int victim = some_node(random);
  const auto given_up = stage.lost_attempts();
  stage.node(victim).freezes();
  lasts(Stage::lease / 2);
  stage.node(victim).goes_on();
  must(stage.lost_attempts() == given_up, "half a lease was enough to lose it");
  return "frozen for half a lease, and kept it";
}

std::string starved(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  for (int turn = 0; turn < 20; ++turn)
    for (int i = 0; i < Stage::most_nodes; ++i) {
      stage.node(i).freezes();
      lasts(45ms);
      stage.node(i).goes_on();
      lasts(5ms);
    }
  return "each stopped for nine tenths of the time, by turns";
}

// ---------------------------------------------------------------- the database goes away

std::string outage(Stage& stage, const std::string& mode) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  const auto lost = stage.lost_attempts();
  stage.server().stop(mode);
  lasts(500ms);
  stage.server().start();
  return "PostgreSQL stopped (" + mode + ") and started; " + lost_since(stage, lost);
}
std::string restarted(Stage& stage, Random&) { return outage(stage, "fast"); }
std::string crashed(Stage& stage, Random&) { return outage(stage, "immediate"); }

std::string database_killed(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  stage.server().kill();
  // Its processes go away by themselves, and until then no other can start.
  must(hotclock::comes_true([&] {
    try {
      stage.server().start();
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }), "PostgreSQL does not start again");
  return "PostgreSQL killed (SIGKILL) and started";
}

std::string sessions_terminated(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  std::int64_t ended = 0;
  for (int i = 0; i < 5; ++i) {
    ended += stage.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                          " WHERE pid <> pg_backend_pid() AND usename = 'hotclock'");
    lasts(200ms);
  }
  must(ended > 0, "no session to terminate");
  return std::to_string(ended) + " sessions terminated";
}

std::string read_only(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  const std::string url = stage.server().url() + "&options=-cdefault_transaction_read_only%3Doff";
  const auto set = [&](const char* value) {
    sql::plain_postgres(url, std::string("ALTER SYSTEM SET default_transaction_read_only = ") + value);
    sql::plain_postgres(url, "SELECT pg_reload_conf()");
  };
  set("on");
  lasts(2s);
  set("off");
  return "PostgreSQL read-only for two seconds";
}

std::string disk_full(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  stage.fills_the_disk();
  must(stage.comes_true([&] {
    for (int i = 0; i < Stage::most_nodes; ++i)
      if (stage.node(i).log().find("the ledger") != std::string::npos) return true;
    return false;
  }), "nobody noticed that the disk is full");
  lasts(500ms);
  stage.frees_the_disk();
  // A server whose log of writes found no room has ended itself.
  if (!hotclock::comes_true([&] { return stage.server().runs(); })) {
    stage.server().stop("immediate");
    stage.server().start();
  }
  return "the database's disk full until the nodes said so";
}

// ---------------------------------------------------------------- answers are lost

std::string commit_lost(Stage& stage, Random& random, sql::Proxy::Loss what) {
  at_work(stage, Way::proxy);
  const int wanted = some(random, 4, 8);
  const int before = stage.proxy().losses();
  for (int i = 1; i <= wanted; ++i) {
    stage.proxy().lose(what);
    must(stage.comes_true([&] { return stage.proxy().losses() == before + i; }), "nothing was committed");
  }
  return std::to_string(wanted) + (what == sql::Proxy::Loss::answer ? " answers to COMMIT lost" : " COMMITs lost on their way");
}
std::string answers_lost(Stage& stage, Random& random) {
  return commit_lost(stage, random, sql::Proxy::Loss::answer);
}
std::string questions_lost(Stage& stage, Random& random) {
  return commit_lost(stage, random, sql::Proxy::Loss::question);
}

std::string connections_cut(Stage& stage, Random&) {
  at_work(stage, Way::proxy);
  stage.everybody_may_lose();
  for (int i = 0; i < 5; ++i) {
    stage.proxy().cut();
    lasts(150ms);
  }
  return "all connections cut five times";
}

// ---------------------------------------------------------------- the network parts

template <Network::Cut what>
std::string parted(Stage& stage, Random& random) {
  at_work(stage, Way::network);
  const int victim = some_node(random);
  stage.is_struck(victim);
  const auto lost = stage.lost_attempts();
  const auto taken = [&] { return stage.lost_attempts() > lost; };
  // Its part may come to its end while the cable is on its way out, or just before: then there is nothing to take.
  for (int attempt = 0; attempt < 20 && !taken(); ++attempt) {
    if (!holds_a_part(stage, victim)) is_asked_to_work(stage);
    must(holds_a_part(stage, victim), "the victim never held a part of a bonus");
    stage.network()->cut(victim, what);
    const bool decided = stage.comes_true([&] { return taken() || !has_a_part(stage, victim); });
    stage.network()->cut(victim, Network::Cut::nothing);
    must(decided, "nobody took over what the one that was cut off held");
  }
  must(taken(), "the victim ended its part before each cut");
  return "a node cut off until others took over; " + lost_since(stage, lost);
}

std::string all_parted(Stage& stage, Random&) {
  at_work(stage, Way::network);
  stage.everybody_may_lose();
  for (int i = 0; i < Stage::most_nodes; ++i) stage.network()->cut(i, Network::Cut::both);
  lasts(3s);
  for (int i = 0; i < Stage::most_nodes; ++i) stage.network()->cut(i, Network::Cut::nothing);
  return "all nodes cut off for three seconds";
}

// ---------------------------------------------------------------- clocks

template <std::int64_t seconds>
std::string clock_set(Stage& stage, Random& random) {
  at_work(stage, Way::socket);
  const int victim = some_node(random);
  const int sign = some(random, 0, 1) ? 1 : -1;
  stage.node(victim).board()->clock_ahead_ms = sign * seconds * 1000 + sign * 500;
  must(stage.comes_true([&] { return stage.node(victim).log().find("clock is off") != std::string::npos; }),
       "the node does not say that its clock is off");
  lasts(1500ms);
  is_asked_to_work(stage);
  lasts(1s);
  stage.node(victim).board()->clock_ahead_ms = 0;
  must(stage.comes_true([&] { return stage.node(victim).log().find("clock is right again") != std::string::npos; }),
       "the node does not say that its clock is right again");
  return "a node's clock set by " + std::to_string(sign * seconds) + " s and back";
}

template <std::int64_t seconds>
std::string database_clock_set(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  stage.everybody_may_lose();
  stage.sets_database_clock(seconds);
  lasts(1s);
  is_asked_to_work(stage);
  return "the database's clock set by " + std::to_string(seconds) + " s";
}

// ---------------------------------------------------------------- people

std::string rolling(Stage& stage, Random&) {
  at_work(stage, Way::socket);
  for (int i = 0; i < Stage::most_nodes; ++i) {
    if (stage.bonus_is_done()) is_asked_to_work(stage);
    stage.node(i).is_told_to_end();
    must(stage.node(i).ends().code == 0, "a node did not end well");
    stage.replace(i);
  }
  return "all three restarted in turn";
}

std::string edited(Stage& stage, Random& random) {
  at_work(stage, Way::socket);
  for (const int every : {some(random, 2, 4), 1}) {
    stage.edits_schedule("throne-expiry", every);
    lasts(std::chrono::milliseconds(some(random, 0, 1000)));
    for (int i = 0; i < Stage::most_nodes; ++i) {
      stage.node(i).is_told_to_end();
      stage.node(i).ends();
      stage.replace(i);
    }
    stage.schedules_are_settled();
    lasts(2s);
  }
  return "a schedule edited and edited back, each by a rolling restart";
}

std::string paused(Stage& stage, Random& random) {
  at_work(stage, Way::socket);
  for (int i = 0; i < 3; ++i) {
    stage.pauses("throne-expiry");
    lasts(std::chrono::milliseconds(some(random, 900, 2200)));
    stage.resumes("throne-expiry");
    lasts(std::chrono::milliseconds(some(random, 0, 1000)));
  }
  must(stage.number("SELECT count(*) FROM hotclock.slot_states WHERE ended = 'refused'") > 0, "nothing was refused");
  return "a job paused and resumed three times";
}

std::string calm(Stage& stage, Random&) {
  stage.fleet();
  is_asked_to_work(stage);
  lasts(4s);
  return "nothing was done to it";
}

}  // namespace

// ---------------------------------------------------------------- all of them

const std::vector<Fault>& faults() {
  using Needs = Fault::Needs;
  static const std::vector<Fault> all = {
      {"calm", "calm", Needs::nothing, calm},
      {"kill-before-claim-commits", "kill", Needs::nothing, killed<Point::before_claim_commits>},
      {"kill-after-claim", "kill", Needs::nothing, killed<Point::after_claim_commits>},
      {"kill-mid-chunk", "kill", Needs::nothing, killed<Point::mid_chunk>},
      {"kill-before-chunk-commits", "kill", Needs::nothing, killed<Point::before_chunk_commits>},
      {"kill-after-chunk", "kill", Needs::nothing, killed<Point::after_chunk>},
      {"kill-before-end-is-recorded", "kill", Needs::nothing, killed<Point::before_end_commits>},
      {"kill-after-end", "kill", Needs::nothing, killed<Point::after_end_commits>},
      {"kill-all", "kill", Needs::nothing, killed_all},
      {"freeze-mid-chunk", "freeze", Needs::nothing, frozen<Point::mid_chunk>},
      {"freeze-after-chunk", "freeze", Needs::nothing, frozen<Point::after_chunk>},
      {"freeze-before-chunk-commits", "freeze", Needs::nothing, frozen<Point::before_chunk_commits>},
      {"freeze-in-its-turn", "freeze", Needs::nothing, frozen_in_its_turn},
      {"freeze-briefly", "freeze", Needs::nothing, frozen_briefly},
      {"starve", "freeze", Needs::nothing, starved},
      {"database-restart", "database", Needs::nothing, restarted},
      {"database-crash", "database", Needs::nothing, crashed},
      {"database-kill", "database", Needs::nothing, database_killed},
      {"database-sessions", "database", Needs::nothing, sessions_terminated},
      {"database-read-only", "database", Needs::nothing, read_only},
      {"database-disk-full", "disk", Needs::small_disk, disk_full},
      {"commit-answer-lost", "commit", Needs::nothing, answers_lost},
      {"commit-lost", "commit", Needs::nothing, questions_lost},
      {"connections-cut", "commit", Needs::nothing, connections_cut},
      {"part-to-database", "part", Needs::network, parted<Network::Cut::to_database>},
      {"part-from-database", "part", Needs::network, parted<Network::Cut::from_database>},
      {"part-both-ways", "part", Needs::network, parted<Network::Cut::both>},
      {"part-all", "part", Needs::network, all_parted},
      {"clock-1s", "clock", Needs::nothing, clock_set<1>},
      {"clock-30s", "clock", Needs::nothing, clock_set<30>},
      {"clock-5min", "clock", Needs::nothing, clock_set<300>},
      {"clock-1h", "clock", Needs::nothing, clock_set<3600>},
      {"clock-2d", "clock", Needs::nothing, clock_set<2 * 86400>},
      {"database-clock-10s-back", "database-clock", Needs::own_stage, database_clock_set<-10>},
      {"database-clock-30s-on", "database-clock", Needs::own_stage, database_clock_set<30>},
      {"database-clock-10min-on", "database-clock", Needs::own_stage, database_clock_set<600>},
      {"rolling-restart", "people", Needs::nothing, rolling},
      {"schedule-edited", "people", Needs::nothing, edited},
      {"pauses", "people", Needs::nothing, paused},
  };
  return all;
}

std::string reason_not_to_play(const Fault& fault) {
  if (fault.needs == Fault::Needs::network) return Network::missing();
  if (fault.needs == Fault::Needs::small_disk && geteuid() != 0) return "to mount a small disk is root's";
  return "";
}

Round play(Stage& stage, const Fault& fault, Random& random) {
  const auto began = std::chrono::steady_clock::now();
  Round round{.fault = fault.name, .what = {}, .violations = {}};
  try {
    try {
      round.what = fault.strike(stage, random);
    } catch (const Toothless& why) {
      round.violations.push_back(std::string("the round proves nothing: ") + why.what());
    }
    for (const std::string& line : stage.comes_to_rest())
      round.violations.push_back("not done within a minute: " + line);
    for (std::string& line : stage.violations()) round.violations.push_back(std::move(line));
  } catch (const std::exception& e) {
    round.violations.push_back(std::string("the stage broke: ") + e.what());
  }
  round.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return round;
}

}  // namespace hotclock::chaos
