#include "service/api/festival_preview.h"

#include "service/api/answers.h"
#include "service/festivals/festivals.h"

namespace hotclock::api {

Result<http::Response> festival_preview(const Editing& editing, std::int64_t id,
                                        std::string_view country, std::string_view format) {
  const bool css = format == "css";
  if (!css && !format.empty() && format != "json")
    return Error(Errc::invalid, "format is json or css");
  const auto document =
      festivals::preview(editing.database, id, country, editing.rules, editing.clock.now());
  if (!document) return document.error();
  return css ? private_answer(theme::to_css(*document), css_type)
             : private_answer(theme::to_json(*document), json_type);
}

}  // namespace hotclock::api
