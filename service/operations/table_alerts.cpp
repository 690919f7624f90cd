// Alerts: what is the matter, what is looked for, and what nobody wants to hear of.
#include "service/operations/functions.h"
#include "service/operations/table_parts.h"

namespace hotclock::operations {

using access::Right;
using parameter::cursor;
using parameter::job;
using parameter::limit;
using parameter::reason;

std::vector<Operation> alert_operations() {
  return {
      {.id = "listAlerts",
       .method = "GET",
       .path = "/alerts",
       .right = Right::look,
       .tag = "Alerts",
       .summary = "What is the matter, the newest first",
       .work = list_alerts,
       .response = "AlertList",
       .query = {{"state", "AlertState", "pending, firing or resolved"},
                 {"all", "Flag", "true: those that are over, too"},
                 {"rule", "Text", "of this rule alone"},
                 {"severity", "Severity", "info, warning or critical"},
                 job,
                 cursor,
                 limit}},
      {.id = "showAlert",
       .method = "GET",
       .path = "/alerts/{alert}",
       .right = Right::look,
       .tag = "Alerts",
       .summary = "One alert",
       .work = show_alert,
       .response = "Alert"},
      {.id = "listAlertRules",
       .method = "GET",
       .path = "/alert-rules",
       .right = Right::look,
       .tag = "Alerts",
       .summary = "What is looked for; of jobs, where it is otherwise than for all",
       .work = list_alert_rules,
       .response = "AlertRuleList"},
      {.id = "listSilences",
       .method = "GET",
       .path = "/silences",
       .right = Right::look,
       .tag = "Alerts",
       .summary = "What nobody is told of, the newest first",
       .work = list_silences,
       .response = "SilenceList",
       .query = {{"all", "Flag", "true: those that are over, too"}, limit}},
      {.id = "makeSilence",
       .method = "POST",
       .path = "/silences",
       .right = Right::silence,
       .tag = "Alerts",
       .summary = "Hold back the notices of these alerts, for a while",
       .work = make_silence,
       .act = "alert.silence",
       .request = "SilenceOrder",
       .response = "Silence",
       .status = 201},
      {.id = "liftSilence",
       .method = "DELETE",
       .path = "/silences/{silence}",
       .right = Right::silence,
       .tag = "Alerts",
       .summary = "It ends now",
       .work = lift_silence,
       .act = "alert.unsilence",
       .status = 204,
       .query = {reason}},
      {.id = "testAlerts",
       .method = "POST",
       .path = "/alert-test",
       .right = Right::silence,
       .tag = "Alerts",
       .summary = "Tell notifiers that somebody tries them, and what they say to it",
       .work = test_alerts,
       .act = "alert.test",
       .request = "AlertTestOrder",
       .response = "AlertTestList"},
  };
}

}  // namespace hotclock::operations
