// npm's socket.io at its best: WebSocket alone, no compression, ws with its native add-on. Of the test
// server's app mode it has what the benchmark asks for. Prints `listening on PORT`, ends on SIGTERM.
//   node socketio_server.mjs [--ping-interval MS] [--polling]
// --polling: polling as well.
import { createServer } from "node:http";
import { createRequire } from "node:module";

// The packages lie where bench/run installed them, not beside this file.
const require = createRequire(process.env.HOTCLOCK_PEERS + "/");
if (!/native code/.test(require("bufferutil").mask)) throw new Error("bufferutil is not native here");
const { Server } = require("socket.io");

const interval = process.argv.indexOf("--ping-interval");
const polling = process.argv.includes("--polling") ? ["polling"] : [];
const http = createServer();
const io = new Server(http, {
  transports: [...polling, "websocket"],
  serveClient: false,
  pingInterval: interval > 0 ? Number(process.argv[interval + 1]) : 25_000,
});

io.use((socket, next) => next(socket.handshake.auth.token === "good" ? undefined : new Error("unauthorized")));
io.on("connection", (socket) => {
  socket.emit("hello", { recovered: socket.recovered });
  socket.on("subscribe", (room, ack) => {
    socket.join(room);
    ack({ ok: true, room });
  });
  socket.on("publish", (room, event, data, ack) => {
    io.to(room).emit(event, data);
    ack({ ok: true });
  });
});

http.listen(0, "127.0.0.1", 4096, () => console.log(`listening on ${http.address().port}`));
process.on("SIGTERM", () => process.exit(0));
