#include "service/config/themes.h"

#include "scheduler/base/names.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

constexpr Names<Preload, 3> preloads{
    {{Preload::users, "users"}, {Preload::editors, "editors"}, {Preload::everyone, "everyone"}}};

constexpr std::size_t longest_role = 100;  // as tokens have them at most

void read_roles(Section& section, ThemesConfig& out) {
  out.editor_role = section.text("editor_role", out.editor_role);
  if (out.editor_role.empty() || out.editor_role.size() > longest_role)
    section.refuse("editor_role", "this is no role",
                   "write 1 to 100 characters, such as \"festival-editor\"");
  out.roles_claim = section.text("roles_claim", out.roles_claim);
  if (out.roles_claim.empty())
    section.refuse("roles_claim", "it names no claim",
                   "write the claim that holds the user's roles: \"roles\"");
}

}  // namespace

ThemesConfig read_themes(Section section) {
  ThemesConfig out;
  out.enabled = section.flag("enabled", out.enabled);
  read_roles(section, out);
  find_name(
      preloads,
      section.choice("preload", name_of(preloads, out.preload), {"users", "editors", "everyone"}),
      out.preload);
  out.preload_ahead = section.duration("preload_ahead", out.preload_ahead, 0s, 24h * 30);
  return out;
}

}  // namespace hotclock::config
