// Whether the statements that work on the platform carry the key that a sharded PostgreSQL distributes
// by. The tables that grow with the users are really laid into three parts by the hash of that key, each
// statement is planned on them, and the plans say where its rows are. docs/scaling.md shows what is found.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "service/jobs/catalogue.h"
#include "service/outbox/reader.h"
#include "service/schema/schema.h"
#include "service/sql/sql.h"
#include "service/work/chunk.sql.h"
#include "tests/scaling/platform.h"

namespace hotclock {
namespace {

namespace json = boost::json;

constexpr int shards = 3;

// Distributed by the user they belong to; every other table is small and stays on the coordinator.
const std::map<std::string, std::string> keys = {{"users", "id"},
                                                 {"user_trust", "user_id"},
                                                 {"transactions", "user_id"},
                                                 {"reputation_events", "user_id"},
                                                 {"streams", "host_id"}};

// ---------------------------------------------------------------- what a plan says of a statement

// Reads one plan. A source is one mention of a distributed table in the statement.
class PlanReader {
 public:
  PlanReader(const json::object& plan, const std::map<std::string, std::vector<std::string>>& columns)
      : columns_(columns) {
    walk(plan);
    for (auto& [alias, source] : sources_) judge(alias, source);
  }

  std::string where() const {
    int by_key = 0, pinned = 0;
    for (const auto& [alias, source] : sources_) {
      pinned += source.pinned;
      by_key += source.pinned || source.keyed;
    }
    const int all = static_cast<int>(sources_.size());
    if (all == 0) return "coordinator";
    if (pinned == all) return "one shard";
    const std::string there = by_key >= all - 1 ? "each shard by itself" : "rows cross shards";
    return there + (others_.empty() ? "" : ", and the coordinator's " + list());
  }

 private:
  struct Source {
    std::string key;
    std::set<std::string> parts;
    bool pinned = false;  // by a parameter
    bool keyed = false;   // by the key of another source
  };

  void walk(const json::object& node) {
    for (const char* condition : {"Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond"})
      if (const auto* found = node.if_contains(condition)) conditions_ += std::string(found->as_string()) + "\n";
    if (const auto* relation = node.if_contains("Relation Name")) note(node, std::string(relation->as_string()));
    if (const auto* plans = node.if_contains("Plans"))
      for (const auto& plan : plans->as_array()) walk(plan.as_object());
  }
  void note(const json::object& node, const std::string& relation) {
    const std::string table = std::regex_replace(relation, std::regex("_part\\d+$"), "");
    const auto key = keys.find(table);
    if (key == keys.end()) {
      others_.insert(relation);
      return;
    }
    const std::string type(node.at("Node Type").as_string());
    const std::string alias = std::regex_replace(std::string(node.at("Alias").as_string()), std::regex("_\\d+$"), "");
    if (type == "ModifyTable" && node.at("Operation") == "Insert") {
      const auto& output = rows_of(node);
      const auto& names = columns_.at(table);
      const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), key->second) - names.begin());
      const std::string value(output.at(place).as_string());
      sources_["into " + table] = {.key = key->second,
                                   .pinned = std::regex_match(value, std::regex("\\(?\\$\\d+.*")),
                                   .keyed = std::regex_match(value, std::regex("\\w+\\.(id|user_id|host_id)"))};
    } else if (type != "ModifyTable") {
      auto& source = sources_[alias];
      source.key = key->second;
      source.parts.insert(relation);
    }
  }
  // What an INSERT is given, column by column; an Append shows none and has that of its parts.
  static const json::array& rows_of(const json::object& insert) {
    const json::object* from = &insert.at("Plans").at(0).as_object();
    while (!from->contains("Output")) from = &from->at("Plans").at(0).as_object();
    return from->at("Output").as_array();
  }
  void judge(const std::string& alias, Source& source) const {
    if (alias.starts_with("into ")) return;
    const std::string mine = "\\b" + alias + "(_\\d+)?\\." + source.key, other = "\\w+\\.(id|user_id|host_id)\\b";
    source.pinned = source.parts.size() == 1 && std::regex_search(conditions_, std::regex(mine + " = \\$"));
    source.keyed = std::regex_search(conditions_, std::regex(mine + " = " + other)) ||
                   std::regex_search(conditions_, std::regex(other + " = " + mine));
  }
  std::string list() const {
    std::string names;
    for (const auto& name : others_) names += (names.empty() ? "" : ", ") + name;
    return names;
  }

  const std::map<std::string, std::vector<std::string>>& columns_;
  std::string conditions_;
  std::map<std::string, Source> sources_;
  std::set<std::string> others_;
};

// ---------------------------------------------------------------- the tables

