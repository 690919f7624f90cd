#include "service/schema/column_types.h"

#include <algorithm>
#include <initializer_list>

namespace hotclock::schema {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_whole(const Column& c) { return one_of(c.type, {"int2", "int4", "int8"}); }
bool is_text(const Column& c) { return one_of(c.type, {"text", "varchar", "bpchar", "json"}); }

}  // namespace

bool fits(Holds holds, const Column& c) {
  switch (holds) {
    case Holds::id: return c.type == "int8";
    case Holds::number: return is_whole(c) || c.type == "numeric";
    case Holds::flag: return is_whole(c);
    case Holds::real: return is_whole(c) || one_of(c.type, {"numeric", "float4", "float8"});
    case Holds::text: return is_text(c);
    case Holds::word: return is_text(c) || c.is_enum;
    case Holds::instant: return c.type == "timestamptz";
    case Holds::date: return c.type == "date" || (is_text(c) && c.type != "json");
  }
  return false;
}

std::string_view words_for(Holds holds) {
  switch (holds) {
    case Holds::id: return "a number of 64 bits (bigint)";
    case Holds::number: return "a whole number";
    case Holds::flag: return "0 or 1";
    case Holds::real: return "a number";
    case Holds::text: return "a text";
    case Holds::word: return "a text or an enum";
    case Holds::instant: return "an instant (timestamptz)";
    case Holds::date: return "a date, or a text YYYY-MM-DD";
  }
  return "";
}

std::string remedy(const PlatformColumn& need, const Column& c) {
  const std::string name = c.quoted;
  if (need.use == Use::entered || need.use == Use::kept)
    return "give it a column of that type: what is entered cannot be an expression";
  switch (need.holds) {
    case Holds::id: return "write " + name + "::bigint, with an index on that";
    case Holds::number:
    case Holds::real: return "write " + name + "::" + (need.holds == Holds::real ? "float8" : "bigint");
    case Holds::flag:
      return "write " + name + "::int" +
             (need.use == Use::changed ? ", and an INSTEAD OF UPDATE trigger that translates" : "");
    case Holds::text:
    case Holds::word: return "write " + name + "::text";
    case Holds::instant:
      return c.type == "timestamp" ? "write " + name + " AT TIME ZONE 'UTC', or the zone it is meant in"
                                   : "write an expression of that type";
    case Holds::date: return "write " + name + "::date";
  }
  return "";
}

}  // namespace hotclock::schema
