// Requests as bytes, for what no HTTP client would send, and answers as bytes, for what one would not show.
import { connect } from 'node:net';

// Everything a server says to `text` until it has answered or hung up; "" where it hung up without a word.
export function says(port, text, { limit = 10_000, half = false } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks = [];
    const end = () => { clearTimeout(timer); socket.destroy(); resolve(Buffer.concat(chunks)); };
    const timer = setTimeout(() => { socket.destroy(); reject(new Error(`no answer to ${String(text).slice(0, 100)}`)); }, limit);
    socket.on('data', (chunk) => { chunks.push(chunk); if (whole(Buffer.concat(chunks))) end(); });
    socket.on('error', end);
    socket.on('close', end);
    socket.on('connect', () => { socket.write(text); if (half) socket.end(); });
  });
}

function whole(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  if (/^HTTP\/1\.1 (204|304) /.test(bytes.toString('latin1'))) return true;
  const length = /^content-length: *(\d+)\r?$/im.exec(bytes.subarray(0, end).toString('latin1'));
  return length !== null && bytes.length >= end + 4 + Number(length[1]);
}

export function parsed(bytes) {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [line, ...fields] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
  return { status: Number(line.split(' ')[1]), headers, bytes: bytes.subarray(end + 4) };
}

export const ask = async (port, text, options) => parsed(await says(port, text, options));
