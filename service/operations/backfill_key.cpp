#include "service/operations/backfill_key.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace hotclock::operations {
namespace {

constexpr char mark = '~';

bool read_instant(std::string_view text, Instant& out) {
  std::int64_t ms = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ms);
  out = from_millis(ms);
  return failed == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string BackfillKey::text() const {
  return fmt::format("{0}{4}{1}{4}{2}{4}{3}", job, to_millis(from), to_millis(to), plan, mark);
}

Result<BackfillKey> read_backfill_key(std::string_view text) {
  std::array<std::string_view, 4> parts;
  std::size_t count = 0;
  for (std::string_view rest = text; count < parts.size(); ++count) {
    const std::size_t end = std::min(rest.find(mark), rest.size());
    parts[count] = rest.substr(0, end);
    if (end == rest.size()) {
      ++count;
      break;
    }
    rest.remove_prefix(end + 1);
  }
  BackfillKey key{std::string(parts[0]), {}, {}, std::string(parts[3])};
  if (count != parts.size() || !read_instant(parts[1], key.from) ||
      !read_instant(parts[2], key.to) || key.text() != text)
    return Error(Errc::not_found, "there is no such backfill");
  return key;
}

}  // namespace hotclock::operations
