// What should have been worked and paid, beside what was.
#include "service/operations/functions.h"
#include "service/operations/table_parts.h"

namespace hotclock::operations {

using access::Right;
using parameter::cursor;
using parameter::job;
using parameter::limit;

std::vector<Operation> auditor_operations() {
  return {
      {.id = "compareSlots",
       .method = "GET",
       .path = "/audit/slots",
       .right = Right::audit,
       .tag = "Audit",
       .summary =
           "Enumerate the slots of a range anew, and compare them and the money with what is there",
       .work = compare_slots,
       .response = "Comparison",
       .query = {{"from", "Instant", "its beginning; a day before its end where it is not said"},
                 {"to", "Instant", "its end, at most 31 days later; now where it is not said"},
                 job}},
      {.id = "listDifferences",
       .method = "GET",
       .path = "/audit/differences",
       .right = Right::audit,
       .tag = "Audit",
       .summary = "What the auditor found and is still so, the newest slots first",
       .work = list_differences,
       .response = "DifferenceList",
       .query = {limit}},
      {.id = "listReports",
       .method = "GET",
       .path = "/audit/reports",
       .right = Right::audit,
       .tag = "Audit",
       .summary = "The days that the auditor has signed, the newest first",
       .work = list_reports,
       .response = "ReportList",
       .query = {cursor, limit}},
      {.id = "showReport",
       .method = "GET",
       .path = "/audit/reports/{day}",
       .right = Right::audit,
       .tag = "Audit",
       .summary = "One day's report, to the letter what was signed",
       .work = show_report,
       .response = "Report"},
      {.id = "checkReports",
       .method = "GET",
       .path = "/audit/report-chain",
       .right = Right::audit,
       .tag = "Audit",
       .summary = "Whether all reports are as they were signed, and none is missing between them",
       .work = check_reports,
       .response = "ReportCheck",
       .query = {{"key", "Text",
                  "the public key that must have signed them; else the one that each names"}}},
  };
}

}  // namespace hotclock::operations
