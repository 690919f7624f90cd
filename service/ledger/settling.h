// One settlement, step by step, inside one transaction. Used by SqlLedger alone.
#pragma once

#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "service/access/tokens.h"
#include "service/ledger/sql_ledger.h"
#include "service/sql/arrays.h"
#include "service/sql/bulk.h"

namespace hotclock::ledger {

// What lasts from one settlement to the next.
struct Lasting {
  const Node& node;
  JobNames& names;
  UuidSource& uuids;
  std::vector<std::int64_t>& strangers;
  KnownQueues& queues;
  bool locks_rows;  // the engine does
  bool at_once;     // it works whole columns by settle_at_once.sql
};

// What a look at the ledger shows: is there anything that a settlement would write?
enum class Found { nothing, something, unclear };

// Threads: one at a time. After an error the transaction must be rolled back.
class Settling {
 public:
  // `now`: when it had its turn; what others did before it is not in its future.
  Settling(sql::Transaction& transaction, Lasting lasting, const Settlement& act,
           const PolicyOf& policy_of, Instant now);

  // Reads only: would the steps from take_lost() on change anything? Fills the answer where not.
  // One statement, which does for a sql::Database::glance(): unclear where that does not tell.
  Result<Found> glance();
  // Never unclear.
  Result<Found> look_closely();

  // What claim() asks first, where nothing that comes before it changes the line: whoever begins
  // the transaction with these gives the answers to begin_with(). None where something may.
  std::vector<sql::Question> first_questions();
  Result<> begin_with(std::span<const std::unique_ptr<sql::Rows>> answers);

  // What live changes of schedules there have been: before enter_slots().
  Result<> hear_of_changes(sql::Rows& answer);

  Result<> record_endings();
  Result<> enter_slots();
  Result<> move_cursors();
  Result<> renew_leases();
  Result<> take_lost();
  Result<> call_the_waiting();
  Result<> claim();
  Result<> look_ahead();

  // Only once the transaction is committed: the renewed permits may be trusted for longer.
  void trust_the_renewed();

  Settled& answer() { return answer_; }
  // Other nodes may have something to do now.
  bool others_should_look() const { return tell_; }

 private:
  using JobId = std::int64_t;

  // A settlement that meets thousands of slots to refuse ends in between: what it holds up is short.
  static constexpr int most_judged = 2000;
  static constexpr std::size_t most_strangers = 8;  // as many as the statement has places

  // A slot at the head of a line.
  struct Candidate {
    std::int64_t rank;
    std::int64_t slot_id;
    Instant available_at;
    int attempt;
    std::int64_t fence;
    std::int64_t vanished;
    std::string cursor;
    std::int64_t progress_done;
    JobId job_id;
    Slot slot;
    Instant entered_at;
    std::optional<std::int64_t> partition_of;
    std::optional<std::int64_t> token;  // with which a person asked for it
  };
  // Neighbours in a line, from the first to the last of them.
  struct Run {
    std::int64_t line, first_rank, first_slot, last_rank, last_slot;
  };
  // A job as this settlement sees it.
  struct JobNow {
    const std::string* name = nullptr;
    std::shared_ptr<const Policy> policy;  // null: a stranger
    JobFacts facts;
    bool facts_are_gathered = false;
  };
  // The due slots of one queue, as this act goes along them.
  struct Line {
    std::int64_t number = 0;
    Turns::Queue queue = Turns::common;
    std::vector<Candidate> page = {};
    std::size_t at = 0;      // the next to be judged
    std::size_t run = 0;     // from here to `at` they were judged, and leave the line together
    JobNow* job = nullptr;   // of the one at `at`, once it is known that it may be claimed
    bool alone = false;      // the page leaves some out, so each of it leaves the line alone
    bool last = false;       // nothing stands behind the page
    std::int64_t rank = 0, slot_id = 0;  // the next page begins behind these
  };
  // A lease whose worker may have vanished.
  struct Held {
    std::int64_t slot_id;
    JobId job_id;
    std::string execution;
    std::int64_t node_id;
    Instant lease_until;
    int attempt;
    std::int64_t fence;
    Instant started_at;
    Slot slot;
    std::string node;
    Process process;
    bool retired;
    std::int64_t lane;
    std::optional<std::int64_t> partition_of;
  };
  // A partition that has ended.
  struct EndedPartition {
    JobId job_id;
    std::int64_t whole;
    std::int64_t progress_done;
  };
  // How a slot goes from its lease back into the queue.
  struct Back {
    std::string_view phase;
    std::optional<Instant> at = {};  // none: available as before
    int uncounted = 0;               // attempts that do not count
    bool vanished = false;           // its worker did
    std::string_view reason = {};
  };
  // What stands in the queue and is asked of this node, told by one statement.
  struct Sight {
    bool due = false, cancelling = false;
    std::optional<Instant> later;
  };
  // Ends of one job's slots that bear on its circuit.
  struct Streak {
    bool broken = false;  // a success came before the failures counted here
    int failures = 0;
    Instant last;
  };

