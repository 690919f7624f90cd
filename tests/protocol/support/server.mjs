// The server that is judged: the program HOTCLOCK_SOCKETIO_SERVER names or, without it, the reference.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { within } from "./waiting.mjs";

const program = process.env.HOTCLOCK_SOCKETIO_SERVER;
export const isReference = !program;
const reference = fileURLToPath(new URL("../reference_server.mjs", import.meta.url));

export class TestServer {
  // `options` as on the command line: { "ping-interval": 300 }.
  static async start(mode, options = {}) {
    const server = new TestServer();
    const args = Object.entries({ mode, port: 0, ...options }).flatMap(([key, value]) => [`--${key}`, `${value}`]);
    server.process = spawn(program ?? process.execPath, program ? args : [reference, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    server.ended = once(server.process, "exit");
    process.once("exit", () => server.process.kill("SIGKILL"));  // whatever becomes of the tests
    const lines = createInterface({ input: server.process.stdout });
    const [line] = await within(10_000, "the server says that it listens", once(lines, "line"));
    server.port = Number(/^listening on (\d+)$/.exec(line)?.[1]);
    assert.ok(server.port > 0, `said "${line}"`);
    server.path = options.path ?? "/socket.io/";
    server.url = `http://127.0.0.1:${server.port}`;
    return server;
  }

  // Asks it to end and waits until it has; a server that had to be told twice, or crashed, is a failure.
  async stop() {
    this.process.kill("SIGTERM");
    try {
      const [code, signal] = await within(8000, "the server ends on SIGTERM", this.ended);
      assert.equal(code, 0, `the server ended with ${signal ?? code}`);
    } finally {
      this.process.kill("SIGKILL");
    }
  }

  residentMiB() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, "latin1");
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  }
}

// A server for all tests of a file, stopped after the last.
export async function serverForTests(mode, options) {
  const server = await TestServer.start(mode, options);
  after(() => server.stop());
  return server;
}

// A test of a rule in which the specification asks more than the reference does: there it must fail,
// so that it is noticed when the reference catches up, and that the test can fail at all.
export function betterThanReference(name, body) {
  test(name, async (t) => {
    if (!isReference) return body(t);
    await assert.rejects(async () => body(t), "the reference passes: the mark is out of date");
  });
}
