// The settings of what festivals change for clients: themes, bonuses, and who may change them.
#pragma once

#include <string>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::config {

// Who may fetch a theme before its festival begins.
enum class Preload { users, editors, everyone };

// [themes]: pages of the server of [realtime].
struct ThemesConfig {
  bool enabled = true;
  std::string editor_role = "festival-editor";  // of who may see and change festivals
  std::string roles_claim = "roles";            // of a token: one text, or several
  Preload preload = Preload::users;
  Duration preload_ahead = std::chrono::hours{24};  // how long before a change
};

// Reads the table; who calls finishes it. Mistakes are recorded in the section.
ThemesConfig read_themes(Section section);

}  // namespace hotclock::config
