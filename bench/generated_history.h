// A past for the benchmark of lists: slots and how they ended, made by set-based SQL in a realistic
// mix.
#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "bench/postgres.h"

namespace hotclock::bench {

// 400 days, a fifth of a second to some seconds between slots. Of 200 jobs a few have most; 97 of
// 100 slots complete, of the rest most are refused or failed, with words; one in a hundred was not
// due by schedule, one in two thousand asked for by a person, one in ten in a queue of its own; 12
// nodes have started anew each two weeks, and one, "node-gone", is gone since the first ten days.
constexpr const char* past_begins = "timestamptz '2025-10-01 00:00:00+00'";

inline void generate_people_and_nodes(Hand& hand) {
  hand.run(
      "INSERT INTO jobs (name, schedule, entered_until) SELECT 'job-' || n, '* * * * * UTC', now()"
      " FROM generate_series(1, 200) AS n");
  hand.run("INSERT INTO queues (name) VALUES ('money'), ('mail'), ('reports')");
  hand.run(fmt::format(
      "INSERT INTO nodes (name, host, boot_id, pid, pid_start, started_at, seen_at, stopped_at, "
      "version, zone_data)"
      " SELECT 'node-' || n, 'h', 'b', 1, 1, at, at + interval '14 days', at + interval '14 days', "
      "'1', '1'"
      " FROM generate_series(1, 12) AS n, LATERAL (SELECT {} + p * interval '14 days' AS at"
      " FROM generate_series(0, 28) AS p) AS life ORDER BY at, n",
      past_begins));
  hand.run(
      fmt::format("INSERT INTO nodes (name, host, boot_id, pid, pid_start, started_at, seen_at, "
                  "stopped_at, version, zone_data)"
                  " VALUES ('node-gone', 'h', 'b', 1, 1, {0}, {0} + interval '10 days', {0} + "
                  "interval '10 days', '1', '1')",
                  past_begins));
}

// So many slots by chance, as rows of the temporary table `made`; they come again and again, each
// time later.
constexpr std::int64_t made_rows = 500'000;
inline void generate_made(Hand& hand, std::int64_t all) {
  hand.run(fmt::format(
      "CREATE TEMPORARY TABLE made AS SELECT g AS id, g * (interval '400 days' / {1}) AS at, job, "
      "luck, how, trigger, queue,"
      " CASE WHEN trigger IN ('manual', 'backfill') THEN 'person-' || 1 + floor(random() * "
      "30)::int ELSE '' END AS who,"
      " 1 + floor(random() * 12)::int AS node, -ln(1 - random()) * interval '400 ms' AS late,"
      " CASE WHEN luck < 0.002 THEN interval '1 minute' + -ln(1 - random()) * interval '10 minutes'"
      "      ELSE -ln(1 - random()) * interval '2 seconds' END AS took,"
      " how NOT IN ('refused', 'missed', 'cancelled') AS worked"
      " FROM (SELECT g, 1 + floor(200 * power(random(), 3))::int AS job, random() AS luck,"
      "   CASE WHEN e < 0.97 THEN 'completed' WHEN e < 0.982 THEN 'refused' WHEN e < 0.992 THEN "
      "'failed'"
      "        WHEN e < 0.997 THEN 'completed_with_errors' WHEN e < 0.9985 THEN 'missed'"
      "        WHEN e < 0.9995 THEN 'timed_out' ELSE 'cancelled' END AS how,"
      "   CASE WHEN t < 0.99 THEN 'schedule' WHEN t < 0.9945 THEN 'early' WHEN t < 0.9995 THEN "
      "'catch_up'"
      "        WHEN t < 0.9998 THEN 'backfill' ELSE 'manual' END AS trigger,"
      "   CASE WHEN q < 0.9 THEN NULL ELSE 1 + floor(random() * 3)::int END AS queue"
      "   FROM (SELECT g, random() AS e, random() AS t, random() AS q FROM generate_series(1, {0}) "
      "AS g) AS luck) AS slot"
      " ORDER BY g",
      std::min(made_rows, all), all));
}

inline void generate_slots(Hand& hand, std::int64_t before, std::int64_t all) {
  const std::string begin =
      fmt::format("{} + {} * (interval '400 days' / {})", past_begins, before, all);
  const std::int64_t day = before * 400 / all;
  hand.run(
      fmt::format("INSERT INTO slots (id, job_id, scheduled_for, slot_key, trigger, priority, "
                  "claim_rank, requested_by,"
                  " entered_at, queue_id) SELECT {0} + id, job, {1} + at, '', trigger, 0, {0} + "
                  "id, who, {1} + at, queue FROM made"
                  " WHERE {0} + id <= {2}",
                  before, begin, all));
  hand.run(fmt::format(
      "INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, "
      "ended_at, outcome,"
      " reason, tally, set_aside_total, scheduled_for)"
      " SELECT id, 1, how, 1, CASE WHEN worked THEN lpad(to_hex((extract(epoch FROM at) * "
      "1000)::bigint), 12, '0')"
      " || '-7000-8000-' || lpad(to_hex(id), 12, '0') END,"
      " CASE WHEN worked THEN CASE WHEN {3} < 10 AND luck < 0.02 THEN 349 ELSE node + {4} END END,"
      " CASE WHEN worked THEN at + late END, CASE WHEN worked THEN at + late + took ELSE at END, "
      "how,"
      " CASE how WHEN 'completed' THEN '' WHEN 'refused' THEN 'another execution of it runs'"
      " WHEN 'missed' THEN 'nothing ran when it was due'"
      " ELSE 'step ' || id % 7 || ': the ' || (ARRAY['bank', 'database', 'mail server', 'peer', "
      "'disk'])[1 + id % 5]"
      " || ' answered ' || (ARRAY['timeout', 'refused', 'unavailable'])[1 + id % 3] || ' for "
      "account ' || id % 99991 END,"
      " CASE WHEN how = 'completed' THEN '{{\"users\":12}}' ELSE '{{}}' END, 0, at"
      " FROM (SELECT {0} + id AS id, {1} + at AS at, luck, how, node, late, took, worked FROM "
      "made) AS m"
      " WHERE id <= {2}",
      before, begin, all, day, 12 * (day / 14)));
}

// Keys and indexes are made when all is there, in a tenth of the time. What is lost with the
// machine need not be written down twice.
inline void generate_history(const std::string& url, std::int64_t rows) {
  Hand hand(url);
  hand.run("SELECT setseed(0.4)");
  hand.run("SET session_replication_role = replica");
  hand.run("SET maintenance_work_mem = '1GB'");
  hand.run("ALTER TABLE slots SET UNLOGGED");
  hand.run("ALTER TABLE history SET UNLOGGED");
  hand.run(
      "CREATE TEMPORARY TABLE put_off AS"
      " SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,"
      "        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, "
      "pg_get_constraintdef(oid)) AS again"
      "   FROM pg_constraint WHERE conrelid IN ('slots'::regclass, 'history'::regclass) AND "
      "contype IN ('p', 'u')"
      " UNION ALL SELECT 'DROP INDEX ' || indexname, indexdef FROM pg_indexes"
      "  WHERE tablename IN ('slots', 'history') AND indexdef NOT LIKE '%UNIQUE%'");
  hand.run(
      "DO $$ DECLARE one text; BEGIN FOR one IN SELECT away FROM put_off LOOP EXECUTE one; END "
      "LOOP; END $$");
  generate_people_and_nodes(hand);
  generate_made(hand, rows);
  for (std::int64_t before = 0; before < rows; before += made_rows)
    generate_slots(hand, before, rows);
  hand.run("SELECT setval(pg_get_serial_sequence('slots', 'id'), (SELECT max(id) FROM slots))");
  hand.run(
      "DO $$ DECLARE one text; BEGIN FOR one IN SELECT again FROM put_off LOOP EXECUTE one; END "
      "LOOP; END $$");
  hand.run("VACUUM (ANALYZE) slots");
  hand.run("VACUUM (ANALYZE) history");
  hand.run("ANALYZE");
  hand.run("CHECKPOINT");
}

}  // namespace hotclock::bench
