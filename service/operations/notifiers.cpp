// Who is told of alerts: trying them.
#include "service/notices/couriers.h"

#include "service/operations/functions.h"
#include "service/operations/json.h"

namespace hotclock::operations {

namespace json = boost::json;

namespace {

json::object tried_json(const notices::Tried& one) {
  return {{"notifier", one.notifier},
          {"kind", one.kind},
          {"outcome", notices::word_of(one.answer.fate)},
          {"said", one.answer.said},
          {"took_ms", one.took.count()}};
}

}  // namespace

Result<Answer> test_notifiers(Desk& desk, const Call& call) {
  const auto tried =
      notices::try_out(desk.settings()->notifiers, call.text("notifier"), desk.clock, {});
  if (!tried) return tried.error();
  json::array items;
  for (const notices::Tried& one : *tried) items.push_back(tried_json(one));
  return listed(std::move(items));
}

}  // namespace hotclock::operations
