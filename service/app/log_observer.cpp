#include "service/app/log_observer.h"

#include <vector>

namespace hotclock::app {
namespace {

using log::Field;
using log::Level;
using Fields = std::vector<Field>;

Fields about(const Slot& slot) { return {{"job", slot.job}, {"slot", slot.scheduled_for}}; }

// What every line about an execution begins with.
Fields about(const Permit& permit) {
  Fields fields = about(permit.slot);
  if (permit.partition_of) fields.push_back({"partition", partition_number(permit.slot.key)});
  fields.push_back({"execution", permit.execution});
  fields.push_back({"attempt", permit.attempt});
  return fields;
}

std::string_view message_of(const Follow& follow, std::string_view outcome) {
  if (std::holds_alternative<TriesAgain>(follow)) return "the attempt failed and is tried again";
  if (std::holds_alternative<GoesBack>(follow)) return "the execution stopped and is due again";
  if (std::holds_alternative<Waits>(follow)) return "nobody can tell what took effect: decide";
  if (std::holds_alternative<Divides>(follow)) return "the slot is divided into partitions";
  return outcome == "completed" ? "the execution ended" : "the execution ended otherwise than well";
}

bool went_well(const Follow& follow) {
  const auto* ends = std::get_if<Ends>(&follow);
  return std::holds_alternative<GoesBack>(follow) || std::holds_alternative<Divides>(follow) ||
         (ends && ends->end == End::completed);
}

// A person must act, or money may be missing; the rest mends itself or was wanted.
Level level_of(const Follow& follow) {
  if (went_well(follow)) return Level::info;
  const auto* ends = std::get_if<Ends>(&follow);
  if (std::holds_alternative<TriesAgain>(follow)) return Level::warning;
  return ends && ends->end == End::cancelled ? Level::warning : Level::error;
}

// A line for each kind of notice.
struct Teller {
  log::Logger& log;

  void operator()(const Started& n) const {
    Fields fields = about(*n.permit);
    fields.push_back({"late", n.late});
    log.log(Level::info, "the execution started", fields);
  }

  void operator()(const Recorded& n) const {
    const Ending& ending = n.ending;
    Fields fields = about(*ending.permit);
    fields.push_back({"outcome", ending.outcome});
    fields.push_back({"took", ending.ended_at - ending.started_at});
    if (const auto* parts = std::get_if<Divides>(&ending.follow))
      fields.push_back({"partitions", parts->cursors.size()});
    for (const auto& [name, count] : ending.tally) fields.push_back({name, count});
    if (ending.set_aside_total > 0) fields.push_back({"set_aside", ending.set_aside_total});
    if (const auto* again = std::get_if<TriesAgain>(&ending.follow))
      fields.push_back({"again_at", again->at});
    if (!ending.error.empty()) fields.push_back({"error", ending.error});
    log.log(level_of(ending.follow), message_of(ending.follow, ending.outcome), fields);
  }

  void operator()(const GatheredSlot& n) const {
    const Gathered& whole = n.gathered;
    Fields fields = about(whole.slot);
    fields.push_back({"execution", whole.execution});
    fields.push_back({"outcome", hotclock::to_string(whole.ends.end)});
    fields.push_back({"took", whole.ended_at - whole.started_at});
    for (const auto& [name, count] : whole.ends.tally) fields.push_back({name, count});
    if (whole.ends.set_aside_total > 0) fields.push_back({"set_aside", whole.ends.set_aside_total});
    if (!whole.ends.reason.empty()) fields.push_back({"error", whole.ends.reason});
    const Follow follow = Ends{whole.ends.end};
    log.log(level_of(follow), message_of(follow, hotclock::to_string(whole.ends.end)), fields);
  }

  void operator()(const RefusedSlot& n) const {
    Fields fields = about(n.refused.slot);
    const std::string reason = to_words(n.refused.why);
    fields.push_back({"kind", kind_of(n.refused.why)});
    fields.push_back({"reason", reason});
    log.log(Level::warning, "the slot is refused", fields);
  }

  void operator()(const MissedSlots& n) const {
    log.log(Level::warning, "slots were missed",
            {{"job", n.job},
             {"slot", n.from},
             {"last_slot", n.to},
             {"count", n.count},
             {"reason", n.reason}});
  }

  void operator()(const TakenOver& n) const {
    Fields fields = about(n.taken.slot);
    fields.push_back({"execution", n.taken.execution});
    fields.push_back({"lost_node", n.taken.node});
    switch (n.taken.after) {
      case AfterLoss::again:
        return log.log(Level::warning, "its worker vanished; the slot is due again", fields);
      case AfterLoss::unknown:
        return log.log(Level::error,
                       "its worker vanished, and nobody can tell what took effect: decide", fields);
      case AfterLoss::failed:
        return log.log(Level::error, "its workers keep vanishing; the slot failed", fields);
    }
  }

  void operator()(const LostLease& n) const {
    log.log(Level::error, "the lease is lost; the execution writes nothing more", about(*n.permit));
  }

  void operator()(const Stuck& n) const {
    Fields fields = about(*n.permit);
    fields.push_back({"running_for", n.running_for});
    log.log(Level::error, "the execution does not stop; its slot stays held", fields);
  }

  void operator()(const ClockStepped& n) const {
    log.log(Level::warning, "the wall clock was set", {{"by", n.by}});
  }

  void operator()(const LedgerFailed& n) const {
    log.log(Level::error, "the ledger cannot be asked; nothing new starts until it can",
            {{"error", n.why.message()}, {"code", hotclock::to_string(n.why.code())}});
  }

  void operator()(const LedgerBack& n) const {
    log.log(Level::info, "the ledger answers again", {{"after", n.after}});
  }

  void operator()(const WakeFailed& n) const {
    log.log(Level::warning, "the job cannot say when it wants to be woken; its schedule goes on",
            {{"job", n.job}, {"error", n.why.message()}});
  }
};

}  // namespace

void LogObserver::on(const Notice& notice) { std::visit(Teller{log_}, notice); }

}  // namespace hotclock::app
