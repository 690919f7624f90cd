#include "service/operations/cells.h"

#include <boost/json/object.hpp>

#include "service/operations/instants.h"

namespace hotclock::operations {

void Cells::count(Instant at, std::string_view what, Instant from, Duration width) {
  ++cells_[from + (at - from) / width * width][std::string(what)];
}

boost::json::array Cells::json() const {
  boost::json::array out;
  for (const auto& [at, slots] : cells_) {
    boost::json::object counts;
    for (const auto& [what, count] : slots) counts[what] = count;
    out.push_back({{"at", rfc3339(at)}, {"slots", std::move(counts)}});
  }
  return out;
}

}  // namespace hotclock::operations
