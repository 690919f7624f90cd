#include "service/schema/platform.h"

#include <algorithm>

namespace hotclock::schema {
namespace {

using enum Holds;
using enum Use;

constexpr PlatformColumn users[] = {
    {"id", id},
    {"og_level", number},
    {"og_expires_at", instant},
    {"bonus_balance", number, changed},
    {"kyc_status", text},
    {"phone_verified", flag},
    {"email_verified", flag},
    {"social_connected", flag},
    {"is_banned", flag},
    {"last_bonus_date", date, changed},
    {"created_at", instant},
};
constexpr LookUp by_id[] = {{"id", ""}};

constexpr PlatformColumn user_trust[] = {
    {"user_id", number, entered}, {"score", real, kept},          {"level", text, kept},
    {"factors", text, kept},      {"running_sum", real, kept},    {"watermark", number, kept},
    {"summed_at", instant, kept},
};

constexpr PlatformColumn og_tiers[] = {
    {"tier", number}, {"price_coins", number}, {"duration_days", number}, {"is_active", flag}};

constexpr PlatformColumn transactions[] = {
    {"user_id", number, entered},     {"type", word, entered},        {"amount", number, entered},
    {"currency", word, entered},      {"status", word, entered},      {"description", word, entered},
    {"bonus_date", date, entered},    {"execution_id", text, entered}, {"metadata", text, entered},
    {"created_at", instant, entered},
};
constexpr LookUp sent_gifts[] = {{"user_id", "type = 'gift_sent'"}};

constexpr PlatformColumn streams[] = {
    {"id", number},         {"host_id", number},        {"status", word},
    {"category", text},     {"country", text},          {"started_at", instant},
    {"total_coins", number}, {"current_viewers", number}, {"engagement_rate", real},
};
constexpr LookUp streams_look_ups[] = {{"id", "status = 'live'"}, {"host_id", ""}};

constexpr PlatformColumn stream_ranks[] = {
    {"stream_id", number, entered},     {"engagement_score", real, kept}, {"rank_overall", number, kept},
    {"rank_in_category", number, kept}, {"rank_in_country", number, kept}, {"previous_rank", number, kept},
    {"computed_at", instant, kept},
};

constexpr PlatformColumn thrones[] = {
    {"id", number},          {"stream_id", number},   {"user_id", number},         {"username", text},
    {"total_coins", number}, {"expires_at", instant}, {"is_active", flag, changed},
};
constexpr LookUp due_thrones[] = {{"expires_at", "is_active = 1"}};

constexpr PlatformColumn festivals[] = {
    {"id", number},         {"name", text},      {"country", text},        {"priority", number},
    {"starts_at", instant}, {"ends_at", instant}, {"is_active", flag, changed}, {"theme", text},
    {"skins", text},        {"bonuses", text},
};

constexpr PlatformColumn gifts[] = {
    {"id", number}, {"is_active", flag, changed}, {"always_available", flag}};

constexpr PlatformColumn festival_gifts[] = {{"festival_id", number}, {"gift_id", number}};
constexpr LookUp by_gift[] = {{"gift_id", ""}};

constexpr PlatformColumn themes[] = {
    {"country", text, entered},     {"version", number, kept},    {"festival_id", number, kept},
    {"theme", text, kept},          {"changed_at", instant, kept},
};

constexpr PlatformColumn reputation_events[] = {
    {"id", number}, {"user_id", number}, {"type", word}, {"delta", number}, {"created_at", instant}};
constexpr LookUp events_look_ups[] = {{"id", ""}, {"user_id", ""}};

constexpr PlatformTable tables[] = {
    {.name = "users", .columns = users, .money = true, .look_ups = by_id},
    {.name = "user_trust", .columns = user_trust, .key = "user_id"},
    {.name = "og_tiers", .columns = og_tiers},
    {.name = "transactions", .columns = transactions, .money = true, .look_ups = sent_gifts},
    {.name = "streams", .columns = streams, .look_ups = streams_look_ups},
    {.name = "stream_ranks", .columns = stream_ranks, .key = "stream_id", .removed = true},
    {.name = "thrones", .columns = thrones, .look_ups = due_thrones},
    {.name = "festivals", .columns = festivals},
    {.name = "gifts", .columns = gifts},
    {.name = "festival_gifts", .columns = festival_gifts, .look_ups = by_gift},
    {.name = "themes", .columns = themes, .key = "country"},
    {.name = "reputation_events", .columns = reputation_events, .look_ups = events_look_ups},
};

}  // namespace

bool PlatformTable::is_entered() const {
  return std::ranges::any_of(columns, [](const PlatformColumn& c) { return c.use == entered; });
}

std::span<const PlatformTable> platform_tables() { return tables; }

std::vector<std::string_view> columns_of(const PlatformTable& table, Use use) {
  std::vector<std::string_view> names;
  for (const PlatformColumn& column : table.columns)
    if (column.use == use) names.push_back(column.name);
  return names;
}

}  // namespace hotclock::schema
