#include "service/auditor/difference.h"

#include "scheduler/base/names.h"

namespace hotclock::auditor {
namespace {

constexpr Names<Kind, 23> kinds{{{Kind::slot_missing, "slot_missing"},
                                 {Kind::slot_twice, "slot_twice"},
                                 {Kind::slot_unexpected, "slot_unexpected"},
                                 {Kind::slot_lost, "slot_lost"},
                                 {Kind::slot_in_two_places, "slot_in_two_places"},
                                 {Kind::ended_twice, "ended_twice"},
                                 {Kind::missed_without_cause, "missed_without_cause"},
                                 {Kind::caught_up_against_rule, "caught_up_against_rule"},
                                 {Kind::wrong_summary, "wrong_summary"},
                                 {Kind::worked_in_blackout, "worked_in_blackout"},
                                 {Kind::worked_in_maintenance, "worked_in_maintenance"},
                                 {Kind::worked_while_paused, "worked_while_paused"},
                                 {Kind::worked_while_off, "worked_while_off"},
                                 {Kind::refused_without_cause, "refused_without_cause"},
                                 {Kind::schedule_not_in_force, "schedule_not_in_force"},
                                 {Kind::payment_missing, "payment_missing"},
                                 {Kind::payment_twice, "payment_twice"},
                                 {Kind::payment_without_slot, "payment_without_slot"},
                                 {Kind::wrong_amount, "wrong_amount"},
                                 {Kind::wrong_tally, "wrong_tally"},
                                 {Kind::throne_standing, "throne_standing"},
                                 {Kind::gift_wrong, "gift_wrong"},
                                 {Kind::invariant_broken, "invariant_broken"}}};

}  // namespace

std::string_view to_string(Kind kind) { return name_of(kinds, kind); }

void Differences::add(Difference difference) {
  if (kept_.size() < most_)
    kept_.push_back(std::move(difference));
  else
    ++left_off_;
}

void Differences::add(Differences others) {
  for (Difference& one : others.kept_) add(std::move(one));
  left_off_ += others.left_off_;
}

}  // namespace hotclock::auditor
