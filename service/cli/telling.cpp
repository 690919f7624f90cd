#include "service/cli/telling.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include "service/cli/when.h"
#include "service/operations/json.h"

namespace hotclock::cli {
namespace {

constexpr std::size_t largest_page = 500;

void tell_approval(Console& console, const Common& common, const Answer& answer) {
  if (common.json) return print(console, {{"approval", answer.body}});
  const Seen approval(answer.body);
  const std::string id = approval.text("id");
  console.out << fmt::format(
      "{} of {} needs a second person, and nothing is done yet: approval {}, open until {}\n"
      "somebody else looks at it and says yes: hotclock approve {} --reason WHY{}\n",
      approval.text("what"), approval.text("job"), id, approval.text("expires_at"), id,
      server_of(console, common).empty() ? " --by NAME" : ", with a token of their own");
}

}  // namespace

int tell(Console& console, const Common& common, const Result<Answer>& answer,
         const std::function<void(const Seen&)>& words) {
  if (!answer) return fail(console, common.json, answer.error());
  if (is_approval(*answer))
    tell_approval(console, common, *answer);
  else if (common.json)
    print(console, answer->body);
  else
    words(Seen(answer->body));
  return exit_done;
}

// Some million slots.
constexpr int most_pages = 2'000;

Result<Answer> ask_for_all(Door& door, Request request, std::size_t most) {
  const auto query = request.query;
  boost::json::array items;
  for (int page_number = 1;; ++page_number) {
    request.query.emplace_back("limit",
                               std::to_string(std::min(most - items.size(), largest_page)));
    auto page = door.ask(request);
    if (!page) return page;
    const Seen seen(page->body);
    if (const auto* more = seen.members().if_contains("items"); more && more->is_array())
      for (const boost::json::value& one : more->get_array()) items.push_back(one);
    const std::string next = seen.text("next");
    if (next.empty() || items.size() >= most || page_number == most_pages)
      return operations::listed(std::move(items), next);
    request.query = query;
    request.query.emplace_back("cursor", next);
  }
}

void tell_each(Console& console, const Seen& done) {
  for (const Seen& one : done.list("items")) {
    const std::string why = one.text("why");
    console.out << one.text("job") << " " << one.text("outcome") << (why.empty() ? "" : ": " + why)
                << "\n";
  }
}

Result<Instant> read_instant_of(Door& door, const std::string& job, const std::string& text) {
  std::string named = "UTC";
  if (!job.empty()) {
    const auto answer = door.ask(get("/jobs/" + job));
    if (!answer) return answer.error();
    named = Seen(answer->body).object("schedule").text("zone");
  }
  const auto zone = load_zone(named);
  if (!zone) return zone.error();
  return read_instant(text, **zone, door.now());
}

}  // namespace hotclock::cli
