// Festivals as the rules of themes see them, from rows that begin with
//   id, name, country, priority, starts_at, ends_at, is_active, theme, skins, bonuses
#pragma once

#include "service/sql/sql.h"
#include "service/theme/festival.h"

namespace hotclock::festivals {

inline theme::Festival read_theme_festival(const sql::Rows& row) {
  return {.id = row.integer(0),
          .name = std::string(row.text(1)),
          .country = std::string(row.text(2)),
          .priority = row.integer(3),
          .starts_at = row.instant(4),
          .ends_at = row.instant(5),
          .is_active = row.integer(6) != 0,
          .theme = std::string(row.text(7)),
          .skins = std::string(row.text(8)),
          .bonuses = std::string(row.text(9))};
}

}  // namespace hotclock::festivals
