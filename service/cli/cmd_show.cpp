// hotclock show: one execution, its slot, all attempts at it, and what was set aside.
#include <algorithm>
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/show_execution.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

constexpr Duration between_requests = std::chrono::milliseconds{500};

// The lines of a log, each printed once it has ended.
class Lines {
 public:
  Lines(Console& console, bool quiet) : console_(console), quiet_(quiet) {}

  void add(std::string_view text) {
    for (begun_ += text; begun_.find('\n') != begun_.npos;) {
      const std::size_t end = begun_.find('\n');
      print(begun_.substr(0, end));
      begun_.erase(0, end + 1);
    }
    console_.out.flush();
  }
  void finish() {
    if (!begun_.empty()) print(std::exchange(begun_, {}));
  }

 private:
  void print(const std::string& line) {
    if (!quiet_) console_.out << harmless(line) << '\n';
  }

  Console& console_;
  const bool quiet_;
  std::string begun_;
};

bool is_over(const ledger::ExecutionView& view, const std::string& execution) {
  return view.slot.state == State::ended || view.slot.state == State::unknown ||
         std::ranges::any_of(view.attempts, [&](const ledger::AttemptView& attempt) {
           return attempt.execution.starts_with(execution);
         });
}

// What the API answers once it is over; until then what it says is printed.
Result<Answer> followed(Console& console, Door& door, const std::string& execution, Lines& lines) {
  std::int64_t from = 0;
  std::string of;
  for (;;) {
    auto answer = door.ask(get("/executions/" + execution, {{"log_from", std::to_string(from)}}));
    if (!answer) return answer;
    const auto view = operations::execution_of(Seen(answer->body));
    // Of the next attempt at a slot, from its beginning.
    if (const bool anew = from > 0 && of != view.slot.execution; anew) {
      lines.finish();
      from = 0;
      continue;
    }
    of = view.slot.execution;
    lines.add(view.log.text);
    from = view.log.length;
    if (is_over(view, execution)) return answer;
    console.clock.sleep_until(console.clock.now() + between_requests, {});
  }
}

int follow(Console& console, const Common& common, Door& door, const ShowArgs& args) {
  Lines lines(console, common.json);
  const auto answer = followed(console, door, args.execution, lines);
  lines.finish();
  if (common.json && answer)
    return tell(console, common, door.ask(get("/executions/" + args.execution)), {});
  return tell(console, common, answer, [&](const Seen& seen) {
    auto view = operations::execution_of(seen);
    view.log = {};
    console.out << '\n';
    show_execution(console, view);
  });
}

}  // namespace

int cmd_show(Console& console, const Common& common, const ShowArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  if (args.follow) return follow(console, common, **door, args);
  return tell(console, common, (*door)->ask(get("/executions/" + args.execution)),
              [&](const Seen& seen) { show_execution(console, operations::execution_of(seen)); });
}

}  // namespace hotclock::cli
