// For the tests of festival-activation: festivals by days, and what the platform and its clients
// see of them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <initializer_list>
#include <string>

#include "service/jobs/festival_activation/festival_activation.h"
#include "service/jobs/kit/workbench_support.h"

namespace hotclock::festival_activation {

inline const Instant day0 = from_millis(1'790'000'000'000);

class Calendar : public kit::Workbench {
 public:
  // Runs from one day to another, both its own; its look is called "festival-<id>".
  void festival(int id, int from, int to, const char* country = "NP", int priority = 0) {
    sql(fmt::format(R"(INSERT INTO festivals (id, name, type, country, priority, starts_at, ends_at,
                       theme, skins, bonuses) VALUES ({0}, 'Festival {0}', 'cultural', '{1}', {2},
                       {3}, {4}, '{{"name":"festival-{0}"}}', '["red"]', '{{"giftMultiplier":2}}'))",
                    id, country, priority, to_millis(day(from)), to_millis(day(to))));
  }
  void gift(int id, std::initializer_list<int> festivals, bool always = false) {
    sql(
        fmt::format("INSERT INTO gifts (id, name, price_coins, always_available) VALUES"
                    " ({0}, 'gift {0}', 10, {1})",
                    id, always ? 1 : 0));
    for (const int festival : festivals)
      sql(fmt::format("INSERT INTO festival_gifts VALUES ({}, {})", festival, id));
  }
  // An editor changes a column of a festival, as the platform does, past our commands.
  void change(int id, std::string_view column, std::string_view value) {
    sql(fmt::format("UPDATE festivals SET {} = '{}' WHERE id = {}", column, value, id));
  }
  void ends(int id, int last_day) {
    sql(fmt::format("UPDATE festivals SET ends_at = {} WHERE id = {}", to_millis(day(last_day)),
                    id));
  }
  // The same by our commands.
  void edit(int id, std::string_view column, std::string_view value) {
    sql(fmt::format("INSERT INTO festival_edits (festival_id, at) VALUES ({}, {})", id,
                    to_millis(day0)));
    change(id, column, value);
  }

  static Instant day(int n) { return day0 + std::chrono::days{n}; }
  Outcome run(Instant slot, Trigger trigger = Trigger::schedule) {
    Execution execution = claimed("festival-activation", slot, trigger);
    return FestivalActivation(desk(), settings).run(execution);
  }
  Outcome run(int n) { return run(day(n)); }

  bool runs(int id) {
    return number(fmt::format("SELECT is_active FROM festivals WHERE id = {}", id)) == 1;
  }
  bool on_sale(int id) {
    return number(fmt::format("SELECT is_active FROM gifts WHERE id = {}", id)) == 1;
  }
  // What stands in `themes`: the look's text; "none" where there is no row.
  std::string theme(const char* country) {
    return text(fmt::format("SELECT coalesce(max(theme), 'none') FROM themes WHERE country = '{}'",
                            country));
  }
  std::int64_t version(const char* country) {
    return number(
        fmt::format("SELECT coalesce(max(version), 0) FROM themes WHERE country = '{}'", country));
  }
  std::int64_t documents(std::string_view where = "1 = 1") {
    return number(fmt::format("SELECT count(*) FROM theme_documents WHERE {}", where));
  }
  boost::json::value document(const char* country, std::int64_t version) {
    return boost::json::parse(text(
        fmt::format("SELECT document FROM theme_documents WHERE country = '{}' AND version = {}",
                    country, version)));
  }
  boost::json::value document(const char* country) { return document(country, version(country)); }
  // The name of the festival that dresses a country; "default" where none does.
  std::string wears(const char* country) {
    const auto festival = document(country).at("festival");
    return festival.is_null() ? "default" : std::string(festival.at("name").as_string());
  }
  std::string valid_until(const char* country) {
    const auto until = document(country).at("validUntil");
    return until.is_null() ? "for ever" : std::string(until.as_string());
  }
  double bonus(const char* country, const char* multiplier) {
    return document(country).at("bonuses").at(multiplier).to_number<double>();
  }

  std::string told() {
    std::string all;
    for (const auto& heard : this->heard()) all += heard.event + " ";
    return all;
  }
  // The countries that were told of a new theme, in order, each with its version.
  std::string told_of_themes() {
    std::string all;
    for (const auto& heard : this->heard())
      if (heard.event == "theme:changed")
        all += fmt::format("{} {}; ", heard.payload.at("country").as_string().c_str(),
                           heard.payload.at("version").as_int64());
    return all;
  }

  Settings settings;
};

}  // namespace hotclock::festival_activation
