#include "web/assets.h"

#include <algorithm>

#include "web/embedded.h"

namespace hotclock::web {

std::span<const Asset> assets() { return embedded; }

const Asset* find_asset(std::string_view path) {
  const auto at = std::ranges::lower_bound(embedded, path, {}, &Asset::path);
  return at != embedded.end() && at->path == path ? &*at : nullptr;
}

}  // namespace hotclock::web
