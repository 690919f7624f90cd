// The settings of who is told of alerts, and of the sign of life that goes out.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::config {

enum class NotifierKind { alertmanager, webhook, slack, email, command };
std::string_view word_of(NotifierKind kind);

// What the templates `title` and `text` may name.
inline constexpr std::array<std::string_view, 12> template_fields{
    "alerts", "began",    "count",   "firing",   "group", "jobs",
    "rule",   "resolved", "runbook", "severity", "state", "summary"};

// [notifiers.NAME]
struct NotifierConfig {
  std::string name;
  NotifierKind kind = NotifierKind::webhook;
  Secret url;                // of all but commands: http, https; of e-mail: smtp, smtps
  Secret secret;             // webhook: whsec_...
  Secret authorization;      // alertmanager, webhook: the header Authorization
  std::filesystem::path ca;  // certificates to believe, PEM; empty: this machine's
  bool allow_private = false;
  Duration timeout = std::chrono::seconds{10};

  std::vector<std::string> severities{"warning", "critical"};
  bool send_resolved = true;
  int a_minute = 10;                        // messages; alertmanager: as many as there are
  Duration give_up = std::chrono::days{3};  // after so long it is told no more

  std::string title = "[{{state}}] {{summary}}";
  std::string text = "{{alerts}}";

  std::string from;             // email: an address
  std::vector<std::string> to;  // email: addresses
  std::string user;             // email: who logs in; empty: nobody
  Secret password;              // email
  bool encrypted = true;        // email

  std::vector<std::string> argv;                  // command
  std::int64_t memory = std::int64_t{256} << 20;  // command: bytes of address space
  Duration cpu_time = std::chrono::seconds{10};   // command
};

// [beat]
struct BeatConfig {
  Secret url;  // not given: there is none
  Duration every = std::chrono::minutes{1};
  bool allow_private = false;
};

// Each reads one table; who calls finishes it. Mistakes are recorded in the section. `programs` are
// those that commands may run.
NotifierConfig read_notifier(Section section, const std::string& name,
                             const std::vector<std::string>& programs);
BeatConfig read_beat(Section section);

}  // namespace hotclock::config