  // A fact that holds of few jobs, and is read of all of those at once.
  struct Trouble {
    std::optional<Pause> pause;
    int failures_in_a_row = 0;
    Instant last_failure;
    std::optional<SwitchedOff> off;
  };

  // Where a lease is as a rule: its job's rule tells, unless that was another one when it was
  // claimed.
  struct Place {
    JobId job_id;
    std::int64_t lane;
  };

  struct RecordedEnd {
    std::int64_t fence;
    JobId job_id;
  };

  Result<Place> place_of(const Permit& permit);
  struct Ahead {
    std::vector<Uuid> cancelled;
    std::optional<Instant> next_available;
  };
  // What runs of a job.
  struct Running {
    int count;
    std::string youngest;  // execution
  };

  Result<> record(const Ending& ending);
  Result<> release_ended();
  Result<> end_at_once();
  // The job of an end that was recorded so; none where it was not.
  std::optional<JobId> recorded_at_once(const Ending& ending);
  Result<bool> release(const Permit& permit);
  Result<bool> follow(const Ending& ending, JobId job);
  Result<bool> end_attempt(const Ending& ending, End end);
  Result<bool> end_partition(const Ending& ending, JobId job, End end);
  // Ends the slots of which the last partitions have ended; before write_streaks().
  Result<> gather_partitions();
  Result<bool> requeue(const Permit& permit, JobId job, std::string_view phase,
                       std::optional<Instant> at, int uncounted, std::string_view reason);
  // False where the fence is old.
  Result<bool> go_back(JobId job, std::int64_t slot_id, std::int64_t fence, const Back& back);
  Result<> write_attempt(const Ending& ending, std::optional<End> end);
  Result<> keep_details(const Ending& ending, std::string_view execution);
  // The whole takes the place of what was written of it while it grew.
  Result<> keep_log(const Ending& ending, std::string_view execution);
  void count_end(JobId job, End end, Instant at);
  Result<> write_streaks();

  // Whether the schedule that named the slot is the one that counts.
  Result<bool> has_heard(const std::string& job, std::int64_t rescheduled);
  Result<bool> is_wanted(const Entry& entry);
  Result<> reschedule(const CursorMove& move, JobId job);
  Result<> enter(const Entry& entry);
  Result<> enter_at_once();
  Result<> move_cursors_at_once();

  Result<std::vector<Held>> held_by_others();
  bool is_lost(const Held& held);
  Result<bool> anyone_lost();
  Result<bool> is_free(const Held& held);
  Result<> take(const Held& held);
  Result<> call_abandoned_lines();

