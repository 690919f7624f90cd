// The same random history in every ledger: whatever they are told, they must answer alike, step by
// step. MemoryLedger is the model. Ids of slots differ, for engines may leave some out.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <sstream>

#include "tests/conformance/world.h"

namespace hotclock::conformance {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

std::shared_ptr<Policy> policy(Overlap overlap, int max_running, bool repeatable, int retries,
                               int failures) {
  auto made = std::make_shared<Policy>();
  made->overlap = overlap;
  made->max_running = max_running;
  made->repeatable = repeatable;
  made->retry.retries = retries;
  made->lease = 40s;
  made->circuit = {.failures = failures, .pause = 30s};
  return made;
}

// One act for both ledgers. Executions are named by the order in which they were claimed, for their
// ids differ.
struct Step {
  Settlement act;
  std::vector<std::size_t> endings;  // which execution each ending is of
  std::vector<std::size_t> renewals;
};

// A ledger and the permits it gave out, in order.
struct Side {
  std::unique_ptr<World> world;
  std::vector<std::shared_ptr<Permit>> permits;
};

class History {
 public:
  History(unsigned seed, const std::string& engine) : random_(seed) {
    model_.world = make_world("memory");
    tested_.world = make_world(engine);
    policies_ = {{"refuse", policy(Overlap::refuse, 1, true, 1, 0)},
                 {"wait", policy(Overlap::wait, 1, true, 0, 0)},
                 {"replace", policy(Overlap::replace, 1, false, 0, 0)},
                 {"allow", policy(Overlap::allow, 2, true, 3, 0)},
                 {"circuit", policy(Overlap::refuse, 1, true, 0, 2)}};
    policies_["wait"]->queue = "money";
    policies_["allow"]->queue = "mail";
    policies_["circuit"]->queue = "mail";
    std::vector<JobRow> rows;
    for (const auto& [name, policy] : policies_) rows.push_back({name, "s", t0, policy->queue});
    rows.push_back({"stranger", "s", t0, "mail"});
    for (Side* side : {&model_, &tested_}) EXPECT_TRUE(side->world->node(0).enrol(rows));
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      now_ += Duration{pick(12'000)};
      if (pick(20) == 0) now_ -= 20s;
      person();
      settle(step());
    }
    EXPECT_EQ(seen(model_), seen(tested_));
    EXPECT_EQ(tries(model_), tries(tested_));
  }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string any_job() {
    static const std::vector<std::string> names = {"refuse", "wait",    "replace",
                                                   "allow",  "circuit", "stranger"};
    return names[static_cast<std::size_t>(pick(6))];
  }

  Entry entry() {
    Entry made{.slot = {any_job(), t0 + pick(600) * 1s}, .available_at = now_};
    const int kind = pick(10);
    if (kind < 2) made.slot.trigger = Trigger::catch_up;
    if (kind == 2) made.available_at = now_ + pick(60) * 1s;
    if (kind == 3) made.priority = pick(5) - 2;
    if (kind == 4) made.ended = End::missed;
    return made;
  }

  Follow follow() {
    static const std::vector<End> ends = {End::completed, End::completed_with_errors, End::failed,
                                          End::timed_out, End::cancelled};
    switch (pick(10)) {
      case 3: {
        Divides parts;
        for (int i = pick(3); i >= 0; --i) parts.cursors.push_back("from " + std::to_string(i));
        return parts;
      }
      case 0:
        return GoesBack{};
      case 1:
        return TriesAgain{now_ + pick(20) * 1s};
      case 2:
        return Waits{};
      default:
        return Ends{ends[static_cast<std::size_t>(pick(5))]};
    }
  }

  // Queues as a node may have them: what runs and whose turn it is differ from act to act.
  Turns turns(int room) {
    if (pick(4) == 0) return {};
    Turns made({{.name = "", .limit = pick(3) == 0 ? 3 : 0},
                {.name = "money", .weight = 1 + pick(3), .reserved = pick(2)},
                {.name = "mail", .limit = pick(3)}},
               4);
    for (int i = pick(4); i > 0; --i) made.began(static_cast<Turns::Queue>(pick(3)), pick(3) == 0);
    made.free(room + pick(2));
    return made;
  }

  Step step() {
    Step made;
    made.act.now = now_;
    made.act.asked = Steady{} + (now_ - t0);
    for (int i = pick(4); i > 0; --i) made.act.entries.push_back(entry());
    for (std::size_t i = 0; i < model_.permits.size(); ++i) {
      // Ends, renewals and ends told a second time, also by workers that were given up long ago.
      const bool recent = i + 6 > model_.permits.size();
      const int fate = pick(recent ? 6 : 60);
      if (fate == 0) {
        Ending ending{.permit = nullptr,
                      .started_at = now_,
                      .ended_at = now_,
                      .follow = follow(),
                      .outcome = "tried"};
        if (pick(2) == 0) ending.error = "broken";
        // A partition is not divided any further.
        if (model_.permits[i]->partition_of && std::holds_alternative<Divides>(ending.follow))
          ending.follow = Ends{End::completed};
        made.act.endings.push_back(std::move(ending));
        made.endings.push_back(i);
      } else if (fate == 1) {
        made.renewals.push_back(i);
      }
    }
    made.act.room = pick(4);
    made.act.room_for_partitions = 1 + pick(4);
    made.act.turns = turns(made.act.room);
    made.act.look_for_lost = pick(3) == 0;
    return made;
  }

  void person() {
    const std::string job = any_job();
    const std::string key = "k" + std::to_string(++keys_);
    switch (pick(12)) {
      case 0:
        each([&](Side& side) { side.world->pause(job, {"asha", "why", now_ + 20s}, now_); });
        return;
      case 1:
        each([&](Side& side) {
          side.world->enter_manual({job, t0 + 1s, Trigger::manual, key}, "asha", now_);
        });
        return;
      case 2: {
        const auto slots = model_.world->slots();
        if (slots.empty()) return;
        const auto which = static_cast<std::size_t>(pick(static_cast<int>(slots.size())));
        const bool model = model_.world->cancel(slots[which].id, "asha", now_).has_value();
        const auto tested = tested_.world->slots().at(which).id;
        EXPECT_EQ(model, tested_.world->cancel(tested, "asha", now_).has_value()) << name(slots[which].slot);
        return;
      }
      case 3: {
        if (model_.permits.empty()) return;
        const auto i = static_cast<std::size_t>(pick(static_cast<int>(model_.permits.size())));
        // A permit that its own node no longer trusts writes nothing anyway.
        if (!tested_.permits[i]->may_write(Steady{})) return;
        const auto tested = tested_.world->move_cursor(tested_.permits[i], key);
        // A chunk notices a cancel by itself; the model has no chunks.
        if (!tested && tested.error().code() == Errc::stopped) return;
        EXPECT_EQ(model_.world->move_cursor(model_.permits[i], key).has_value(), tested.has_value());
        return;
      }
      default:
        return;
    }
  }

  template <class Act>
  void each(Act act) {
    act(model_);
    act(tested_);
  }

  void settle(const Step& step) {
    const Settled model = settled(model_, step);
    const Settled tested = settled(tested_, step);
    EXPECT_EQ(words(model_, model), words(tested_, tested));
    for (const Uuid& cancelled : model.cancelled) {
      const auto i = index(model_, cancelled);
      const auto same = [&](const Uuid& id) { return index(tested_, id) == i; };
      EXPECT_TRUE(std::ranges::any_of(tested.cancelled, same)) << "execution " << i;
    }
  }

  Settled settled(Side& side, const Step& step) {
    Settlement act = step.act;
    for (std::size_t i = 0; i < step.endings.size(); ++i)
      act.endings[i].permit = side.permits[step.endings[i]];
    for (const std::size_t i : step.renewals) act.renewals.push_back(side.permits[i]);
    auto answer = side.world->node(0).settle(act, [this](const std::string& job) {
      const auto known = policies_.find(job);
      return known == policies_.end() ? nullptr : std::shared_ptr<const Policy>(known->second);
    });
    if (!answer) {
      ADD_FAILURE() << answer.error().message();
      return {};
    }
    for (const Claim& claim : answer->claims) side.permits.push_back(claim.permit);
    return std::move(answer).value();
  }

  static std::size_t index(const Side& side, const Uuid& execution) {
    const auto same = [&](const auto& permit) { return permit->execution == execution; };
    return static_cast<std::size_t>(std::ranges::find_if(side.permits, same) -
                                    side.permits.begin());
  }
  static std::string name(const Slot& slot) {
    return slot.job + "@" + to_string(slot.scheduled_for) + "/" + slot.key + " " +
           std::string(to_string(slot.trigger));
  }

  // An answer in words that do not depend on ids.
  static std::string words(const Side& side, const Settled& answer) {
    std::ostringstream out;
    for (const Claim& claim : answer.claims)
      out << "claim " << name(claim.permit->slot) << " attempt "
          << claim.permit->attempt << " in '" << claim.queue << "' from '" << claim.cursor << "' since "
          << to_string(claim.available_at) << (claim.taken_over ? " taken over" : "") << " trusted "
          << (claim.permit->trusted_until() - Steady{}).count() << '\n';
    for (const Refused& refused : answer.refusals)
      out << "refused " << name(refused.slot) << ' ' << kind_of(refused.why) << '\n';
    for (const Gathered& whole : answer.gathered)
      out << "gathered " << name(whole.slot) << ' ' << to_string(whole.ends.end) << ' '
          << whole.ends.set_aside_total << '\n';
    for (const Taken& taken : answer.taken)
      out << "taken " << name(taken.slot) << ' ' << static_cast<int>(taken.after) << '\n';
    for (const Uuid& lost : answer.lost) out << "lost " << index(side, lost) << '\n';
    if (answer.next_available) out << "next " << to_string(*answer.next_available) << '\n';
    return out.str();
  }

  static std::string seen(Side& side) {
    std::ostringstream out;
    for (const SeenSlot& slot : side.world->slots()) {
      out << name(slot.slot) << ' ' << to_string(slot.state);
      if (slot.end) out << ' ' << to_string(*slot.end);
      out << " attempt " << slot.attempt << '\n';
    }
    return out.str();
  }
  static std::string tries(Side& side) {
    std::map<std::int64_t, std::string> names;
    for (const SeenSlot& slot : side.world->slots()) names[slot.id] = name(slot.slot);
    std::vector<std::string> lines;
    for (const SeenAttempt& attempt : side.world->attempts()) {
      const auto execution = Uuid::parse(attempt.execution);
      lines.push_back(std::to_string(index(side, *execution)) + " of " +
                      names[attempt.slot_id] + " " + attempt.outcome + "\n");
    }
    std::ranges::sort(lines);
    std::string all;
    for (const auto& line : lines) all += line;
    return all;
  }

  std::mt19937 random_;
  Instant now_ = t0 + 5min;
  int keys_ = 0;
  std::map<std::string, std::shared_ptr<Policy>> policies_;
  Side model_, tested_;
};

class RandomHistoryTest : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistoryTest, testing::Range(1u, 41u));

TEST_P(RandomHistoryTest, EndsAlikeInMemoryAndInSqlite) {
  History history(GetParam(), "sqlite");
  history.run(120);
}

// Where each step is a dozen ways to a server and back, fewer histories do.
class RandomHistoryOnPostgresTest : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistoryOnPostgresTest, testing::Range(1u, 11u));

TEST_P(RandomHistoryOnPostgresTest, EndsAlikeInMemoryAndInPostgres) {
  History history(GetParam(), "postgresql");
  history.run(120);
}

}  // namespace
}  // namespace hotclock::conformance
