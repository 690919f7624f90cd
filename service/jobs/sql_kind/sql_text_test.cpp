#include "service/jobs/sql_kind/sql_text.h"

#include <gtest/gtest.h>

namespace hotclock::sql_kind {
namespace {

std::string text_of(std::string_view text) {
  auto read = read_sql(text);
  return read ? read->text : "refused: " + read.error().message();
}

TEST(SqlText, TakesStatementsThatMayStandInAChunk) {
  for (const char* text :
       {"DELETE FROM t", "  update t set a = 1", "\n\tWITH x AS (SELECT 1) DELETE FROM t",
        "SELECT f()", "insert into t values (1)", "CALL tidy()", "REFRESH MATERIALIZED VIEW v",
        "TRUNCATE t"})
    EXPECT_EQ(text_of(text), text);
}

TEST(SqlText, RefusesWhatWouldEndItsTransactionOrChangeItsConnection) {
  for (const char* text : {"COMMIT",
                           "commit work",
                           "BEGIN",
                           "ROLLBACK",
                           "END",
                           "ABORT",
                           "START TRANSACTION",
                           "SAVEPOINT a",
                           "RELEASE a",
                           "PREPARE TRANSACTION 'a'",
                           "SET search_path = x",
                           "RESET ALL",
                           "DISCARD ALL",
                           "PRAGMA journal_mode = off",
                           "ATTACH 'x' AS y",
                           "VACUUM",
                           "DO $$ begin end $$",
                           "COPY t TO '/x'",
                           "EXPLAIN ANALYZE DELETE FROM t",
                           "/* */ COMMIT",
                           "-- x\nCOMMIT",
                           "/* UPDATE */ COMMIT",
                           "",
                           "  ",
                           "UPDATES t",
                           ";COMMIT",
                           "(DELETE FROM t)",
                           "\xEF\xBB\xBF"
                           "COMMIT",
                           "LISTEN a"})
    EXPECT_TRUE(text_of(text).starts_with("refused: a statement begins with SELECT")) << text;
}

TEST(SqlText, NumbersItsParametersWithoutAGap) {
  const auto read = read_sql("UPDATE t SET at = $2 WHERE due <= $1 OR at < $2").value();
  EXPECT_EQ(read.text, "UPDATE t SET at = $1 WHERE due <= $2 OR at < $1");
  EXPECT_EQ(read.given, (std::vector{Given::slot_millis, Given::slot}));
  EXPECT_EQ(text_of("DELETE FROM t WHERE at < $2"), "DELETE FROM t WHERE at < $1");
  EXPECT_TRUE(read_sql("DELETE FROM t").value().given.empty());
}

TEST(SqlText, LeavesTextsNamesAndCommentsAlone) {
  for (const char* text :
       {"UPDATE t SET a = '$2 it''s $3'", "UPDATE t SET \"$2\" = 1", "UPDATE t SET a = 1 -- $3",
        "UPDATE t /* $7 */ SET a = 1", "UPDATE t SET a = $$ $2 $$", "UPDATE t SET a$2 = 1",
        "UPDATE t SET a = 'no end $3"})
    EXPECT_EQ(text_of(text), text);
}

TEST(SqlText, RefusesAParameterThereIsNoneOf) {
  EXPECT_EQ(text_of("DELETE FROM t WHERE a = $3"),
            "refused: there is no $3: $1 is the slot's instant, $2 the same in milliseconds");
  EXPECT_TRUE(text_of("DELETE FROM t WHERE a = $10").starts_with("refused: there is no $10"));
  EXPECT_TRUE(text_of("DELETE FROM t WHERE a = $0").starts_with("refused: there is no $0"));
}

}  // namespace
}  // namespace hotclock::sql_kind
