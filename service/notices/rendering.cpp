#include "service/notices/rendering.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/utf8.h"
#include "service/config/template.h"

namespace hotclock::notices {
namespace {

constexpr std::size_t most_listed = 20;
constexpr std::size_t longest_title = 250;
constexpr std::size_t longest_text = 16'000;
constexpr std::size_t longest_value = 500;
constexpr std::string_view ellipsis = "...";

// At most so many bytes, and no part of a character.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t size = most - ellipsis.size();
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
  return text += ellipsis;
}

// Text without what steers a terminal or begins another line.
std::string plain(std::string_view text) {
  std::string out = well_formed(text);
  for (char& c : out)
    if ((c >= 0 && c < ' ') || c == 0x7f) c = ' ';
  return cut(std::move(out), longest_value);
}

// Mentions and links of Slack's stand between < and >.
std::string for_slack(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  return out;
}

std::string annotation(const AlertText& alert, const std::string& name) {
  const auto found = alert.annotations.find(name);
  return found == alert.annotations.end() ? "" : plain(found->second);
}

std::string label(const AlertText& alert, const std::string& name) {
  const auto found = alert.labels.find(name);
  return found == alert.labels.end() ? "" : plain(found->second);
}

std::string summary_of(const AlertText& alert) {
  if (std::string said = annotation(alert, "summary"); !said.empty()) return said;
  std::string out = plain(alert.rule);
  for (const auto& [name, value] : alert.labels) out += fmt::format(" {}={}", name, plain(value));
  return out;
}

std::string line_of(const AlertText& alert) {
  std::string out = fmt::format("{} {}: {}, since {}", plain(alert.state), plain(alert.severity),
                                summary_of(alert), to_string(alert.began));
  if (alert.resolved) out += fmt::format(", until {}", to_string(*alert.resolved));
  for (const char* more : {"detail", "runbook"})
    if (const std::string said = annotation(alert, more); !said.empty()) out += "\n  " + said;
  return out;
}

std::string listed(const std::vector<AlertText>& alerts) {
  std::string out;
  for (std::size_t i = 0; i < std::min(alerts.size(), most_listed); ++i)
    out += line_of(alerts[i]) + "\n";
  if (alerts.size() > most_listed) out += fmt::format("and {} more\n", alerts.size() - most_listed);
  return out;
}

std::string summary_of(const std::vector<AlertText>& alerts) {
  if (alerts.empty()) return "";
  if (alerts.size() == 1) return summary_of(alerts.front());
  return fmt::format("{} and {} more", summary_of(alerts.front()), alerts.size() - 1);
}

// Each once, in the order of the alphabet.
template <class Of>
std::string all_of(const std::vector<AlertText>& alerts, Of of) {
  std::set<std::string> found;
  for (const AlertText& alert : alerts)
    if (std::string one = of(alert); !one.empty()) found.insert(std::move(one));
  return cut(fmt::format("{}", fmt::join(found, ", ")), longest_value);
}

std::string count(const std::vector<AlertText>& alerts, std::string_view state) {
  return std::to_string(std::ranges::count(alerts, state, &AlertText::state));
}

std::string first_began(const std::vector<AlertText>& alerts) {
  const auto first = std::ranges::min_element(alerts, {}, &AlertText::began);
  return first == alerts.end() ? "" : to_string(first->began);
}

std::string field(const Message& message, std::string_view name) {
  const auto& alerts = message.alerts;
  if (name == "alerts") return listed(alerts);
  if (name == "began") return first_began(alerts);
  if (name == "count") return std::to_string(alerts.size());
  if (name == "firing" || name == "resolved") return count(alerts, name);
  if (name == "group") return plain(message.group);
  if (name == "jobs") return all_of(alerts, [](const AlertText& a) { return label(a, "job"); });
  if (name == "rule") return all_of(alerts, [](const AlertText& a) { return plain(a.rule); });
  if (name == "runbook")
    return all_of(alerts, [](const AlertText& a) { return annotation(a, "runbook"); });
  if (name == "severity") return std::string(severity_of(alerts));
  if (name == "state") return message.test ? "test" : message.state();
  return summary_of(alerts);
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace

std::string_view severity_of(const std::vector<AlertText>& alerts) {
  for (const std::string_view one : {"critical", "warning"})
    if (std::ranges::find(alerts, one, &AlertText::severity) != alerts.end()) return one;
  return "info";
}

Rendered rendered(const Message& message, std::string_view title, std::string_view text,
                  Medium medium) {
  const auto value = [&](std::string_view name) {
    std::string said = field(message, name);
    return medium == Medium::slack ? for_slack(said) : said;
  };
  return {cut(one_line(config::filled(title, value)), longest_title),
          cut(config::filled(text, value), longest_text)};
}

}  // namespace hotclock::notices
