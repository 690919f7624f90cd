#include "service/access/principal.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/names.h"

namespace hotclock::access {
namespace {

constexpr Names<Right, 16> right_names = {{{Right::look, "look"},
                                           {Right::run, "run"},
                                           {Right::cancel, "cancel"},
                                           {Right::pause, "pause"},
                                           {Right::schedule, "schedule"},
                                           {Right::backfill, "backfill"},
                                           {Right::decide, "decide"},
                                           {Right::festivals, "festivals"},
                                           {Right::clients, "clients"},
                                           {Right::approve, "approve"},
                                           {Right::silence, "silence"},
                                           {Right::reload, "reload"},
                                           {Right::kill, "kill"},
                                           {Right::audit, "audit"},
                                           {Right::settings, "settings"},
                                           {Right::tokens, "tokens"}}};
constexpr Names<Role, 3> role_names = {
    {{Role::viewer, "viewer"}, {Role::operator_, "operator"}, {Role::admin, "admin"}}};

// The least role that holds a right. A right that is not named is an admin's.
constexpr Role least_role(Right right) {
  switch (right) {
    case Right::look:
      return Role::viewer;
    case Right::run:
    case Right::cancel:
    case Right::pause:
    case Right::schedule:
    case Right::backfill:
    case Right::decide:
    case Right::festivals:
    case Right::clients:
    case Right::approve:
    case Right::silence:
      return Role::operator_;
    case Right::reload:
    case Right::kill:
    case Right::audit:
    case Right::settings:
    case Right::tokens:
      break;
  }
  return Role::admin;
}

bool fits(std::string_view pattern, std::string_view job) {
  if (!pattern.ends_with('*')) return pattern == job;
  return job.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool holds(const Grant& grant, Right right) {
  return has(grant.role, right) &&
         (grant.rights.empty() || std::ranges::find(grant.rights, right) != grant.rights.end());
}

bool covers(const Grant& grant, Right right, std::string_view job) {
  if (grant.jobs.empty()) return true;
  if (job.empty()) return right == Right::look;
  return std::ranges::any_of(grant.jobs,
                             [job](const std::string& pattern) { return fits(pattern, job); });
}

std::string with_article(Role role) {
  return fmt::format("{} {}", role == Role::viewer ? "a" : "an", to_string(role));
}

template <class What>
std::vector<What> all_of(const auto& names) {
  std::vector<What> all;
  for (const auto& [what, name] : names) all.push_back(what);
  return all;
}

}  // namespace

std::string_view to_string(Right right) { return name_of(right_names, right); }
bool from_string(std::string_view text, Right& out) { return find_name(right_names, text, out); }

const std::vector<Right>& all_rights() {
  static const std::vector<Right> all = all_of<Right>(right_names);
  return all;
}

std::string_view to_string(Role role) { return name_of(role_names, role); }
bool from_string(std::string_view text, Role& out) { return find_name(role_names, text, out); }
const std::vector<Role>& all_roles() {
  static const std::vector<Role> all = all_of<Role>(role_names);
  return all;
}
bool has(Role role, Right right) { return role >= least_role(right); }

bool allows(const Grant& grant, Right right, std::string_view job) {
  return holds(grant, right) && covers(grant, right, job);
}

bool is_within(const Grant& inner, const Grant& outer) {
  const bool rights = std::ranges::all_of(
      all_rights(), [&](Right right) { return !holds(inner, right) || holds(outer, right); });
  if (!rights || outer.jobs.empty()) return rights;
  return !inner.jobs.empty() && std::ranges::all_of(inner.jobs, [&](const std::string& job) {
    return std::ranges::any_of(outer.jobs, [&](const std::string& pattern) {
      return pattern == job || (pattern.ends_with('*') && fits(pattern, job));
    });
  });
}

bool same_person(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

audit::Person person(const Principal& principal, std::string reason, std::string request) {
  return {principal.name, std::move(reason), principal.from, principal.token, std::move(request)};
}

Result<> may(const Principal& principal, Right right, std::string_view job) {
  const Grant& grant = principal.grant;
  if (allows(grant, right, job)) return {};
  const auto no = [](std::string text) { return Error(Errc::forbidden, std::move(text)); };
  if (!has(grant.role, right))
    return no(fmt::format("{} is {}, who may not {}; {} may", principal.name,
                          with_article(grant.role), to_string(right),
                          with_article(least_role(right))));
  if (!holds(grant, right)) {
    std::vector<std::string_view> given;
    std::ranges::transform(grant.rights, std::back_inserter(given),
                           [](Right one) { return to_string(one); });
    return no(fmt::format("{} may not {}: the token gives {} alone", principal.name,
                          to_string(right), fmt::join(given, ", ")));
  }
  const std::string jobs = fmt::format("{}", fmt::join(grant.jobs, ", "));
  if (job.empty())
    return no(fmt::format("{} may not {}: that concerns every job, and the token is for {} alone",
                          principal.name, to_string(right), jobs));
  return no(fmt::format("{} may not {} {}: the token is for {} alone", principal.name,
                        to_string(right), job, jobs));
}

}  // namespace hotclock::access
