#include "service/cli/progress_line.h"

#include <algorithm>
#include <chrono>
#include <ostream>

#include <fmt/format.h>

#include "service/cli/table.h"

namespace hotclock::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto between_draws = 200ms;
constexpr auto rate_window = 10s;
constexpr std::string_view erase = "\r\033[K";

double seconds_between(Steady a, Steady b) { return std::chrono::duration<double>(b - a).count(); }

int percent(std::int64_t done, std::int64_t total) {
  if (done >= total) return 100;
  return static_cast<int>(100 * static_cast<double>(done) / static_cast<double>(total));
}

std::string left_text(double seconds) {
  // An estimate in days is as good as any longer one.
  const double bounded = std::min(seconds, 86'400.0 * 999);
  return to_words(std::chrono::ceil<std::chrono::seconds>(std::chrono::duration<double>(bounded)));
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

ProgressLine::ProgressLine(std::ostream& out, bool is_terminal, const Clock& clock,
                           std::string what, std::string unit, int width)
    : out_(out),
      is_terminal_(is_terminal),
      clock_(clock),
      what_(std::move(what)),
      unit_(std::move(unit)),
      width_(width),
      next_draw_(clock.steady()) {
  remember({clock_.steady(), 0});
}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::at(std::int64_t done, std::int64_t total) {
  const Steady now = clock_.steady();
  if (!is_terminal_ || now < next_draw_) return;
  next_draw_ = now + between_draws;
  remember({now, done});
  std::string text = line(done, total);
  // A line that wraps could not be erased.
  while (!text.empty() && display_width(text) >= width_) text.pop_back();
  out_ << erase << text << std::flush;
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_) out_ << erase << std::flush;
  drawn_ = false;
}

// Keeps what lies in the window, and the last sample before it.
void ProgressLine::remember(Sample now) {
  samples_.push_back(now);
  while (samples_.size() > 2 && now.when - samples_[1].when >= rate_window) samples_.pop_front();
}

double ProgressLine::rate() const {
  const double seconds = seconds_between(samples_.front().when, samples_.back().when);
  const auto done = static_cast<double>(samples_.back().done - samples_.front().done);
  return seconds > 0 && done > 0 ? done / seconds : 0;
}

std::string ProgressLine::line(std::int64_t done, std::int64_t total) const {
  std::string out = fmt::format("{}  {}", what_, grouped(done));
  if (total > 0) out += " of " + grouped(total);
  out += " " + unit_;
  if (total > 0) out += fmt::format("  {} %", percent(done, total));
  const double speed = rate();
  if (speed <= 0) return out;
  out += fmt::format("  {}/s", grouped(static_cast<std::int64_t>(speed)));
  if (total > done) out += "  " + left_text(static_cast<double>(total - done) / speed) + " left";
  return out;
}

}  // namespace hotclock::cli
