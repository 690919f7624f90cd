#include "service/operations/table.h"

#include "service/operations/acts.h"
#include "service/operations/functions.h"

namespace hotclock::operations {
namespace {

using access::Right;

const Parameter limit{"limit", "Limit", "how many at most"};
const Parameter cursor{"cursor", "Cursor", "the `next` of the page before"};
const Parameter reason{"reason", "Reason", "why it is done", true};
const Parameter may_give_a_reason{"reason", "Reason", "why it is done"};
const Parameter job{"job", "JobName", "of this job alone"};

std::vector<Operation> jobs() {
  return {
      {.id = "listJobs", .method = "GET", .path = "/jobs", .right = Right::look, .tag = "Jobs",
       .summary = "All jobs, and how they stand", .work = list_jobs, .response = "JobList"},
      {.id = "showJob", .method = "GET", .path = "/jobs/{job}", .right = Right::look, .tag = "Jobs",
       .summary = "One job: its settings and their origins, its next runs, how it stands",
       .work = show_job, .response = "JobDetails"},
      {.id = "showNextRuns", .method = "GET", .path = "/jobs/{job}/next", .right = Right::look, .tag = "Jobs",
       .summary = "When it is due, with what changes of the zone take away", .work = show_next_runs,
       .response = "NextRuns",
       .query = {{"n", "Count", "how many runs"}, {"from", "Instant", "those after it; else from now on"}}},
      {.id = "runJob", .method = "POST", .path = "/jobs/{job}/run", .right = Right::run, .tag = "Jobs",
       .summary = "Ask for a slot", .work = run_job, .act = "run", .request = "RunOrder",
       .response = "Slot", .status = 202, .persons = Persons::two, .complete = complete_run},
      {.id = "pauseJob", .method = "POST", .path = "/jobs/{job}/pause", .right = Right::pause, .tag = "Jobs",
       .summary = "Refuse the slots of its schedule for now", .work = pause_job, .act = "pause",
       .request = "PauseOrder", .response = "JobDetails"},
      {.id = "resumeJob", .method = "POST", .path = "/jobs/{job}/resume", .right = Right::pause, .tag = "Jobs",
       .summary = "End its pause", .work = resume_job, .act = "resume", .request = "ReasonOrder",
       .response = "JobDetails"},
  };
}

std::vector<Operation> changes() {
  return {
      {.id = "enableJob", .method = "POST", .path = "/jobs/{job}/enable", .right = Right::pause, .tag = "Live changes",
       .summary = "Switch it on, whatever the files say", .work = enable_job, .act = "enable",
       .request = "ReasonOrder", .response = "Change", .persons = Persons::two, .version = Version::may},
      {.id = "disableJob", .method = "POST", .path = "/jobs/{job}/disable", .right = Right::pause, .tag = "Live changes",
       .summary = "Switch it off, for whoever asks", .work = disable_job, .act = "disable",
       .request = "ReasonOrder", .response = "Change", .version = Version::may},
      {.id = "setSchedule", .method = "PUT", .path = "/jobs/{job}/schedule", .right = Right::schedule, .tag = "Live changes",
       .summary = "Give it another schedule, on every node at once", .work = set_schedule,
       .act = "schedule.set", .request = "ScheduleOrder", .response = "Change",
       .persons = Persons::two, .version = Version::must},
      {.id = "resetSchedule", .method = "DELETE", .path = "/jobs/{job}/schedule", .right = Right::schedule, .tag = "Live changes",
       .summary = "Let its schedule go by the files again", .work = reset_schedule,
       .act = "schedule.reset", .response = "Change", .query = {reason}, .persons = Persons::two,
       .version = Version::must},
      {.id = "previewSchedule", .method = "POST", .path = "/jobs/{job}/schedule/preview", .right = Right::look, .tag = "Live changes",
       .summary = "Its next runs before and after such a change; changes nothing",
       .work = preview_schedule, .request = "PreviewOrder", .response = "SchedulePreview"},
      {.id = "setPriority", .method = "PUT", .path = "/jobs/{job}/priority", .right = Right::schedule, .tag = "Live changes",
       .summary = "Give it another priority", .work = set_priority, .act = "priority",
       .request = "PriorityOrder", .response = "Change", .persons = Persons::two, .version = Version::may},
      {.id = "undoChange", .method = "POST", .path = "/jobs/{job}/undo", .right = Right::schedule, .tag = "Live changes",
       .summary = "Take a live change back", .work = undo_change, .act = "undo", .request = "UndoOrder",
       .response = "Change", .persons = Persons::two, .version = Version::may},
      {.id = "listChanges", .method = "GET", .path = "/jobs/{job}/changes", .right = Right::look, .tag = "Live changes",
       .summary = "Its live changes, the newest first", .work = list_changes, .response = "ChangeList",
       .query = {cursor, limit}},
      {.id = "showKillSwitch", .method = "GET", .path = "/kill-switch", .right = Right::look, .tag = "Kill switch",
       .summary = "Whether anything starts at all", .work = show_kill_switch, .response = "KillSwitch"},
      {.id = "turnKillSwitchOn", .method = "PUT", .path = "/kill-switch", .right = Right::kill, .tag = "Kill switch",
       .summary = "Let nothing start on any node, whoever asks", .work = turn_kill_switch_on,
       .act = "kill", .request = "KillOrder", .response = "KillSwitch"},
      {.id = "turnKillSwitchOff", .method = "DELETE", .path = "/kill-switch", .right = Right::kill, .tag = "Kill switch",
       .summary = "Let everything start again", .work = turn_kill_switch_off, .act = "revive",
       .response = "KillSwitch", .query = {reason}},
  };
}

std::vector<Operation> slots() {
  return {
      {.id = "listSlots", .method = "GET", .path = "/slots", .right = Right::look, .tag = "Slots",
       .summary = "Slots, the newest first", .work = list_slots, .response = "SlotList",
       .query = {job, {"state", "State", "that stand there"}, {"end", "End", "that ended so"},
                 {"trigger", "Trigger", "that are there because of it"},
                 {"since", "Instant", "from this instant on"}, {"until", "Instant", "before this instant"},
                 cursor, limit}},
      {.id = "showSlot", .method = "GET", .path = "/slots/{slot}", .right = Right::look, .tag = "Slots",
       .summary = "One slot with all its attempts", .work = show_slot, .response = "Execution"},
      {.id = "cancelSlot", .method = "POST", .path = "/slots/{slot}/cancel", .right = Right::cancel, .tag = "Slots",
       .summary = "Take it out of the line, or ask it to stop", .work = cancel_slot, .act = "cancel",
       .request = "ReasonOrder", .response = "Cancelled"},
      {.id = "decideSlot", .method = "POST", .path = "/slots/{slot}/decide", .right = Right::decide, .tag = "Slots",
       .summary = "Say what became of a slot whose worker vanished", .work = decide_slot, .act = "decide",
       .request = "Decision", .response = "Slot"},
      {.id = "showExecution", .method = "GET", .path = "/executions/{execution}", .right = Right::look, .tag = "Slots",
       .summary = "One execution: its slot, attempts, partitions and what was set aside",
       .work = show_execution, .response = "Execution"},
      {.id = "cancelExecution", .method = "POST", .path = "/executions/{execution}/cancel", .right = Right::cancel, .tag = "Slots",
       .summary = "Ask it to stop", .work = cancel_execution, .act = "cancel",
       .request = "ReasonOrder", .response = "Cancelled"},
  };
}

std::vector<Operation> backfills() {
  return {
      {.id = "planBackfill", .method = "POST", .path = "/jobs/{job}/backfills/plan", .right = Right::backfill, .tag = "Backfills",
       .summary = "What a backfill of that range would work; changes nothing", .work = plan_backfill,
       .act = "backfill.plan", .request = "BackfillRange", .response = "BackfillPlan"},
      {.id = "startBackfill", .method = "POST", .path = "/jobs/{job}/backfills", .right = Right::backfill, .tag = "Backfills",
       .summary = "Work a plan, exactly as it was shown", .work = start_backfill, .act = "backfill",
       .request = "BackfillOrder", .response = "Backfill", .status = 202, .persons = Persons::two},
      {.id = "showBackfill", .method = "GET", .path = "/backfills/{backfill}", .right = Right::look, .tag = "Backfills",
       .summary = "How far it is", .work = show_backfill, .response = "Backfill"},
      {.id = "stopBackfill", .method = "POST", .path = "/backfills/{backfill}/stop", .right = Right::backfill, .tag = "Backfills",
       .summary = "Take what is still in line out; what runs goes on", .work = stop_backfill,
       .act = "backfill.stop", .request = "ReasonOrder", .response = "Backfill"},
  };
}

std::vector<Operation> festivals() {
  return {
      {.id = "listFestivals", .method = "GET", .path = "/festivals", .right = Right::festivals, .tag = "Festivals",
       .summary = "Festivals, by their ids", .work = list_festivals, .response = "FestivalList",
       .query = {{"country", "Country", "of this country alone"},
                 {"standing", "Standing", "that come, run or are over"}, cursor, limit}},
      {.id = "createFestival", .method = "POST", .path = "/festivals", .right = Right::festivals, .tag = "Festivals",
       .summary = "A new festival", .work = create_festival, .act = "festival.create",
       .request = "FestivalDraft", .response = "Festival", .status = 201, .query = {may_give_a_reason}},
      {.id = "validateFestival", .method = "POST", .path = "/festivals/validate", .right = Right::festivals, .tag = "Festivals",
       .summary = "All that is wrong with a draft; changes nothing", .work = validate_festival,
       .request = "FestivalDraft", .response = "FestivalJudgement"},
      {.id = "showFestival", .method = "GET", .path = "/festivals/{festival}", .right = Right::festivals, .tag = "Festivals",
       .summary = "One festival", .work = show_festival, .response = "Festival"},
      {.id = "replaceFestival", .method = "PUT", .path = "/festivals/{festival}", .right = Right::festivals, .tag = "Festivals",
       .summary = "Its new form", .work = replace_festival, .act = "festival.edit",
       .request = "FestivalDraft", .response = "Festival", .query = {reason}, .version = Version::must},
      {.id = "removeFestival", .method = "DELETE", .path = "/festivals/{festival}", .right = Right::festivals, .tag = "Festivals",
       .summary = "Take it away; not while it runs", .work = remove_festival, .act = "festival.remove",
       .status = 204, .query = {reason}, .version = Version::may},
      {.id = "activateFestival", .method = "POST", .path = "/festivals/{festival}/activate", .right = Right::festivals, .tag = "Festivals",
       .summary = "It starts now", .work = activate_festival, .act = "festival.activate",
       .request = "ReasonOrder", .response = "Festival", .version = Version::may},
      {.id = "endFestival", .method = "POST", .path = "/festivals/{festival}/end", .right = Right::festivals, .tag = "Festivals",
       .summary = "It ends now", .work = end_festival, .act = "festival.end", .request = "ReasonOrder",
       .response = "Festival", .version = Version::may},
      {.id = "previewFestival", .method = "GET", .path = "/festivals/{festival}/preview", .right = Right::festivals, .tag = "Festivals",
       .summary = "What a country would wear of it", .work = preview_festival, .response = "Theme",
       .query = {{"country", "Country", "else its own"}, {"format", "ThemeFormat", "else json"}}},
  };
}

std::vector<Operation> clients() {
  const Parameter room{"room", "Text", "in this room"};
  const Parameter user{"user", "Text", "of this user: user:17"};
  const Parameter socket{"socket", "Text", "this one"};
  return {
      {.id = "listClients", .method = "GET", .path = "/clients", .right = Right::clients, .tag = "Clients",
       .summary = "Who is connected", .work = list_clients, .response = "ClientList",
       .query = {room, user, socket, limit}},
      {.id = "listRooms", .method = "GET", .path = "/rooms", .right = Right::clients, .tag = "Clients",
       .summary = "Every room somebody is in, the fullest first", .work = list_rooms, .response = "RoomList"},
      {.id = "disconnectClients", .method = "POST", .path = "/clients/disconnect", .right = Right::clients, .tag = "Clients",
       .summary = "End clients' connections, on whichever node they are", .work = disconnect_clients,
       .act = "disconnect", .request = "DisconnectOrder", .response = "Disconnected", .status = 202},
  };
}

std::vector<Operation> audit() {
  return {
      {.id = "listAudit", .method = "GET", .path = "/audit", .right = Right::audit, .tag = "Audit",
       .summary = "What people did and were refused, the newest first", .work = list_audit,
       .response = "AuditList",
       .query = {job, {"who", "Text", "by them"}, {"what", "Text", "such as pause, or festival.*"},
                 {"outcome", "Outcome", "done or refused"}, {"since", "Instant", "from this instant on"},
                 cursor, limit}},
      {.id = "exportAudit", .method = "GET", .path = "/audit/export", .right = Right::audit, .tag = "Audit",
       .summary = "All of it as JSON lines, the oldest first, 10,000 at once", .work = export_audit,
       .response = "JsonLines", .query = {{"after", "Id", "the id of the last line that is known"}}},
      {.id = "checkAudit", .method = "GET", .path = "/audit/check", .right = Right::audit, .tag = "Audit",
       .summary = "Whether the chain is whole", .work = check_audit, .response = "AuditCheck"},
  };
}

std::vector<Operation> service() {
  return {
      {.id = "showVersion", .method = "GET", .path = "/version", .right = Right::look, .tag = "Service",
       .summary = "The program's version", .work = show_version, .response = "Version"},
      {.id = "showMe", .method = "GET", .path = "/me", .right = Right::look, .tag = "Service",
       .summary = "Who asks, and what they may", .work = show_me, .response = "Me"},
      {.id = "listNodes", .method = "GET", .path = "/nodes", .right = Right::look, .tag = "Service",
       .summary = "The nodes, and how they are", .work = list_nodes, .response = "NodeList"},
      {.id = "showSettings", .method = "GET", .path = "/config", .right = Right::settings, .tag = "Settings",
       .summary = "The settings in force, and where they come from", .work = show_settings,
       .response = "SettingList", .query = {{"key", "Text", "this one, and those below it"}}},
      {.id = "showDrift", .method = "GET", .path = "/config/drift", .right = Right::settings, .tag = "Settings",
       .summary = "Where live changes and files disagree", .work = show_drift, .response = "DriftList"},
      {.id = "reloadSettings", .method = "POST", .path = "/config/reload", .right = Right::reload, .tag = "Settings",
       .summary = "Read the files anew: all of it, or nothing", .work = reload_settings,
       .act = "config.reload", .request = "ReasonOrder", .response = "Reloaded"},
  };
}

std::vector<Operation> tokens() {
  return {
      {.id = "listTokens", .method = "GET", .path = "/tokens", .right = Right::tokens, .tag = "Tokens",
       .summary = "All tokens", .work = list_tokens, .response = "TokenList"},
      {.id = "makeToken", .method = "POST", .path = "/tokens", .right = Right::tokens, .tag = "Tokens",
       .summary = "A new token, whose secret is shown this once", .work = make_token,
       .act = "token.make", .request = "TokenOrder", .response = "NewToken", .status = 201},
      {.id = "showToken", .method = "GET", .path = "/tokens/{token}", .right = Right::tokens, .tag = "Tokens",
       .summary = "One token", .work = show_token, .response = "Token"},
      {.id = "rotateToken", .method = "POST", .path = "/tokens/{token}/rotate", .right = Right::tokens, .tag = "Tokens",
       .summary = "A new one in its place", .work = rotate_token, .act = "token.rotate",
       .request = "RotateOrder", .response = "NewToken", .status = 201},
      {.id = "revokeToken", .method = "DELETE", .path = "/tokens/{token}", .right = Right::tokens, .tag = "Tokens",
       .summary = "It is good no more, from the next request on", .work = revoke_token,
       .act = "token.revoke", .status = 204, .query = {reason}},
      {.id = "listApprovals", .method = "GET", .path = "/approvals", .right = Right::look, .tag = "Approvals",
       .summary = "What waits for a second person", .work = list_approvals, .response = "ApprovalList",
       .query = {{"open", "Flag", "false: those that were decided, too"}}},
      {.id = "showApproval", .method = "GET", .path = "/approvals/{approval}", .right = Right::look, .tag = "Approvals",
       .summary = "One of them, with its plan", .work = show_approval, .response = "Approval"},
      {.id = "approve", .method = "POST", .path = "/approvals/{approval}/approve", .right = Right::approve, .tag = "Approvals",
       .summary = "Say yes to exactly this plan; it is done at once", .work = approve, .act = "approve",
       .request = "ApproveOrder", .response = "Approved"},
      {.id = "refuseApproval", .method = "POST", .path = "/approvals/{approval}/refuse", .right = Right::look, .tag = "Approvals",
       .summary = "Say no; or, by who asked, withdraw it", .work = turn_approval_down, .act = "refuse",
       .request = "ReasonOrder", .response = "Approval"},
  };
}

}  // namespace

const std::vector<Operation>& table() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> out;
    for (const auto& part : {jobs(), changes(), slots(), backfills(), festivals(), clients(), audit(),
                             service(), tokens()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace hotclock::operations
