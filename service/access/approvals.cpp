#include "service/access/approvals.h"

#include <fmt/format.h>

#include "service/access/approvals.sql.h"
#include "service/access/principal_json.h"
#include "service/access/secrets.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::access {
namespace text = stmt::approvals;

namespace {

constexpr Duration longest_open = std::chrono::days{30};

Result<Approval> approval_of(const sql::Rows& row) {
  auto asker = principal_of_json(row.text(5));
  if (!asker) return std::move(asker).error().within(fmt::format("approval {}", row.integer(0)));
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  Approval approval;
  approval.id = row.integer(0);
  approval.what = text(1);
  approval.job = text(2);
  approval.plan = text(3);
  approval.plan_hash = text(4);
  approval.requested_by = std::move(asker).value();
  approval.reason = text(6);
  approval.requested_at = row.instant(7);
  approval.expires_at = row.instant(8);
  approval.state = text(9);
  approval.decided_by = text(10);
  approval.decision_reason = text(11);
  approval.decided_at = row.instant_or_none(12);
  return approval;
}

// Nobody writes down that time has passed.
Approval read_at(Approval approval, Instant now) {
  if (approval.state == "open" && approval.expires_at <= now) approval.state = "expired";
  return approval;
}

Result<Approval> find(sql::Transaction& transaction, std::int64_t id, Instant now) {
  auto found = try_first_row(transaction, text::find, {id}, approval_of);
  if (!found) return std::move(found).error();
  if (!*found) return Error(Errc::not_found, fmt::format("there is no approval {}", id));
  return read_at(**std::move(found), now);
}

std::string name_of(const Approval& approval) {
  std::string name = fmt::format("approval {} ({}", approval.id, approval.what);
  if (!approval.job.empty()) name += " " + approval.job;
  return name + ")";
}

// ---------------------------------------------------------------- who may say what

bool is_asker(const Approval& approval, const Principal& by) {
  const Principal& asker = approval.requested_by;
  return same_person(asker.name, by.name) || (asker.token && asker.token == by.token);
}

Result<> is_a_second(const Approval& approval, const Principal& by) {
  if (auto allowed = may(by, Right::approve, approval.job); !allowed) return allowed;
  if (!is_asker(approval, by)) return {};
  return Error(Errc::forbidden,
               fmt::format("{} was asked for by {}: a second person must approve it",
                           name_of(approval), approval.requested_by.name));
}

Result<> is_open(const Approval& approval) {
  if (approval.state == "open") return {};
  std::string how = approval.state;
  if (!approval.decided_by.empty()) how += " by " + approval.decided_by;
  return Error(Errc::conflict, fmt::format("{} is open no more: {}", name_of(approval), how));
}

// ---------------------------------------------------------------- deciding

struct Decision {
  std::string_view state, act;
  std::string reason;
};

Result<Approval> decided(sql::Transaction& sql, Approval approval, const Decision& decision,
                         const Principal& by, Instant now) {
  auto changed = sql.exec(text::decide, {approval.id, decision.state, by.name, decision.reason, now,
                                         approval.plan_hash});
  if (!changed) return std::move(changed).error();
  if (*changed == 0)
    return Error(Errc::conflict, name_of(approval) + " was decided by another just now");
  approval.state = decision.state;
  approval.decided_by = by.name;
  approval.decision_reason = decision.reason;
  approval.decided_at = now;
  auto noted = audit::append(sql,
                             {.what = decision.act,
                              .job = approval.job,
                              .detail = fmt::format("{}: {}, asked for by {}", approval.id,
                                                    approval.what, approval.requested_by.name),
                              .became = approval.plan_hash},
                             person(by, decision.reason), now);
  if (!noted) return std::move(noted).error();
  return approval;
}

Result<> check(const Request& request) {
  const auto wrong = [](const char* what) { return Error(Errc::invalid, what); };
  if (request.what.empty() || request.plan.empty())
    return wrong("an approval needs a plan: what is said yes to");
  if (request.reason.empty()) return wrong("an approval needs a reason");
  if (request.lasts <= Duration::zero() || request.lasts > longest_open)
    return wrong("an approval is open for more than no time and at most thirty days");
  return {};
}

}  // namespace

Result<Approval> ask_for_approval(sql::Database& database, const Request& request,
                                  const Principal& by, Instant now) {
  if (auto right = check(request); !right) return std::move(right).error();
  return sql::in_one(
      database.write(), "ask for approval", [&](sql::Transaction& sql) -> Result<Approval> {
        Approval approval{.what = request.what,
                          .job = request.job,
                          .plan = request.plan,
                          .plan_hash = hash_of(request.plan),
                          .requested_by = by,
                          .reason = request.reason,
                          .requested_at = now,
                          .expires_at = now + request.lasts,
                          .state = "open"};
        const std::string asker = to_json(by);
        auto id = try_first_row(
            sql, text::ask,
            {approval.what, approval.job, approval.plan, approval.plan_hash, asker, approval.reason,
             now, approval.expires_at},
            [](const sql::Rows& row) { return Result<std::int64_t>(row.integer(0)); });
        if (!id) return std::move(id).error();
        approval.id = id->value_or(0);
        auto noted = audit::append(sql,
                                   {.what = "approval.ask",
                                    .job = approval.job,
                                    .detail = fmt::format("{}: {}", approval.id, approval.what),
                                    .became = approval.plan_hash},
                                   person(by, request.reason), now);
        if (!noted) return std::move(noted).error();
        return approval;
      });
}

Result<Approval> approve(sql::Database& database, std::int64_t id, std::string_view plan_hash,
                         const Principal& by, std::string reason, Instant now) {
  return sql::in_one(database.write(), "approve", [&](sql::Transaction& sql) -> Result<Approval> {
    auto approval = find(sql, id, now);
    if (!approval) return approval;
    if (auto second = is_a_second(*approval, by); !second) return std::move(second).error();
    if (auto open = is_open(*approval); !open) return std::move(open).error();
    if (!same_hash(approval->plan_hash, plan_hash))
      return Error(Errc::stale, name_of(*approval) + " is for another plan than the one shown");
    const Decision yes{"approved", "approval.approve", std::move(reason)};
    return decided(sql, std::move(approval).value(), yes, by, now);
  });
}

Result<Approval> turn_down(sql::Database& database, std::int64_t id, const Principal& by,
                           std::string reason, Instant now) {
  return sql::in_one(database.write(), "turn down", [&](sql::Transaction& sql) -> Result<Approval> {
    auto approval = find(sql, id, now);
    if (!approval) return approval;
    const bool own = is_asker(*approval, by);
    if (!own)
      if (auto allowed = may(by, Right::approve, approval->job); !allowed)
        return std::move(allowed).error();
    if (auto open = is_open(*approval); !open) return std::move(open).error();
    const Decision no = own ? Decision{"withdrawn", "approval.withdraw", std::move(reason)}
                            : Decision{"refused", "approval.refuse", std::move(reason)};
    return decided(sql, std::move(approval).value(), no, by, now);
  });
}

Result<std::vector<Approval>> list_approvals(sql::Database& database, bool open_alone,
                                             Instant now) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("list approvals");
  auto all = open_alone ? try_all_rows(**transaction, text::open, {now}, approval_of)
                        : try_all_rows(**transaction, text::newest, {}, approval_of);
  if (!all) return std::move(all).error().within("list approvals");
  for (Approval& approval : *all) approval = read_at(std::move(approval), now);
  return all;
}

Result<Approval> find_approval(sql::Database& database, std::int64_t id, Instant now) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("find an approval");
  return find(**transaction, id, now);
}

}  // namespace hotclock::access
