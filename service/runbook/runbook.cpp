#include "service/runbook/runbook.h"

#include <algorithm>
#include <array>

#include "service/runbook/pages.embedded.h"

namespace hotclock::runbook {
namespace {

constexpr std::size_t count = std::size(embedded_pages);

std::array<Page, count> sorted() {
  std::array<Page, count> all;
  std::ranges::transform(embedded_pages, all.begin(), [](const EmbeddedPage& one) {
    return Page{one.name, one.text};
  });
  std::ranges::sort(all, {}, &Page::name);
  return all;
}

}  // namespace

std::span<const Page> pages() {
  static const auto all = sorted();
  return all;
}

const Page* find(std::string_view name) {
  const auto all = pages();
  const auto at = std::ranges::lower_bound(all, name, {}, &Page::name);
  return at != all.end() && at->name == name ? &*at : nullptr;
}

std::string link(std::string_view form, std::string_view rule) {
  std::string out(form);
  for (std::size_t at = 0; (at = out.find(rule_field, at)) != out.npos; at += rule.size())
    out.replace(at, rule_field.size(), rule);
  return out;
}

}  // namespace hotclock::runbook