  // Whether something is due that nothing keeps this node from claiming, as far as one can see
  // without reading the line.
  bool may_claim_at_sight() const;
  Result<bool> anything_claimable();
  Result<> learn_queues();
  // Each from its head. Of those that have no room, none.
  void open_lines();
  // The next of all lines; with facts: also what the guard will ask of any of them.
  std::vector<sql::Question> page_questions(bool with_facts) const;
  Result<> read_pages(std::span<const std::unique_ptr<sql::Rows>> answers, bool with_facts);
  Result<> ask_for_pages(bool with_facts);
  Result<> next_page(Line& line);
  Result<> read_page(Line& line, sql::Rows& answer, int most);
  int asked_for() const;
  sql::Question line_behind(const Line& line, int most) const;
  int page_size() const;
  Result<> claim_from_lines();
  // The line whose head is claimed next; null where nothing more can be claimed.
  Result<Line*> next_line();
  Result<bool> find_head(Line& line);
  Result<> judge_head(Line& line);
  Result<> leave(Line& line);
  Result<> consider(Candidate& candidate, JobNow& job);
  // What the tokens stand for with which a page's slots were asked for.
  Result<> ask_about_tokens(const std::vector<Candidate>& page);
  std::optional<NotAllowed> not_allowed(const Candidate& candidate) const;
  Result<> refuse(const Candidate& candidate, const Refusal& refusal);
  Result<> make_wait(const Candidate& candidate, const Wait& wait);
  Result<> put_off(const Candidate& candidate, const Postpone& until);
  Result<> consider_partition(Candidate& candidate, JobNow& job);
  Result<> cancel_partition(const Candidate& candidate, const std::string& by);
  Result<> admit(Candidate& candidate, JobNow& job);
  Result<> admit_partition(const Candidate& candidate, const Uuid& execution, Instant lease_until);
  std::array<sql::Question, 2> ahead_questions() const;
  static Result<Ahead> read_ahead(sql::Rows& cancelling, sql::Rows& next_available);
  Result<> add_claim(const Candidate& candidate, const std::string& execution,
                     const Policy& policy);
  Result<> write_claims();
  Result<std::int64_t> dequeue_and_claim(const Run& run);
  Result<JobNow*> job_now(JobId id);
  Result<> gather_facts(JobId id, JobNow& job);
  Result<> read_troubles();
  void take_running(const sql::Rows& row);
  void take_running_of_queue(const sql::Rows& row);
  void take_trouble(const sql::Rows& row);
  // Of the job, or of all by the kill switch.
  std::optional<SwitchedOff> off(JobId id) const;
  static Candidate candidate_of(const sql::Rows& row);
  void pass_over(JobId stranger);
  Result<> ask_about_strangers();
  bool room() const { return static_cast<int>(answer_.claims.size()) < act_.room; }
  bool room_for(const Line& line, const Candidate& candidate) const {
    return !candidate.partition_of || (partitions_claimed_ < act_.room_for_partitions &&
                                       turns_.has_room_for_partition(line.queue));
  }

  sql::Transaction& sql_;
  Lasting lasting_;
  const Settlement& act_;
  const PolicyOf& policy_of_;
  const Instant now_;  // by the ledger's clock

  bool tell_ = false;
  Turns turns_;
  std::vector<Line> lines_;
  bool begun_ = false;  // the transaction began with the heads of the lines
  bool queues_are_counted_ = false;
  Sight sight_;
  Settled answer_;
  std::vector<std::pair<Permit*, Steady>> renewed_;
  std::map<JobId, int> freed_;  // how many slots of a job made room for one that waits
  std::map<JobId, Streak> streaks_;
  std::vector<EndedPartition> ended_partitions_;
  int partitions_claimed_ = 0;
  std::unordered_set<const Ending*> released_;  // whose leases were given up together
  // What look_ahead() wants to know, where nothing has changed since it was read.
  std::optional<Ahead> ahead_;
  // By slot, what was also recorded with that, until its ending is looked at.
  std::unordered_map<std::int64_t, RecordedEnd> recorded_;
  std::unordered_map<JobId, JobNow> jobs_;
  std::unordered_map<JobId, Running> running_;
  bool running_is_counted_ = false;
  std::map<std::int64_t, Life> lives_;  // of nodes
  std::unordered_map<std::int64_t, access::Standing> tokens_;
  int judged_ = 0;
  std::unordered_map<JobId, Trouble> troubles_;
  bool troubles_are_read_ = false;
  std::unordered_map<JobId, std::int64_t> rescheduled_;  // live: the versions of the newest changes
  sql::Bulk<13> attempts_;
  sql::Bulk<13> claims_;
  // Slot, job, lane, fence, attempt, execution, lease until, available at, vanished, cursor,
  // progress.
  sql::Arrays<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
              std::string_view, Instant, Instant, std::int64_t, std::string_view, std::int64_t>
      claims_at_once_;
};

}  // namespace hotclock::ledger
