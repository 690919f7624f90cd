// The test server's options and modes on npm's socket.io and engine.io, so that the tests of this folder
// are proven against the reference before ours is judged by them. Prints `listening on PORT`, ends on SIGTERM.
//   node reference_server.mjs --mode engine|echo|app [--port N] [--path P] ...
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Server as EngineServer } from "engine.io";
import { Server } from "socket.io";

const text = (value) => ({ type: "string", default: value });
const { values: asked } = parseArgs({
  options: {
    mode: text("app"),
    port: text("0"),
    path: text("/socket.io/"),
    "ping-interval": text("25000"),
    "ping-timeout": text("20000"),
    "max-payload": text("1000000"),
    "connect-timeout": text("45000"),
    recovery: text("0"),
    "cors-origin": text(""),
  },
});

const engineOptions = {
  path: asked.path,
  pingInterval: Number(asked["ping-interval"]),
  pingTimeout: Number(asked["ping-timeout"]),
  maxHttpBufferSize: Number(asked["max-payload"]),
};
if (asked["cors-origin"]) engineOptions.cors = { origin: asked["cors-origin"], credentials: true };

function serveEngine(http) {
  const engine = new EngineServer(engineOptions);
  engine.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  engine.attach(http, engineOptions);
  return () => engine.close();
}

function socketServer(http) {
  const options = { ...engineOptions, connectTimeout: Number(asked["connect-timeout"]), serveClient: false };
  if (Number(asked.recovery) > 0)
    options.connectionStateRecovery = { maxDisconnectionDuration: 1000 * Number(asked.recovery) };
  return new Server(http, options);
}

function serveEcho(http) {
  const io = socketServer(http);
  const greet = (socket) => socket.emit("auth", socket.handshake.auth);
  io.of("/custom").on("connection", greet);
  io.on("connection", (socket) => {
    greet(socket);
    socket.on("message", (...args) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args) => args.pop()(...args));
  });
  return () => io.close();
}

const ifAsked = (ack, ...args) => typeof ack === "function" && ack(...args);

// What every client may send in app mode, by event.
const handlers = (io, nsp, socket) => ({
  subscribe(room, ack) {
    socket.join(room);
    ifAsked(ack, { ok: true, room });
  },
  unsubscribe(room, ack) {
    socket.leave(room);
    ifAsked(ack, { ok: true, room });
  },
  publish(room, event, data, ack) {
    nsp.to(room).emit(event, data);
    ifAsked(ack, { ok: true });
  },
  "publish-others"(room, event, data, ack) {
    socket.to(room).emit(event, data);
    ifAsked(ack, { ok: true });
  },
  "publish-volatile"(room, event, data, ack) {
    nsp.to(room).volatile.emit(event, data);
    ifAsked(ack, { ok: true });
  },
  echo: (...args) => args.pop()(...args),
  message: (...args) => socket.emit("message-back", ...args),
  burst(count) {
    for (let i = 0; i < count; ++i) socket.emit("seq", i);
  },
  "ask-me"(question, ack) {
    socket.timeout(2000).emit("question", question, (late, answer) => ack(late ? { timeout: true } : { answer }));
  },
  kick: (close) => socket.disconnect(close),
  big(bytes, ack) {
    socket.emit("blob", "x".repeat(bytes));
    ifAsked(ack);
  },
  stats: (ack) => ack({ clients: io.engine.clientsCount, sockets: nsp.sockets.size }),
});

function unauthorized() {
  const refusal = new Error("unauthorized");
  refusal.data = { code: 401 };
  return refusal;
}

function serveApp(http) {
  const io = socketServer(http);
  for (const nsp of [io.of("/"), io.of("/custom")]) {
    nsp.use((socket, next) => next(socket.handshake.auth.token === "good" ? undefined : unauthorized()));
    nsp.on("connection", (socket) => {
      for (const [event, handle] of Object.entries(handlers(io, nsp, socket))) socket.on(event, handle);
      socket.emit("hello", { recovered: socket.recovered });
    });
  }
  return () => io.close();
}

const http = createServer((request, response) => response.writeHead(404).end());
const stop = { engine: serveEngine, echo: serveEcho, app: serveApp }[asked.mode](http);
http.listen(Number(asked.port), "127.0.0.1", () => console.log(`listening on ${http.address().port}`));
process.on("SIGTERM", () => {
  stop();
  http.close(() => process.exit(0));
  http.closeIdleConnections();
});
