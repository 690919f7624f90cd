// A second reader of the tz database, for tests: TZif files with their POSIX footer (RFC 9636),
// read without cctz, so that the two can be held against each other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock {

class TzifZone {
 public:
  // The zone of that name under /usr/share/zoneinfo; nothing where its file is no TZif of version
  // 2+.
  static std::optional<TzifZone> read(const std::string& name);

  // Wall clock minus UTC at second t.
  int offset_at(std::int64_t t) const;

  // Every second in [from, to) at which the offset changes.
  std::vector<std::int64_t> changes(std::int64_t from, std::int64_t to) const;

 private:
  // When summer time begins or ends: a day of the year by one of POSIX's three ways, and a time.
  struct Rule {
    char way = 'M';  // M month.week.day, J day without leap day, 0 day with leap day
    int month = 0, week = 0, day = 0;
    int seconds = 7200;

    std::int64_t wall_second(int year) const;
  };

  bool parse(const std::string& bytes);
  bool parse_footer(std::string_view footer);
  int footer_offset(std::int64_t t) const;

  std::vector<std::int64_t> times_;
  std::vector<int> offsets_;  // from times_[i] on
  int first_offset_ = 0;
  bool has_footer_ = false;
  int standard_ = 0;
  std::optional<int> summer_;
  std::array<Rule, 2> rules_;  // summer begins, summer ends
};

}  // namespace hotclock
