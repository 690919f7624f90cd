#include "scheduler/core/policy.h"

#include "scheduler/base/names.h"

namespace hotclock {
namespace {

constexpr Names<CatchUp, 3> catch_ups{
    {{CatchUp::none, "none"}, {CatchUp::last, "last"}, {CatchUp::all, "all"}}};
constexpr Names<Overlap, 4> overlaps{{{Overlap::refuse, "refuse"},
                                      {Overlap::wait, "wait"},
                                      {Overlap::replace, "replace"},
                                      {Overlap::allow, "allow"}}};

}  // namespace

std::string_view to_string(CatchUp c) { return name_of(catch_ups, c); }
std::string_view to_string(Overlap o) { return name_of(overlaps, o); }
bool from_string(std::string_view text, CatchUp& out) { return find_name(catch_ups, text, out); }
bool from_string(std::string_view text, Overlap& out) { return find_name(overlaps, text, out); }

}  // namespace hotclock
