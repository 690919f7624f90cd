// The shapes of requests and answers: JSON Schemas, in one file (schemas.json), which say the same
// to a reader of the OpenAPI document and to the code that checks a request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

// By their names. Threads: any.
const boost::json::object& schemas();

// All that is wrong with `value` where it should be what the schema of that name says; `where`
// stands in front of the places. REQUIRES: there is such a schema.
std::vector<Problem> check(std::string_view schema, const boost::json::value& value,
                           const std::string& where = {});

// A text of a path or a query as a value of that schema's type; where it can be none, it stays a
// text, and check() says what is wrong.
boost::json::value value_of(std::string_view schema, std::string_view text);

}  // namespace hotclock::operations