class ShardedTest : public PlatformTest {
 protected:
  ShardedTest() : database_(sql::open(scratch_.url(), {.create = true}).value()) {
    EXPECT_TRUE(schema::migrate(*database_, from_millis(1'790'000'000'000)));
    look_at(scratch_.url());
  }

  // Each distributed table in three parts by the hash of its key.
  void distribute() {
    for (const auto& [table, key] : keys) {
      const std::string name = "platform." + table;
      std::string made = "ALTER TABLE " + name + " RENAME TO " + table + "_whole; CREATE TABLE " + name + " (LIKE " + name +
                         "_whole INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY HASH (" + key + ");";
      for (int part = 0; part < shards; ++part)
        made += "CREATE TABLE " + name + "_part" + std::to_string(part) + " PARTITION OF " + name +
                " FOR VALUES WITH (MODULUS 3, REMAINDER " + std::to_string(part) + ");";
      text(made + "DROP TABLE " + name + "_whole CASCADE; CREATE INDEX ON " + name + " (" + key + ")");
    }
    text("CREATE UNIQUE INDEX ON platform.transactions (bonus_date, user_id) WHERE bonus_date IS NOT NULL;"
         "CREATE UNIQUE INDEX ON platform.user_trust (user_id)");
  }

  std::vector<const sql::Statement*> statements() const {
    auto all = jobs::statements(database_->dialect());
    all.insert(all.end(), work::stmt::chunk::all.begin(), work::stmt::chunk::all.end());
    const auto events = outbox::statements(database_->dialect());
    all.insert(all.end(), events.begin(), events.end());
    return all;
  }

  // Where the rows of a statement are: of the plan that serves all parameters, with some put in.
  std::string where(const sql::Statement& statement) const {
    const std::string session =
        "SET search_path = hotclock, platform; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
        "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off; SET enable_material = off;"
        "PREPARE it AS " + std::string(statement.text) + ";";
    const std::string values = text(
        session + "SELECT coalesce('(' || string_agg(CASE WHEN t::text IN ('text', 'timestamp with time zone')"
                  " THEN '''2026-01-01''' ELSE '1' END, ', ') || ')', '') FROM pg_prepared_statements,"
                  " unnest(parameter_types) AS t WHERE name = 'it'");
    const auto plan = json::parse(text(session + "EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE it" + values));
    return PlanReader(plan.at(0).at("Plan").as_object(), columns()).where();
  }

  std::string statement_table() const {
    std::string table = "| statement | where its rows are |\n|---|---|\n";
    for (const sql::Statement* statement : statements())
      table += "| `" + std::string(statement->name) + "` | " + where(*statement) + " |\n";
    return table;
  }

  std::string key_table() const {
    std::string table = "| table | distributed by | unique key | holds it |\n|---|---|---|---|\n";
    for (const auto& [name, key] : keys) {
      const std::string rows = text(
          "SELECT string_agg(format('| `" + name + "` | `" + key + "` | `(%s)` | %s |', columns, CASE WHEN '" + key +
          "' = ANY (names) THEN 'yes' ELSE 'no' END), E'\\n' ORDER BY columns) FROM (SELECT array_agg(a.attname::text) AS names,"
          " string_agg(a.attname, ', ' ORDER BY k.place) AS columns FROM pg_index AS i CROSS JOIN LATERAL unnest(i.indkey)"
          " WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
          " WHERE i.indisunique AND i.indrelid = 'platform." + name + "'::regclass GROUP BY i.indexrelid) AS found");
      table += rows + "\n";
    }
    return table;
  }

 private:
  std::map<std::string, std::vector<std::string>> columns() const {
    std::map<std::string, std::vector<std::string>> found;
    for (const auto& [table, key] : keys) {
      std::istringstream names(text("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attnum > 0"
                                    " AND attrelid = 'platform." + table + "'::regclass"));
      for (std::string name; names >> name;) found[table].push_back(name);
    }
    return found;
  }

  sql::PostgresScratch scratch_;
  std::unique_ptr<sql::Database> database_;
};

