// The clients people use: socket.io-client from npm in eight versions, behind promises.
import { createRequire } from "node:module";
import { within } from "./waiting.mjs";

const require = createRequire(import.meta.url);
export const versions = ["3.1", "4.0", "4.1", "4.4", "4.5", "4.6", "4.7", "4.8"];
export const recovers = (version) => Number(version.split(".")[1]) >= 6 && version[0] === "4";

export const transports = {
  websocket: ["websocket"],
  polling: ["polling"],
  upgrade: ["polling", "websocket"],
};

// A client of that version, told to connect; nothing is shared between two of them.
export function client(server, version, { nsp = "", token = "good", ...options } = {}) {
  const { io } = require(`client-${version}`);
  return io(server.url + nsp, {
    path: server.path, auth: token ? { token } : undefined, forceNew: true, reconnectionDelay: 20, randomizationFactor: 0,
    ...options,
  });
}

// The arguments of the next `event`.
export function next(emitter, event, ms = 8000) {
  return within(ms, `"${event}" arrives`, new Promise((heard) => emitter.once(event, (...args) => heard(args))));
}

// The arguments the server acknowledges with.
export function ask(socket, ...args) {
  return within(8000, `${args[0]} is acknowledged`, new Promise((answer) => socket.emit(...args, (...got) => answer(got))));
}

// Connected, and `hello` has been heard; its argument is `socket.hello`. One that fails does not try again:
// it would keep this process alive.
export async function connected(server, version, options) {
  const socket = client(server, version, options);
  const failed = new Promise((_, reject) => socket.once("connect_error", reject));
  failed.catch(() => {});
  try {
    [socket.hello] = await Promise.race([next(socket, "hello"), failed]);
    return socket;
  } catch (error) {
    socket.disconnect();
    throw error;
  }
}

// The transport is a WebSocket, from now or from the upgrade on.
export async function onWebSocket(socket) {
  const { engine } = socket.io;
  if (engine.transport.name !== "websocket") await next(engine, "upgrade");
}
