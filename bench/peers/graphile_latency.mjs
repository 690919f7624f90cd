// graphile-worker as it comes: how long after one process asks for a job another one starts it.
//   node graphile_latency.mjs URL JOBS      prints the milliseconds of each
import { fork } from "node:child_process";
import { createRequire } from "node:module";

// The packages lie where bench/run installed them, not beside this file.
const require = createRequire(process.env.HOTCLOCK_PEERS + "/");
const { Logger, run, runMigrations } = require("graphile-worker");
const { Client } = require("pg");

const [url, jobs, role] = process.argv.slice(2);
const logger = new Logger(() => () => {});
const preset = { worker: { connectionString: url, concurrentJobs: 4, logger } };
const now = () => Number(process.hrtime.bigint()) / 1e6;
const next = (child) => new Promise((heard) => child.once("message", heard));

async function serve() {
  const runner = await run({ preset, taskList: { nothing: () => process.send(now()) } });
  runner.events.once("worker:getJob:empty", () => process.send("ready"));
}

async function measure() {
  await runMigrations({ preset });
  const child = fork(process.argv[1], [url, "0", "serve"]);
  await next(child);
  const client = new Client(url);
  await client.connect();
  for (let i = 0; i < Number(jobs); ++i) {
    const started = next(child);
    const asked = now();
    await client.query("SELECT graphile_worker.add_job('nothing')");
    console.log((await started) - asked);
    await new Promise((rested) => setTimeout(rested, 2));
  }
  await client.end();
  child.kill("SIGKILL");
}

await (role === "serve" ? serve() : measure());
