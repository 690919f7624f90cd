// Whether a view may do behind itself what the jobs do to it: with its owner's rights, or with those of the role
// that asks.
#pragma once

#include <string>
#include <vector>

#include "service/schema/catalogue.h"
#include "service/schema/platform.h"

namespace hotclock::schema {

// What is lacking, each with the statement that gives it. Also what a table wants of whoever enters rows.
Result<std::vector<std::string>> lacking_behind(Catalogue& catalogue, const Relation& relation,
                                                const PlatformTable& need);

// Trigger functions of the platform's tables that will work with the rights of the role that asks: nobody but
// their author knows what they need. "app.audit on app.accounts"
Result<std::vector<std::string>> triggers_behind(Catalogue& catalogue, const Relation& relation,
                                                 const PlatformTable& need);

}  // namespace hotclock::schema
