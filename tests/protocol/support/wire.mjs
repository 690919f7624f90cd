// A TCP connection and a WebSocket whose every byte the test decides: the npm clients would not send
// what must be refused.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { Inbox, within } from "./waiting.mjs";

export class Wire {
  received = Buffer.alloc(0);
  isOver = false;
  #changed = () => {};

  static async connect(server) {
    const wire = new Wire();
    wire.socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true });
    wire.socket.on("data", (bytes) => {
      wire.received = Buffer.concat([wire.received, bytes]);
      wire.#changed();
    });
    wire.over = new Promise((resolve) => {
      wire.socket.on("close", () => {
        wire.isOver = true;
        wire.#changed();
        resolve();
      });
    });
    wire.socket.on("error", () => {});  // "close" follows, and that is what tests look at
    await within(5000, "TCP connects", new Promise((resolve) => wire.socket.once("connect", resolve)));
    return wire;
  }

  write(bytes) {
    this.socket.write(bytes);
  }
  // The connection is reset, as by a machine that went away and came back.
  cut() {
    this.socket.resetAndDestroy();
  }
  end() {
    this.socket.destroy();
  }
  closed(ms = 5000) {
    return within(ms, "the server closes the connection", this.over);
  }
  // What `look` makes of the bytes so far, once it makes something of them.
  look(what, look, ms = 5000) {
    const seen = new Promise((resolve, reject) => {
      this.#changed = () => {
        const found = look(this.received);
        if (found !== undefined) resolve(found);
        else if (this.isOver) reject(new Error(`the connection is over before ${what}; received ${this.received}`));
      };
      this.#changed();
    });
    return within(ms, what, seen);
  }

  // One HTTP answer, its body by Content-Length; what follows stays in `received`.
  response(ms) {
    return this.look("an HTTP answer", () => {
      const split = this.received.indexOf("\r\n\r\n");
      if (split < 0) return undefined;
      const [status, ...lines] = this.received.subarray(0, split).toString("latin1").split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }));
      const end = split + 4 + Number(headers["content-length"] ?? 0);
      if (this.received.length < end) return undefined;
      const body = this.received.subarray(split + 4, end).toString();
      this.received = this.received.subarray(end);
      return { status: Number(status.split(" ")[1]), line: status, headers, body };
    }, ms);
  }
}

// The upgrade was not granted; `response` is what came instead.
export class Refused extends Error {
  constructor(response) {
    super(`refused: ${response.line}`);
    this.response = response;
  }
}

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

// A frame as a client sends it. `length` and `lengthBytes` lie about the payload where a test wants it.
export function frame(code, payload = "", { fin = true, masked = true, rsv = 0, length, lengthBytes } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const bytes = lengthBytes ?? (size < 126 ? 0 : size < 65536 ? 2 : 8);
  const head = Buffer.alloc(2 + bytes);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | code;
  head[1] = (masked ? 0x80 : 0) | (bytes === 0 ? size : bytes === 2 ? 126 : 127);
  if (bytes === 2) head.writeUInt16BE(size, 2);
  if (bytes === 8) head.writeBigUInt64BE(BigInt(size), 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, body.map((byte, i) => byte ^ mask[i % 4])]);
}

export class WebSocketWire {
  #messages = new Inbox();
  #frames = [];
  pongs = new Inbox();

  // Throws Refused where the server does not switch protocols.
  static async open(server, query = "EIO=4&transport=websocket", headers = {}) {
    const ws = new WebSocketWire();
    ws.wire = await Wire.connect(server);
    const lines = Object.entries({
      Host: `127.0.0.1:${server.port}`,
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      "Sec-WebSocket-Version": "13",
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    ws.wire.write(`GET ${server.path}?${query} HTTP/1.1\r\n${lines.join("")}\r\n`);
    ws.handshake = await ws.wire.response();
    if (ws.handshake.status !== 101) throw Object.assign(new Refused(ws.handshake), { wire: ws.wire });
    ws.#listen();
    return ws;
  }

  #listen() {
    const read = () => {
      for (let one = this.#take(); one; one = this.#take()) this.#arrived(one);
    };
    this.wire.socket.on("data", read);
    read();
    this.over = this.wire.over.then(() => {
      this.closeCode ??= 1006;
      this.#messages.end(new Error(`the WebSocket is closed (${this.closeCode})`));
      return this.closeCode;
    });
  }
  #take() {
    const bytes = this.wire.received;
    if (bytes.length < 2) return undefined;
    const short = bytes[1] & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return undefined;
    const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + size) return undefined;
    this.wire.received = bytes.subarray(start + size);
    return { fin: bytes[0] >= 0x80, code: bytes[0] & 0x0f, masked: bytes[1] >= 0x80,
             payload: bytes.subarray(start, start + size) };
  }
  #arrived(one) {
    if (one.masked) throw new Error("a server must not mask");
    if (one.code === opcode.pong) this.pongs.put(one.payload);
    else if (one.code === opcode.close) this.#closing(one.payload);
    else if (one.code <= opcode.binary) this.#data(one);
  }
  // 1005 is how an API shows a close frame that carries no code.
  #closing(payload) {
    this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    if (!this.wire.isOver) this.wire.write(frame(opcode.close, payload.subarray(0, 2)));
  }
  #data(one) {
    this.#frames.push(one);
    if (!one.fin) return;
    const all = this.#frames.splice(0);
    const payload = Buffer.concat(all.map((part) => part.payload));
    this.#messages.put(all[0].code === opcode.text ? payload.toString() : payload);
  }

  // A string is sent as a text message, bytes as a binary one.
  send(...messages) {
    this.wire.write(Buffer.concat(messages.map((one) =>
      frame(typeof one === "string" ? opcode.text : opcode.binary, one))));
  }
  frame(...args) {
    this.wire.write(frame(...args));
  }
  // When this is over, the server has read all that was sent before.
  async settled() {
    this.frame(opcode.ping, "settled?");
    await this.pongs.take();
  }
  // The next message: text as a string, binary as bytes.
  next(ms, what = "a message arrives") {
    return this.#messages.take(ms, what);
  }
  get unread() {
    return this.#messages.size;
  }
  // The close code; 1005: a close frame without one, 1006: no close frame.
  closed(ms = 5000) {
    return within(ms, "the server closes the WebSocket", this.over);
  }
  get isClosed() {
    return this.wire.isOver;
  }
  cut() {
    this.wire.cut();
  }
  end() {
    this.wire.end();
  }
}
