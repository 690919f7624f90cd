// Debian's python3-socketio, written by others than the reference, against a server in app mode.
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serverForTests } from "./support/server.mjs";

// Debian's own, which knows Debian's packages.
const python = "/usr/bin/python3";
const program = fileURLToPath(new URL("python_client.py", import.meta.url));
// Now and then this client leaves without saying so, and waits for its held GET: a ping releases it.
const server = await serverForTests("app", { "ping-interval": 1000 });
const cases = ["connects", "is_refused", "has_namespaces", "exchanges_events", "exchanges_acknowledgements", "exchanges_bytes",
               "hears_rooms", "gets_a_burst", "gets_much_at_once", "is_sent_away"];

for (const transport of ["websocket", "polling", "upgrade"])
  describe(`the Python client by ${transport}`, { concurrency: true }, () => {
    for (const one of cases)
      test(one.replaceAll("_", " "), () =>
        promisify(execFile)(python, [program, server.url, one, transport], { timeout: 30_000 }));
  });
