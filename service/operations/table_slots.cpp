// Slots, executions and backfills.
#include "service/operations/acts.h"
#include "service/operations/functions.h"
#include "service/operations/table_parts.h"

namespace hotclock::operations {

using access::Right;
using parameter::cursor;
using parameter::job;
using parameter::limit;

namespace {

std::vector<Parameter> slot_filters() {
  return {job,
          {"state", "State", "that stand there"},
          {"end", "End", "that ended so"},
          {"trigger", "Trigger", "that are there because of it"},
          {"queue", "Text", "of this queue"},
          {"node", "Text", "worked last by this node"},
          {"requested_by", "Text", "that this person asked for"},
          {"longer_than_ms", "Milliseconds", "that took so long or longer"},
          {"since", "Instant", "from this instant on"},
          {"until", "Instant", "before this instant"}};
}

constexpr Parameter log_from{
    "log_from", "LogPlace",
    "its log without so many bytes of all that was said, which are known already"};

std::vector<Parameter> with(std::vector<Parameter> some, std::initializer_list<Parameter> more) {
  some.insert(some.end(), more);
  return some;
}

}  // namespace

std::vector<Operation> past_operations() {
  return {
      {.id = "showJobProfile",
       .method = "GET",
       .path = "/jobs/{job}/profile",
       .right = Right::look,
       .tag = "History",
       .summary = "Where the time of its newest attempts went, of those that were profiled",
       .work = show_job_profile,
       .response = "Profile"},
      {.id = "showProfile",
       .method = "GET",
       .path = "/executions/{execution}/profile",
       .right = Right::look,
       .tag = "History",
       .summary = "Where an execution's time went, and that of its partitions",
       .work = show_profile,
       .response = "Profile"},
      {.id = "showStatistics",
       .method = "GET",
       .path = "/jobs/{job}/statistics",
       .right = Right::look,
       .tag = "History",
       .summary = "How its slots ended, how long they took and how late they began, by day or week",
       .work = show_statistics,
       .response = "Statistics",
       .query = {{"since", "Instant", "from its day in UTC on; else 30 days before `until`"},
                 {"until", "Instant", "before this instant; else now"},
                 {"by", "Step", "day or week"}}},
      {.id = "searchHistory",
       .method = "GET",
       .path = "/history/search",
       .right = Right::look,
       .tag = "History",
       .summary = "Words in reasons, in what was set aside or in logs, the newest first",
       .work = search_history,
       .response = "HitList",
       .query = {{"words", "Words", "all of them must occur; time* is whatever begins so", true},
                 {"in", "SearchedPlace", "where; else in reasons"},
                 job,
                 {"since", "Instant", "from this instant on"},
                 {"until", "Instant", "before this instant"},
                 cursor,
                 limit}},
      {.id = "countHistory",
       .method = "GET",
       .path = "/history/count",
       .right = Right::look,
       .tag = "History",
       .summary = "How many slots are like that; 10,000 at most are counted",
       .work = count_history,
       .response = "SlotCount",
       .query = slot_filters()},
      {.id = "exportHistory",
       .method = "GET",
       .path = "/history/export",
       .right = Right::look,
       .tag = "History",
       .summary =
           "Slots that have ended as lines, the newest first; Link leads to the lines that follow",
       .work = export_history,
       .response = "JsonLines",
       .query = with(slot_filters(), {{"format", "LineFormat", "csv or jsonl, which it is else"},
                                      cursor,
                                      {"lines", "LineCount", "how many at most; else 1000"}})},
  };
}

std::vector<Operation> slot_operations() {
  return {
      {.id = "listSlots",
       .method = "GET",
       .path = "/slots",
       .right = Right::look,
       .tag = "Slots",
       .summary = "Slots, the newest first",
       .work = list_slots,
       .response = "SlotList",
       .query = with(slot_filters(), {cursor, limit})},
      {.id = "showSlot",
       .method = "GET",
       .path = "/slots/{slot}",
       .right = Right::look,
       .tag = "Slots",
       .summary = "One slot with all its attempts",
       .work = show_slot,
       .response = "Execution",
       .query = {log_from}},
      {.id = "cancelSlot",
       .method = "POST",
       .path = "/slots/{slot}/cancel",
       .right = Right::cancel,
       .tag = "Slots",
       .summary = "Take it out of the line, or ask it to stop",
       .work = cancel_slot,
       .act = "cancel",
       .request = "ReasonOrder",
       .response = "Cancelled"},
      {.id = "decideSlot",
       .method = "POST",
       .path = "/slots/{slot}/decide",
       .right = Right::decide,
       .tag = "Slots",
       .summary = "Say what became of a slot whose worker vanished",
       .work = decide_slot,
       .act = "decide",
       .request = "Decision",
       .response = "Slot"},
      {.id = "showExecution",
       .method = "GET",
       .path = "/executions/{execution}",
       .right = Right::look,
       .tag = "Slots",
       .summary = "One execution: its slot, attempts, partitions and what was set aside",
       .work = show_execution,
       .response = "Execution",
       .query = {log_from}},
      {.id = "cancelExecution",
       .method = "POST",
       .path = "/executions/{execution}/cancel",
       .right = Right::cancel,
       .tag = "Slots",
       .summary = "Ask it to stop",
       .work = cancel_execution,
       .act = "cancel",
       .request = "ReasonOrder",
       .response = "Cancelled"},
  };
}

std::vector<Operation> backfill_operations() {
  return {
      {.id = "planBackfill",
       .method = "POST",
       .path = "/jobs/{job}/backfills/plan",
       .right = Right::backfill,
       .tag = "Backfills",
       .summary = "What a backfill of that range would work; changes nothing",
       .work = plan_backfill,
       .act = "backfill.plan",
       .request = "BackfillRange",
       .response = "BackfillPlan"},
      {.id = "startBackfill",
       .method = "POST",
       .path = "/jobs/{job}/backfills",
       .right = Right::backfill,
       .tag = "Backfills",
       .summary = "Work a plan, exactly as it was shown",
       .work = start_backfill,
       .act = "backfill",
       .request = "BackfillOrder",
       .response = "Backfill",
       .status = 202,
       .persons = Persons::two},
      {.id = "showBackfill",
       .method = "GET",
       .path = "/backfills/{backfill}",
       .right = Right::look,
       .tag = "Backfills",
       .summary = "How far it is",
       .work = show_backfill,
       .response = "Backfill"},
      {.id = "stopBackfill",
       .method = "POST",
       .path = "/backfills/{backfill}/stop",
       .right = Right::backfill,
       .tag = "Backfills",
       .summary = "Take what is still in line out; what runs goes on",
       .work = stop_backfill,
       .act = "backfill.stop",
       .request = "ReasonOrder",
       .response = "Backfill"},
  };
}

}  // namespace hotclock::operations
