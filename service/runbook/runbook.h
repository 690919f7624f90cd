// What to do when an alert fires: a page for each rule of Hotclock's own and for each of the rules
// for Prometheus (packaging/monitoring). The pages are docs/runbook/*.md and are part of the
// program, so that they can be read where nothing else works. Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hotclock::runbook {

struct Page {
  std::string_view name;  // the rule's: "failed", "HotclockDown"
  std::string_view text;  // Markdown, as far as html.h knows it
};

// All of them, by name.
std::span<const Page> pages();
// Null: there is none of that name.
const Page* find(std::string_view name);

// What stands for the rule's name in the setting that says where alerts point ([alerts] runbook).
inline constexpr std::string_view rule_field = "{rule}";
// Where an alert of the rule points; empty where `form` is.
std::string link(std::string_view form, std::string_view rule);

}  // namespace hotclock::runbook
