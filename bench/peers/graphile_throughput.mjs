// graphile-worker in its quickest preset on jobs that do nothing: they are entered by SQL, then two
// processes drain them. Counted from the first job's start to the last one's recorded end.
//   node graphile_throughput.mjs URL JOBS      prints "SECONDS CPU_US_EACH"
import { fork } from "node:child_process";
import { createRequire } from "node:module";

// The packages lie where bench/run installed them, not beside this file.
const require = createRequire(process.env.HOTCLOCK_PEERS + "/");
const { runMigrations, runOnce } = require("graphile-worker");
const { Client } = require("pg");

const [url, jobs, role] = process.argv.slice(2);
const quiet = new (require("graphile-worker").Logger)(() => () => {});
const preset = {
  worker: {
    connectionString: url,
    concurrentJobs: 24,
    maxPoolSize: 24,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    logger: quiet,
  },
};

async function drain() {
  let begun = 0;
  const nothing = () => {
    begun ||= Date.now();
  };
  process.send("ready");
  await new Promise((go) => process.once("message", go));
  const before = process.cpuUsage();
  await runOnce({ preset, taskList: { nothing } });
  const used = process.cpuUsage(before);
  process.send({ begun, ended: Date.now(), cpu: used.user + used.system });
  process.disconnect();
}

async function enter() {
  await runMigrations({ preset });
  const client = new Client(url);
  await client.connect();
  await client.query(
    `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
       SELECT json_populate_record(NULL::graphile_worker.job_spec, '{"identifier": "nothing"}')
         FROM generate_series(1, $1::int)))`,
    [jobs],
  );
  for (const text of ["VACUUM ANALYZE", "CHECKPOINT"]) await client.query(text);
  return client;
}

const next = (child) => new Promise((heard) => child.once("message", heard));

async function measure() {
  const client = await enter();
  const children = Array.from({ length: 2 }, () =>
    fork(process.argv[1], [url, "0", "drain"]));
  await Promise.all(children.map(next));
  const told = children.map(next);
  children.forEach((child) => child.send("go"));
  const all = (await Promise.all(told)).filter((one) => one.begun > 0);
  const left = await client.query("SELECT count(*)::int AS jobs FROM graphile_worker.jobs");
  await client.end();
  if (left.rows[0].jobs !== 0) throw new Error(`${left.rows[0].jobs} jobs were left`);
  const seconds = (Math.max(...all.map((one) => one.ended)) - Math.min(...all.map((one) => one.begun))) / 1000;
  const cpu = all.reduce((sum, one) => sum + one.cpu, 0);
  console.log(seconds, cpu / Number(jobs));
}

await (role === "drain" ? drain() : measure());
