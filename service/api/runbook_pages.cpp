#include "service/api/runbook_pages.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/runbook/html.h"

namespace hotclock::api {
namespace {

constexpr std::string_view root = "/api/v1/runbook/";
constexpr std::string_view html_type = "text/html; charset=UTF-8";

http::Response no_such_page(std::string_view name) {
  std::vector<std::string_view> names(runbook::pages().size());
  std::ranges::transform(runbook::pages(), names.begin(), &runbook::Page::name);
  const auto near = nearest(name, std::span<const std::string_view>(names));
  return http::Response::text(
      404, near.empty() ? "there is no such page\n"
                        : fmt::format("there is no such page; did you mean {}?\n", near));
}

}  // namespace

http::Response runbook_page(const http::Request& request) {
  const std::string_view name = std::string_view(request.path).substr(root.size());
  if (name.empty()) return http::Response::text(200, runbook::html_of_all(), html_type);
  const runbook::Page* page = runbook::find(name);
  if (!page) return no_such_page(name);
  if (request.header("accept").find("text/html") != std::string_view::npos)
    return http::Response::text(200, runbook::html(*page), html_type);
  return http::Response::text(200, std::string(page->text));
}

}  // namespace hotclock::api
