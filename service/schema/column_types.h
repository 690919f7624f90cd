// Which types of PostgreSQL's serve for what a column of the platform's holds, and what to do about another.
#pragma once

#include <string>
#include <string_view>

#include "service/schema/catalogue.h"
#include "service/schema/platform.h"

namespace hotclock::schema {

bool fits(Holds holds, const Column& column);

// "0 or 1"
std::string_view words_for(Holds holds);

// What a view would say instead: "write banned::int". What is written cannot be an expression.
std::string remedy(const PlatformColumn& need, const Column& column);

}  // namespace hotclock::schema
