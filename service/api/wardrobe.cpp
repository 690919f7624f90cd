#include "service/api/wardrobe.h"

#include <algorithm>
#include <vector>

#include "service/api/theme_pages.sql.h"
#include "service/festivals/theme_rows.h"
#include "service/sql/rows.h"
#include "service/theme/festival.h"

namespace hotclock::api {
namespace {

namespace text = stmt::theme_pages;

constexpr Duration patience = std::chrono::seconds{2};

struct Version {
  std::string country;
  std::int64_t number = 0;
};

// One whose text is no document is the default theme: clients take off what they wear.
theme::Document document_of(std::string_view text, const Version& version,
                            const theme::Rules& rules) {
  auto document = theme::parse_document(text, rules);
  if (document) return std::move(document).value();
  theme::Document plain;
  plain.country = version.country;
  plain.version = version.number;
  return plain;
}

Result<std::shared_ptr<const Rendered>> read_one(sql::Transaction& tx, const Version& version,
                                                 const theme::Rules& rules) {
  auto found = sql::first_row(
      tx, text::document, {version.country, version.number}, [&](const sql::Rows& row) {
        return std::make_shared<const Rendered>(document_of(row.text(0), version, rules));
      });
  if (!found) return std::move(found).error();
  return found->value_or(nullptr);
}

Result<std::vector<Version>> newest(sql::Transaction& tx) {
  std::vector<Version> out;
  auto read = sql::for_each_row(tx, text::newest, {}, [&](const sql::Rows& row) {
    out.push_back({std::string(row.text(0)), row.integer(1)});
  });
  if (!read) return std::move(read).error();
  return out;
}

std::shared_ptr<const Rendered> default_theme() {
  theme::Document document;
  document.country = theme::global;
  return std::make_shared<const Rendered>(document);
}

Result<std::vector<theme::Festival>> calendar(sql::Transaction& tx, Instant now, Instant until,
                                              const std::string& country) {
  std::vector<theme::Festival> out;
  auto read = sql::for_each_row(
      tx, text::calendar, {now, until, country},
      [&](const sql::Rows& row) { out.push_back(festivals::read_theme_festival(row)); });
  if (!read) return std::move(read).error();
  return out;
}

}  // namespace

Result<std::shared_ptr<const Wardrobe>> Wardrobe::read(sql::Database& database,
                                                       const theme::Rules& rules,
                                                       std::shared_ptr<const Wardrobe> before,
                                                       const std::stop_token& stop) {
  auto tx = database.read({.stop = stop, .deadline = patience});
  if (!tx) return std::move(tx).error();
  auto versions = newest(**tx);
  if (!versions) return std::move(versions).error();
  std::shared_ptr<Wardrobe> out(new Wardrobe);
  for (const Version& version : *versions) {
    const auto known = before ? before->by_country_.find(version.country) : out->by_country_.end();
    const bool stays =
        before && known != before->by_country_.end() && known->second->version == version.number;
    auto one = stays ? Result<std::shared_ptr<const Rendered>>(known->second)
                     : read_one(**tx, version, rules);
    if (!one) return std::move(one).error();
    if (*one) out->by_country_.emplace(version.country, std::move(one).value());
  }
  out->by_country_.try_emplace(std::string(theme::global), default_theme());
  return std::shared_ptr<const Wardrobe>(std::move(out));
}

const Rendered& Wardrobe::of(std::string_view country) const {
  const auto own = by_country_.find(country);
  return *(own != by_country_.end() ? own : by_country_.find(theme::global))->second;
}

Result<std::shared_ptr<const Rendered>> read_version(sql::Database& database,
                                                     const theme::Rules& rules,
                                                     const std::string& country,
                                                     std::int64_t version,
                                                     const std::stop_token& stop) {
  auto tx = database.glance({.stop = stop, .deadline = patience});
  if (!tx) return std::move(tx).error();
  return read_one(**tx, {country, version}, rules);
}

Result<std::optional<theme::Document>> read_upcoming(sql::Database& database,
                                                     const theme::Rules& rules,
                                                     const std::string& country, Instant now,
                                                     Instant until, const std::stop_token& stop) {
  auto tx = database.glance({.stop = stop, .deadline = patience});
  if (!tx) return std::move(tx).error();
  auto festivals = calendar(**tx, now, until, country);
  if (!festivals) return std::move(festivals).error();
  const bool own = std::ranges::count(*festivals, country, &theme::Festival::country) > 0;
  const std::string_view whose = own ? std::string_view(country) : theme::global;
  const auto change = theme::document_for(*festivals, whose, now, rules).valid_until;
  if (!change || *change > until) return std::optional<theme::Document>();
  return std::optional(theme::document_for(*festivals, whose, *change, rules));
}

}  // namespace hotclock::api
