#include "service/cli/slot_text.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "service/cli/progress_line.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(json::object()) : value;
}

}  // namespace

std::string standing(const ledger::SlotView& slot) {
  return std::string(slot.ended ? to_string(*slot.ended) : to_string(slot.state));
}

Tone tone_of(const ledger::SlotView& slot) {
  if (!slot.ended) return slot.state == State::unknown ? Tone::bad : Tone::plain;
  switch (*slot.ended) {
    case End::completed: return Tone::good;
    case End::failed:
    case End::timed_out: return Tone::bad;
    default: return Tone::notice;
  }
}

std::string tally_words(const std::string& tally_json) {
  std::string words;
  const json::value tally = parsed(tally_json);
  if (!tally.is_object()) return words;
  for (const auto& [name, count] : tally.get_object()) {
    if (!count.is_int64()) continue;
    if (!words.empty()) words += ", ";
    words += grouped(count.get_int64()) + " " + std::string(name);
  }
  return words;
}

}  // namespace hotclock::cli
