#include "service/api/pages.h"

#include <optional>

#include "service/api/access.h"
#include "service/api/health_pages.h"
#include "service/api/theme_pages.h"
#include "service/api/workers.h"

namespace hotclock::api {

class Pages::Rooms {
 public:
  Rooms(Site site, const config::ThemesConfig& settings, const theme::Rules& rules)
      : workers(site.loop, {}),
        access(site.tokens, site.clock, {.editor_role = settings.editor_role}),
        ground{site.loop, workers, access, site.database, site.clock, site.logger},
        health(ground) {
    health.serve(site.server);
    if (!settings.enabled) return;
    themes.emplace(ground, settings, rules).serve(site.server);
  }

  Workers workers;
  Access access;
  const Ground ground;
  HealthPages health;
  std::optional<ThemePages> themes;  // none: they are switched off
};

Pages::Pages(Site site, const config::ThemesConfig& settings, const theme::Rules& rules)
    : rooms_(std::make_unique<Rooms>(site, settings, rules)) {}

Pages::~Pages() { stop(); }

const Ground& Pages::ground() const { return rooms_->ground; }
void Pages::theme_changed() {
  if (rooms_->themes) rooms_->themes->outdate();
}
void Pages::stop() { rooms_->workers.stop(); }

}  // namespace hotclock::api
