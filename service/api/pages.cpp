#include "service/api/pages.h"

#include "service/api/access.h"
#include "service/api/festivals_api.h"
#include "service/api/theme_pages.h"
#include "service/api/workers.h"

namespace hotclock::api {

class Pages::Rooms {
 public:
  Rooms(Site site, const config::ThemesConfig& settings, const theme::Rules& rules)
      : workers(site.loop, {}),
        access(site.tokens, site.clock, {.editor_role = settings.editor_role}),
        ground{site.loop, workers, access, site.database, site.clock, site.logger},
        themes(ground, settings, rules),
        festivals(ground, rules) {
    themes.serve(site.server);
    festivals.serve(site.server);
  }

  Workers workers;
  Access access;
  const Ground ground;
  ThemePages themes;
  FestivalsApi festivals;
};

Pages::Pages(Site site, const config::ThemesConfig& settings, const theme::Rules& rules)
    : rooms_(std::make_unique<Rooms>(site, settings, rules)) {}

Pages::~Pages() { stop(); }

const Ground& Pages::ground() const { return rooms_->ground; }
void Pages::theme_changed() { rooms_->themes.outdate(); }
void Pages::stop() { rooms_->workers.stop(); }

}  // namespace hotclock::api
