// What each operation does, by the subject it is about: a file for each.
#pragma once

#include "service/operations/operation.h"

namespace hotclock::operations {

// service.cpp
Result<Answer> show_version(Desk& desk, const Call& call);
Result<Answer> show_me(Desk& desk, const Call& call);
Result<Answer> list_roles(Desk& desk, const Call& call);
Result<Answer> list_nodes(Desk& desk, const Call& call);
Result<Answer> drain_node(Desk& desk, const Call& call);
Result<Answer> take_node_back(Desk& desk, const Call& call);

// overview.cpp, agenda.cpp, last_day.cpp, timeline.cpp, queue_delays.cpp
Result<Answer> show_overview(Desk& desk, const Call& call);
Result<Answer> show_agenda(Desk& desk, const Call& call);
Result<Answer> list_recent(Desk& desk, const Call& call);
Result<Answer> show_last_day(Desk& desk, const Call& call);
Result<Answer> list_queue_delays(Desk& desk, const Call& call);
Result<Answer> show_timeline(Desk& desk, const Call& call);

// jobs.cpp
Result<Answer> list_jobs(Desk& desk, const Call& call);
Result<Answer> show_job(Desk& desk, const Call& call);
Result<Answer> show_next_runs(Desk& desk, const Call& call);

// acts.cpp
Result<Answer> run_job(Desk& desk, const Call& call);
Result<Answer> pause_job(Desk& desk, const Call& call);
Result<Answer> resume_job(Desk& desk, const Call& call);
Result<Answer> cancel_slot(Desk& desk, const Call& call);
Result<Answer> cancel_execution(Desk& desk, const Call& call);
Result<Answer> decide_slot(Desk& desk, const Call& call);

// many.cpp
Result<Answer> show_underway(Desk& desk, const Call& call);
Result<Answer> cancel_slots(Desk& desk, const Call& call);
Result<Answer> retry_slots(Desk& desk, const Call& call);
Result<Answer> pause_jobs(Desk& desk, const Call& call);
Result<Answer> resume_jobs(Desk& desk, const Call& call);

// slots.cpp
Result<Answer> list_slots(Desk& desk, const Call& call);
Result<Answer> show_slot(Desk& desk, const Call& call);
Result<Answer> show_execution(Desk& desk, const Call& call);

// profiles.cpp
Result<Answer> show_profile(Desk& desk, const Call& call);
Result<Answer> show_job_profile(Desk& desk, const Call& call);

// past.cpp
Result<Answer> show_statistics(Desk& desk, const Call& call);
Result<Answer> search_history(Desk& desk, const Call& call);
Result<Answer> count_history(Desk& desk, const Call& call);
Result<Answer> export_history(Desk& desk, const Call& call);

// changes.cpp
Result<Answer> enable_job(Desk& desk, const Call& call);
Result<Answer> disable_job(Desk& desk, const Call& call);
Result<Answer> set_schedule(Desk& desk, const Call& call);
Result<Answer> reset_schedule(Desk& desk, const Call& call);
Result<Answer> preview_schedule(Desk& desk, const Call& call);
Result<Answer> set_priority(Desk& desk, const Call& call);
Result<Answer> undo_change(Desk& desk, const Call& call);
Result<Answer> list_changes(Desk& desk, const Call& call);
Result<Answer> show_kill_switch(Desk& desk, const Call& call);
Result<Answer> turn_kill_switch_on(Desk& desk, const Call& call);
Result<Answer> turn_kill_switch_off(Desk& desk, const Call& call);

// backfills.cpp
Result<Answer> plan_backfill(Desk& desk, const Call& call);
Result<Answer> start_backfill(Desk& desk, const Call& call);
Result<Answer> show_backfill(Desk& desk, const Call& call);
Result<Answer> stop_backfill(Desk& desk, const Call& call);

// festivals.cpp
Result<Answer> list_festivals(Desk& desk, const Call& call);
Result<Answer> create_festival(Desk& desk, const Call& call);
Result<Answer> validate_festival(Desk& desk, const Call& call);
Result<Answer> show_festival(Desk& desk, const Call& call);
Result<Answer> replace_festival(Desk& desk, const Call& call);
Result<Answer> edit_festival(Desk& desk, const Call& call);
Result<Answer> remove_festival(Desk& desk, const Call& call);
Result<Answer> activate_festival(Desk& desk, const Call& call);
Result<Answer> end_festival(Desk& desk, const Call& call);
Result<Answer> preview_festival(Desk& desk, const Call& call);
Result<Answer> preview_draft(Desk& desk, const Call& call);

// clients.cpp
Result<Answer> list_clients(Desk& desk, const Call& call);
Result<Answer> list_rooms(Desk& desk, const Call& call);
Result<Answer> disconnect_clients(Desk& desk, const Call& call);

// audit.cpp
Result<Answer> list_audit(Desk& desk, const Call& call);
Result<Answer> export_audit(Desk& desk, const Call& call);
Result<Answer> check_audit(Desk& desk, const Call& call);

// auditor.cpp
Result<Answer> compare_slots(Desk& desk, const Call& call);
Result<Answer> list_differences(Desk& desk, const Call& call);
Result<Answer> list_reports(Desk& desk, const Call& call);
Result<Answer> show_report(Desk& desk, const Call& call);
Result<Answer> check_reports(Desk& desk, const Call& call);

// doctor.cpp
Result<Answer> show_doctor(Desk& desk, const Call& call);

// settings.cpp
Result<Answer> show_settings(Desk& desk, const Call& call);
Result<Answer> show_drift(Desk& desk, const Call& call);
Result<Answer> reload_settings(Desk& desk, const Call& call);

// tokens.cpp
Result<Answer> list_tokens(Desk& desk, const Call& call);
Result<Answer> make_token(Desk& desk, const Call& call);
Result<Answer> show_token(Desk& desk, const Call& call);
Result<Answer> rotate_token(Desk& desk, const Call& call);
Result<Answer> revoke_token(Desk& desk, const Call& call);

// approvals.cpp
Result<Answer> list_approvals(Desk& desk, const Call& call);
Result<Answer> show_approval(Desk& desk, const Call& call);
Result<Answer> approve(Desk& desk, const Call& call);
Result<Answer> turn_approval_down(Desk& desk, const Call& call);

// alerts.cpp
Result<Answer> list_alerts(Desk& desk, const Call& call);
Result<Answer> show_alert(Desk& desk, const Call& call);
Result<Answer> list_alert_rules(Desk& desk, const Call& call);
Result<Answer> list_silences(Desk& desk, const Call& call);
Result<Answer> make_silence(Desk& desk, const Call& call);
Result<Answer> lift_silence(Desk& desk, const Call& call);
Result<Answer> test_alerts(Desk& desk, const Call& call);

}  // namespace hotclock::operations