std::string page() {
  std::ifstream in(HOTCLOCK_SOURCE_DIR "/docs/scaling.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(ShardedTest, ThePageShowsWhichUniqueKeysHoldTheKeyTheyAreDistributedBy) {
  const std::string table = key_table();
  EXPECT_NE(table.find("| `transactions` | `user_id` | `(bonus_date, user_id)` | yes |"), std::string::npos)
      << "without it nobody could promise that each is paid once for a date";
  EXPECT_NE(page().find(table), std::string::npos) << "docs/scaling.md should show:\n" << table;
}

TEST_F(ShardedTest, ThePageShowsWhereTheRowsOfEachStatementAre) {
  distribute();
  const std::string table = statement_table();
  EXPECT_NE(page().find(table), std::string::npos) << "docs/scaling.md should show:\n" << table;
}

TEST_F(ShardedTest, AStatementWithoutTheKeyIsFoundOut) {
  distribute();
  EXPECT_EQ(where({"one", "SELECT coin_balance FROM users WHERE id = $1"}), "one shard");
  EXPECT_EQ(where({"by_name", "SELECT id FROM users WHERE username = $1"}), "each shard by itself");
  EXPECT_EQ(where({"tiers", "SELECT name FROM og_tiers WHERE tier = $1"}), "coordinator");
  EXPECT_EQ(where({"together", "SELECT count(*) FROM users AS u JOIN transactions AS t ON t.user_id = u.id"}),
            "each shard by itself");
  EXPECT_EQ(where({"apart", "SELECT count(*) FROM users AS u JOIN streams AS s ON s.id = u.followers"}),
            "rows cross shards");
  EXPECT_EQ(where({"into", "INSERT INTO user_trust (user_id, summed_at) SELECT s.followers, now() FROM users AS s"}),
            "rows cross shards");
}

// ---------------------------------------------------------------- a Hotclock for each shard

class ShardsTest : public PlatformTest {
 protected:
  ShardsTest() {
    look_at(whole_.url());
    on(whole_.url());
    a_platform_of(900);
    done({"migrate"});
    for (int shard = 0; shard < shards; ++shard) {
      shards_.push_back(std::make_unique<sql::PostgresScratch>(whole_.name()));
      leave_only(shard);
    }
  }

  // Works the same two days' bonus, and the trust, in a database.
  void work(const std::string& url) {
    on(url);
    done({"backfill", "og-daily-bonus", "--from", text("SELECT to_char(now() - interval '3 days', 'YYYY-MM-DD') || 'T00:00:00Z'"),
          "--to", text("SELECT to_char(now() - interval '1 day', 'YYYY-MM-DD') || 'T00:00:00Z'"), "--yes"});
    done({"run", "trust-score"});
    done({"doctor"});
  }
  static std::string paid(const std::string& url) {
    return sql::plain_postgres(url,
                               "SELECT coalesce(string_agg(format('%s %s %s', user_id, bonus_date, amount), E'\\n'"
                               " ORDER BY user_id, bonus_date), '') FROM platform.transactions WHERE bonus_date IS NOT NULL");
  }
  static std::string trusted(const std::string& url) {
    return sql::plain_postgres(url, "SELECT string_agg(format('%s %s %s', user_id, score, level), E'\\n' ORDER BY user_id)"
                                    " FROM platform.user_trust");
  }
  template <class What>
  std::multiset<std::string> lines(What what, const std::vector<std::string>& urls) {
    std::multiset<std::string> all;
    for (const auto& url : urls) {
      std::istringstream in(what(url));
      for (std::string line; std::getline(in, line);) all.insert(line);
    }
    return all;
  }
  std::string whole() const { return whole_.url(); }
  std::vector<std::string> each() const {
    std::vector<std::string> urls;
    for (const auto& shard : shards_) urls.push_back(shard->url());
    return urls;
  }

 private:
  void leave_only(int shard) {
    const std::string elsewhere = " % 3 <> " + std::to_string(shard);
    sql::plain_postgres(shards_.back()->url(),
                        "DELETE FROM platform.stream_ranks; DELETE FROM platform.thrones WHERE user_id" + elsewhere +
                            " OR stream_id IN (SELECT id FROM platform.streams WHERE host_id" + elsewhere +
                            "); DELETE FROM platform.streams WHERE host_id" + elsewhere +
                            "; DELETE FROM platform.reputation_events WHERE user_id" + elsewhere +
                            "; DELETE FROM platform.transactions WHERE user_id" + elsewhere +
                            "; DELETE FROM platform.user_trust WHERE user_id" + elsewhere +
                            "; DELETE FROM platform.users WHERE id" + elsewhere);
  }

  sql::PostgresScratch whole_;
  std::vector<std::unique_ptr<sql::PostgresScratch>> shards_;
};

TEST_F(ShardsTest, AHotclockOnEachShardPaysAndTrustsAsOneOnTheWholeDoes) {
  work(whole());
  for (const auto& url : each()) work(url);
  EXPECT_GT(lines(paid, {whole()}).size(), 300u);
  EXPECT_EQ(lines(paid, each()), lines(paid, {whole()}));
  EXPECT_GT(lines(trusted, {whole()}).size(), 300u);
  EXPECT_EQ(lines(trusted, each()), lines(trusted, {whole()}));
}

}  // namespace
}  // namespace hotclock
