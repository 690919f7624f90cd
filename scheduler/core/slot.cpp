#include "scheduler/core/slot.h"

#include "scheduler/base/names.h"

namespace hotclock {
namespace {

constexpr Names<Trigger, 5> triggers{{{Trigger::schedule, "schedule"},
                                      {Trigger::catch_up, "catch_up"},
                                      {Trigger::early, "early"},
                                      {Trigger::manual, "manual"},
                                      {Trigger::backfill, "backfill"}}};
constexpr Names<State, 5> states{{{State::due, "due"},
                                  {State::waiting, "waiting"},
                                  {State::running, "running"},
                                  {State::unknown, "unknown"},
                                  {State::ended, "ended"}}};
constexpr Names<End, 7> ends{{{End::completed, "completed"},
                              {End::completed_with_errors, "completed_with_errors"},
                              {End::failed, "failed"},
                              {End::timed_out, "timed_out"},
                              {End::cancelled, "cancelled"},
                              {End::refused, "refused"},
                              {End::missed, "missed"}}};

}  // namespace

std::string_view to_string(Trigger t) { return name_of(triggers, t); }
std::string_view to_string(State s) { return name_of(states, s); }
std::string_view to_string(End e) { return name_of(ends, e); }
bool from_string(std::string_view text, Trigger& out) { return find_name(triggers, text, out); }
bool from_string(std::string_view text, State& out) { return find_name(states, text, out); }
bool from_string(std::string_view text, End& out) { return find_name(ends, text, out); }

}  // namespace hotclock
