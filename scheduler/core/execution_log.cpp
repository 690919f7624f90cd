#include "scheduler/core/execution_log.h"

#include <algorithm>
#include <utility>

#include "scheduler/base/utf8.h"

namespace hotclock {
namespace {

// As databases keep it: well-formed, without NUL.
std::string shown(std::string_view bytes) {
  std::string text = is_well_formed(bytes) ? std::string(bytes) : well_formed(bytes);
  for (auto at = text.find('\0'); at != text.npos; at = text.find('\0', at))
    text.replace(at, 1, "\xE2\x90\x80");
  return text;
}

bool continues(char c) { return (c & 0xC0) == 0x80; }

// Where the character begins that `at` lies in: in a well-formed text.
std::size_t next_character(std::string_view text, std::size_t at) {
  while (at < text.size() && continues(text[at])) ++at;
  return at;
}

// Bytes at the end that may be the beginning of a character whose rest is on its way.
std::size_t begun_character(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(text.size(), 3); ++back) {
    const auto lead = static_cast<unsigned char>(text[text.size() - back]);
    if (continues(static_cast<char>(lead))) continue;
    const std::size_t whole = lead > 0xF7    ? 1
                              : lead >= 0xF0 ? 4
                              : lead >= 0xE0 ? 3
                              : lead >= 0xC0 ? 2
                                             : 1;
    return whole > back ? back : 0;
  }
  return 0;
}

// Takes bytes away from the front of a well-formed text, until no more than `most` are left.
std::int64_t cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return 0;
  const std::size_t more = next_character(text, text.size() - most);
  text.erase(0, more);
  return static_cast<std::int64_t>(more);
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
  const std::string& end = !pending_.empty() ? pending_ : !begun_.empty() ? begun_ : kept_;
  const bool amid_line = !redaction_.held().empty() || (!end.empty() && end.back() != '\n');
  if (amid_line) take_in("\n");
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
  std::string raw = std::exchange(begun_, {}).append(redaction_.through(bytes));
  const std::size_t whole = raw.size() - begun_character(raw);
  begun_ = raw.substr(whole);
  raw.resize(whole);
  kept_ += shown(raw);
  // Cut seldom, so that each byte is moved a few times at most.
  if (kept_.size() > 2 * most_ + 4096) dropped_ += cut(kept_, most_);
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
  return kept_ + shown(begun_ + redaction_.held() + (telling ? std::string(hidden) : pending_));
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
  return whole();
}

LogText ExecutionLog::whole() const {
  LogText out{all(), dropped_};
  out.dropped += cut(out.text, most_);
  return out;
}

ExecutionLog::Piece ExecutionLog::behind(std::int64_t from) {
  Lock lock(m_);
  const auto end = dropped_ + static_cast<std::int64_t>(kept_.size());
  if (finished_ || from >= end) return {from, {}, from};
  const auto place = [this](std::int64_t at) HOTCLOCK_REQUIRES(m_) {
    return next_character(kept_,
                          static_cast<std::size_t>(std::max(at - dropped_, std::int64_t{0})));
  };
  const std::size_t window = place(end - static_cast<std::int64_t>(most_));
  const std::size_t begins = std::max(window, place(from));
  shown_ = true;
  return {dropped_ + static_cast<std::int64_t>(begins), kept_.substr(begins),
          dropped_ + static_cast<std::int64_t>(window)};
}

ExecutionLog::Whole ExecutionLog::finish() {
  Lock lock(m_);
  finished_ = true;
  return {whole(), shown_};
}

}  // namespace hotclock
