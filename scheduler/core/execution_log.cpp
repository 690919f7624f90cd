#include "scheduler/core/execution_log.h"

#include <algorithm>

#include "scheduler/base/utf8.h"

namespace hotclock {
namespace {

constexpr std::string_view hidden = "***";

// Databases keep no NUL in a text.
void show_nuls(std::string& text) {
  for (auto at = text.find('\0'); at != text.npos; at = text.find('\0', at))
    text.replace(at, 1, "\xE2\x90\x80");
}

// Bytes at the front that continue a character whose beginning is gone.
std::size_t stray_bytes(std::string_view text) {
  std::size_t stray = 0;
  while (stray < std::min<std::size_t>(text.size(), 3) && (text[stray] & 0xC0) == 0x80) ++stray;
  return stray;
}

}  // namespace

void ExecutionLog::keep(std::size_t most) {
  Lock lock(m_);
  most_ = most;
}

void ExecutionLog::hide(std::string secret) {
  Lock lock(m_);
  if (secret.empty()) return;
  secrets_.push_back(std::move(secret));
  std::ranges::stable_sort(secrets_, std::ranges::greater(), &std::string::size);
}

void ExecutionLog::append(std::string_view bytes) {
  Lock lock(m_);
  take_in(bytes);
}

void ExecutionLog::line(std::string_view text) {
  Lock lock(m_);
  const std::string& end = pending_.empty() ? kept_ : pending_;
  if (!end.empty() && end.back() != '\n') take_in("\n");
  take_in(text);
  take_in("\n");
}

// Looks at each place of what has come so far for each secret; what may still become one waits.
void ExecutionLog::take_in(std::string_view bytes) {
  pending_ += bytes;
  if (!secrets_.empty()) {
    std::string clear;
    for (std::size_t at = 0; at < pending_.size();) {
      const std::string_view rest = std::string_view(pending_).substr(at);
      const auto found = std::ranges::find_if(
          secrets_, [&](const std::string& secret) { return rest.starts_with(secret); });
      const auto begins = std::ranges::find_if(secrets_, [&](const std::string& secret) {
        return rest.size() < secret.size() && secret.starts_with(rest);
      });
      if (begins != secrets_.end()) {  // a longer one may be on its way
        pending_.erase(0, at);
        return put(clear);
      }
      clear += found == secrets_.end() ? rest.substr(0, 1) : hidden;
      at += found == secrets_.end() ? 1 : found->size();
    }
    pending_ = std::move(clear);
  }
  put(pending_);
  pending_.clear();
}

void ExecutionLog::put(std::string_view bytes) {
  kept_ += bytes;
  // Cut seldom, so that each byte is moved a few times at most.
  if (kept_.size() <= 2 * most_ + 4096) return;
  dropped_ += static_cast<std::int64_t>(kept_.size() - most_);
  kept_.erase(0, kept_.size() - most_);
}

// What waits has a secret in it, or may be the beginning of one that nothing follows: of a short
// one that tells nothing.
std::string ExecutionLog::all() const {
  constexpr std::size_t tells_nothing = 3;
  const std::string_view waiting = pending_;
  const bool telling = waiting.size() > tells_nothing ||
                       std::ranges::any_of(secrets_, [waiting](const std::string& s) {
                         return waiting.find(s) != waiting.npos;
                       });
  return kept_ + (telling ? std::string(hidden) : pending_);
}

std::string ExecutionLog::last_line() const {
  std::string text = this->text().text;
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == text.npos) return {};
  text.erase(end + 1);
  const auto begin = text.find_last_of("\r\n");
  if (begin != text.npos) text.erase(0, begin + 1);
  std::erase_if(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
  return text;
}

LogText ExecutionLog::text() const {
  Lock lock(m_);
  LogText out{all(), dropped_};
  if (out.text.size() > most_) {
    const std::size_t more = out.text.size() - most_;
    out.text.erase(0, more);
    const std::size_t stray = stray_bytes(out.text);
    out.text.erase(0, stray);
    out.dropped += static_cast<std::int64_t>(more + stray);
  }
  out.text = well_formed(out.text);
  show_nuls(out.text);
  return out;
}

}  // namespace hotclock
