#include "service/profiling/plans.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>
#include <regex>

#include "service/profiling/plans_of.h"

namespace hotclock::profiling {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& from, std::string_view name) {
  const json::value* found = from.if_contains(name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

double number_of(const json::object& from, std::string_view name) {
  const json::value* found = from.if_contains(name);
  return found && found->is_number() ? found->to_number<double>() : 0;
}

void take_in(const json::object& from, int depth, std::vector<Node>& nodes) {
  Node node{.depth = depth,
            .kind = text_of(from, "Node Type"),
            .schema = text_of(from, "Schema"),
            .table = text_of(from, "Relation Name"),
            .alias = text_of(from, "Alias"),
            .index = text_of(from, "Index Name"),
            .filter = text_of(from, "Filter"),
            .rows = number_of(from, "Plan Rows"),
            .width = number_of(from, "Plan Width")};
  if (const json::value* keys = from.if_contains("Sort Key"))
    for (const json::value& key : keys->as_array()) node.sort_key.emplace_back(key.as_string());
  nodes.push_back(std::move(node));
  if (const json::value* beneath = from.if_contains("Plans"))
    for (const json::value& one : beneath->as_array()) take_in(one.as_object(), depth + 1, nodes);
}

void add_once(std::vector<std::string>& to, std::string word) {
  if (std::ranges::find(to, word) == to.end()) to.push_back(std::move(word));
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

Result<std::vector<Node>> nodes_of(std::string_view text) try {
  std::vector<Node> nodes;
  const json::value plan = json::parse(text);
  take_in(plan.as_array().at(0).as_object().at("Plan").as_object(), 0, nodes);
  return nodes;
} catch (const std::exception& unfit) {
  return Error(Errc::internal, unfit.what()).within("read a plan");
}

std::vector<std::string> columns_in(std::string_view condition, std::string_view alias) {
  static const std::regex named(R"re(([A-Za-z_]\w*)\."?([A-Za-z_]\w*)"?)re");
  std::vector<std::string> found;
  const std::string text(condition);
  for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at)
    if ((*at)[1].str() == alias) add_once(found, (*at)[2]);
  return found;
}

std::string table_called(std::string_view statement, std::string_view alias) {
  static const std::regex named(
      R"re(\b(?:from|join|into|update|,)\s+([a-z_]\w*)(?:\s+as)?(?:\s+([a-z_]\w*))?)re",
      std::regex::icase);
  const std::string text(statement);
  for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at)
    if (same_word((*at)[2].str(), alias)) return (*at)[1];
  return std::string(alias);
}

std::vector<std::string> compared(std::string_view statement,
                                  const std::vector<std::string>& columns) {
  static const std::regex side(
      R"re((?:\b[a-z_]\w*\.)?\b([a-z_]\w*)\s*(?:=|<|>|\bin\b|\bbetween\b|\blike\b|\bis\b))re",
      std::regex::icase);
  static const std::regex where(R"re(\b(where|on)\b)re", std::regex::icase);
  const std::string text(statement);
  std::smatch begins;
  if (!std::regex_search(text, begins, where)) return {};
  std::vector<std::string> found;
  for (std::sregex_iterator at(begins[0].second, text.end(), side), end; at != end; ++at)
    for (const std::string& column : columns)
      if (same_word((*at)[1].str(), column)) add_once(found, column);
  return found;
}

Plan plan_of(sql::Database& database, const Asking& asking, const PlanLimits& limits) {
  auto plan = database.dialect().engine == "sqlite" ? sqlite_plan(database, asking, limits)
                                                    : postgres_plan(database, asking, limits);
  if (plan) return std::move(plan).value();
  return {std::string(asking.statement), {}, {{Finding::Kind::no_plan, plan.error().message()}}};
}

}  // namespace hotclock::profiling
