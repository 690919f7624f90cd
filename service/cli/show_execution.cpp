#include "service/cli/show_execution.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "scheduler/base/utf8.h"
#include "scheduler/core/partition.h"
#include "service/cli/progress_line.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"

namespace hotclock::cli {
namespace {

void show_attempts(Console& console, const ledger::ExecutionView& view) {
  if (view.attempts.empty()) return;
  Table table({{"attempt", Column::Kind::number}, {"execution"}, {"started"}, {"took", Column::Kind::number},
               {"outcome"}, {"did", Column::Kind::wrapped}});
  for (const auto& attempt : view.attempts) {
    std::string did = tally_words(attempt.tally);
    if (!attempt.error.empty()) did += (did.empty() ? "" : "; ") + attempt.error;
    if (attempt.set_aside_total > 0) did += fmt::format("; {} set aside", attempt.set_aside_total);
    table.add({std::to_string(attempt.attempt), attempt.execution, to_string(attempt.started_at),
               to_words(attempt.ended_at - attempt.started_at), attempt.outcome, did});
  }
  console.out << '\n' << table.text(look_of(console));
}

void show_partitions(Console& console, const ledger::ExecutionView& view) {
  if (view.partitions.empty()) return;
  Table table({{"partition", Column::Kind::number}, {"stands"}, {"attempt", Column::Kind::number}, {"node"},
               {"took", Column::Kind::number}, {"execution"}, {"why", Column::Kind::wrapped}});
  for (const auto& partition : view.partitions) {
    const bool over = partition.started_at && partition.ended_at;
    table.add({std::string(partition_number(partition.slot.key)), standing(partition),
               std::to_string(partition.attempt), partition.node,
               over ? to_words(*partition.ended_at - *partition.started_at) : "", partition.execution,
               partition.reason});
  }
  console.out << '\n' << table.text(look_of(console));
}

void show_failures(Console& console, const ledger::ExecutionView& view) {
  if (view.failures.empty()) return;
  Table table({{"set aside"}, {"kind"}, {"why", Column::Kind::wrapped}});
  for (const auto& failure : view.failures) table.add({failure.record, failure.code, failure.message});
  console.out << '\n' << table.text(look_of(console));
}

void show_log(Console& console, const ledger::LogView& log) {
  if (log.empty()) return;
  console.out << "\nlog\n";
  if (log.dropped > 0)
    console.out << fmt::format("  ({} bytes before this are not kept)\n", grouped(log.dropped));
  for (std::string_view rest = log.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    console.out << "  " << harmless(rest.substr(0, end)) << '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

std::string harmless(std::string_view line) {
  const std::string clean = well_formed(line);
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const auto [size, code] = first_character(rest);
    const bool control = (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0);
    out += control ? fmt::format("\\x{:02x}", static_cast<unsigned>(code))
                   : std::string(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return out;
}

void show_execution(Console& console, const ledger::ExecutionView& view) {
  const auto& slot = view.slot;
  console.out << fmt::format("{} for {} ({}): {}\n", slot.slot.job, to_string(slot.slot.scheduled_for),
                             to_string(slot.slot.trigger), standing(slot));
  if (!slot.reason.empty()) console.out << "  " << slot.reason << '\n';
  if (!slot.requested_by.empty()) console.out << "  asked for by " << slot.requested_by << '\n';
  if (slot.state == State::running && !slot.cancel_requested_by.empty())
    console.out << "  " << slot.cancel_requested_by << " has asked to cancel it\n";
  if (slot.progress_done > 0)
    console.out << fmt::format("  progress {} of {}\n", slot.progress_done,
                               slot.progress_total > 0 ? std::to_string(slot.progress_total) : "unknown");
  if (view.events > 0) console.out << fmt::format("  {} events in the outbox\n", view.events);
  show_attempts(console, view);
  show_partitions(console, view);
  show_failures(console, view);
  show_log(console, view.log);
}

}  // namespace hotclock::cli
