// The page of the demo: a viewer's seat on the Socket.IO server it comes from.
//
// It asks the server for three things beside the events: `subscribe` and `unsubscribe` with a room, acknowledged
// {ok: true} or {ok: false, error}, and GET token?user=ID beside this page, answered {token}.
// Whatever comes from the server is shown as text, never as markup.
import { io } from "./socket.io.js";

const most_shown = 200;
const most_remembered = 5000; // ids of events, to know a repeat by
const patience = 5000; // milliseconds, for an acknowledgement

const $ = (id) => document.getElementById(id);

// An element with a class, and texts or elements in it.
function make(tag, style, ...content) {
  const out = document.createElement(tag);
  if (style) out.className = style;
  out.append(...content.map((part) => (part instanceof Node ? part : String(part))));
  return out;
}

const number = new Intl.NumberFormat("en");
const isObject = (value) => typeof value === "object" && value !== null;

// ---- what events say, each in its own words ----

function coins(amount) {
  if (!Number.isFinite(amount)) throw new TypeError("no amount of coins");
  return make("span", "coins", `${number.format(amount)} coins`);
}

// The colours of a theme, each with its name.
function swatches(theme) {
  const list = make("ul", "swatches");
  for (const [name, colour] of Object.entries(isObject(theme) ? theme : {})) {
    if (typeof colour !== "string" || !CSS.supports("color", colour)) continue;
    const swatch = make("span", "swatch");
    swatch.style.backgroundColor = colour;
    list.append(make("li", "", swatch, `${name} ${colour}`));
  }
  return list.childElementCount > 0 ? list : make("p", "quiet", "The theme names no colours.");
}

function movement({ rank, previousRank }) {
  if (previousRank === null || previousRank === undefined) return make("span", "rose", "new");
  if (previousRank > rank) return make("span", "rose", `up ${previousRank - rank}`);
  if (previousRank < rank) return make("span", "fell", `down ${rank - previousRank}`);
  return make("span", "quiet", "as before");
}

function row(cell, ...cells) {
  const out = make("tr", "");
  for (const content of cells) out.append(make(cell, "", content));
  if (cell === "th") for (const heading of out.children) heading.scope = "col";
  out.lastElementChild.className = "number";
  return out;
}

function ranking({ scope, top }) {
  if (!Array.isArray(top) || top.length === 0) return [make("p", "", `No stream is ranked in ${scope} any more.`)];
  const shown = top.slice(0, 10);
  const table = make("table", "", make("caption", "", `Ranking: ${scope}`));
  table.append(make("thead", "", row("th", "Rank", "Stream", "Moved", "Score")), make("tbody", ""));
  for (const entry of shown)
    table.tBodies[0].append(row("td", entry.rank, entry.streamId, movement(entry), Number(entry.score).toFixed(2)));
  const rest = top.length - shown.length;
  return rest > 0 ? [table, make("p", "quiet", `and ${rest} more`)] : [table];
}

const words = {
  "og:bonus": (e) => [
    coins(e.amount),
    make("p", "", `The bonus of ${e.date} for OG tier ${e.tier}; the balance is ${number.format(e.bonusBalance)}.`),
  ],
  "throne:expired": (e) => [
    make("p", "", `The throne of ${e.username} in stream ${e.streamId} has expired.`),
    coins(e.totalCoins),
  ],
  "festival:activated": (e) => [make("p", "", `${e.name} has begun, until ${e.endsAt}.`), swatches(e.theme)],
  "festival:deactivated": (e) => [make("p", "", `${e.name} is over.`)],
  "theme:changed": (e) => [make("p", "", `A new theme for ${e.country}.`), swatches(e.theme)],
  "ranking:updated": ranking,
  "trust:changed": (e) => [make("p", "", `Trust went from ${e.previousLevel} to ${e.level}, with a score of ${e.score}.`)],
};

// The room an event was meant for, as docs/events.md has it.
function roomOf(name, e) {
  if (name === "og:bonus" || name === "trust:changed") return `user:${e.userId}`;
  if (name === "throne:expired") return `stream:${e.streamId}`;
  if (name !== "ranking:updated") return "everybody";
  return e.scope === "overall" ? "rankings" : `rankings:${String(e.scope).replace(/^category:/, "")}`;
}

// An event whose body is not what its name promises is shown all the same, as it came.
function told(name, body) {
  try {
    return Object.hasOwn(words, name) && isObject(body) ? words[name](body) : [];
  } catch {
    return [];
  }
}

// ---- the list of events, and their counts ----

const counts = new Map();
const known = new Set();
let repeats = 0;

function isRepeat(id) {
  if (id === undefined) return false;
  if (known.has(id)) return true;
  known.add(id);
  if (known.size > most_remembered) known.delete(known.values().next().value);
  return false;
}

function count(name) {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  $("total").textContent = number.format([...counts.values()].reduce((sum, n) => sum + n, 0));
  $("counts").replaceChildren(...[...counts].sort().map(([event, n]) => row("td", event, number.format(n))));
}

function show(name, body) {
  const now = new Date();
  const time = make("time", "", now.toLocaleTimeString());
  time.dateTime = now.toISOString();
  const about = make("div", "about", make("span", "name", name));
  about.append(make("span", "room", isObject(body) ? roomOf(name, body) : "everybody"), time);
  const raw = make("details", "", make("summary", "", "As it came"), make("pre", "", JSON.stringify(body, null, 2) ?? ""));
  const spoken = told(name, body);
  raw.open = spoken.length === 0;
  const item = make("li", "", about, ...spoken, raw);
  item.dataset.event = name;
  $("events").prepend(item);
  while ($("events").childElementCount > most_shown) $("events").lastElementChild.remove();
  $("no-events").hidden = true;
}

// The last argument may be the offset that a client recovers from; it names the event where its body does not.
function hear(name, body, offset) {
  const id = (isObject(body) && body.eventId) || offset;
  if (isRepeat(id === undefined ? undefined : String(id))) {
    $("repeats").textContent = number.format(++repeats);
    return;
  }
  count(name);
  show(name, body);
}

$("clear").addEventListener("click", () => {
  $("events").replaceChildren();
  $("no-events").hidden = false;
});

// ---- the connection ----

let token; // of the viewer who is logged in
let user;
let renewed = false; // whether a token was fetched anew since the last connection

const socket = io({
  path: new URLSearchParams(location.search).get("path") ?? "/socket.io/",
  auth: (answer) => answer(token ? { token } : {}),
});

function setState(state, detail = "") {
  $("connection").dataset.state = state;
  $("connection-state").textContent = state;
  $("connection-detail").textContent = detail;
}

socket.on("connect", () => {
  renewed = false;
  setState(socket.recovered ? "recovered" : "connected", socket.recovered ? "nothing was missed" : "");
  if (!socket.recovered) for (const room of rooms.keys()) subscribe(room);
});

socket.on("disconnect", (reason) => {
  if (socket.active) setState("recovering", reason);
  else setState("offline", reason);
});

// A refusal ends the attempts; a server that is away does not.
socket.on("connect_error", async (error) => {
  if (socket.active) return setState("offline", "trying again");
  setState("offline", error.message);
  if (!user || renewed) return;
  renewed = true;
  if (await fetchToken(user)) socket.connect();
});

socket.onAny((name, body, offset) => hear(name, body, offset));

// ---- rooms ----

const rooms = new Map(); // room -> whether the server let us in

function showRooms() {
  const items = [...rooms].map(([room, joined]) => {
    const leave = make("button", "", "Leave");
    leave.type = "button";
    leave.setAttribute("aria-label", `Leave ${room}`);
    leave.addEventListener("click", () => unsubscribe(room));
    const item = make("li", "", make("span", "", room), leave);
    item.dataset.room = room;
    item.dataset.joined = joined;
    return item;
  });
  $("rooms").replaceChildren(...items);
  $("no-rooms").hidden = rooms.size > 0;
}

function say(message, refused = false) {
  $("room-message").textContent = message;
  $("room-message").classList.toggle("refused", refused);
}

// What the server answers; a failure too is an answer.
async function ask(request, room) {
  try {
    const answer = await socket.timeout(patience).emitWithAck(request, room);
    return isObject(answer) ? answer : { ok: false };
  } catch {
    return { ok: false, error: "the server does not answer" };
  }
}

// A room stays wanted while we are offline, and is joined again with the next connection.
async function subscribe(room) {
  rooms.set(room, false);
  showRooms();
  if (!socket.connected) return say(`${room} is joined with the next connection.`);
  const answer = await ask("subscribe", room);
  if (!rooms.has(room)) return;
  if (answer.ok) {
    rooms.set(room, true);
    say(`You are in ${room}.`);
  } else if (socket.connected) {
    rooms.delete(room);
    say(`${room}: ${answer.error ?? "you may not listen to it"}`, true);
  }
  showRooms();
}

async function unsubscribe(room) {
  rooms.delete(room);
  showRooms();
  $("room-kind").focus();
  say(`You left ${room}.`);
  if (socket.connected) await ask("unsubscribe", room);
}

const labels = { "stream:": "Stream id", "throne:": "Stream id", "rankings:": "Category", "rankings:country:": "Country code" };

function showKind() {
  const label = labels[$("room-kind").value];
  $("room-id").hidden = $("room-id-label").hidden = $("room-id").disabled = !label;
  $("room-id-label").textContent = label ?? "";
}

$("room-kind").addEventListener("change", showKind);
showKind();

$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = $("room-kind").value;
  const id = labels[kind] ? $("room-id").value.trim() : "";
  if (labels[kind] && !id) return;
  $("room-id").value = "";
  subscribe(kind + id);
});

// ---- the viewer ----

function showViewer(message) {
  $("viewer").textContent = message;
  $("logout").hidden = !user;
}

async function fetchToken(id) {
  try {
    const answer = await fetch(`token?user=${encodeURIComponent(id)}`);
    if (!answer.ok) throw new Error(answer.status === 404 ? "this server hands out no tokens" : `status ${answer.status}`);
    token = (await answer.json()).token;
    return true;
  } catch (error) {
    showViewer(`No token for user ${id}: ${error.message}`);
    return false;
  }
}

// With another name everything begins anew: the server knows us by the token of the connection.
function reconnect() {
  socket.disconnect();
  setState("connecting");
  socket.connect();
}

function forgetUsersRoom() {
  if (user) rooms.delete(`user:${user}`);
  showRooms();
}

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const id = $("user").value.trim();
  $("login-button").disabled = true;
  if (await fetchToken(id)) {
    forgetUsersRoom();
    user = id;
    rooms.set(`user:${id}`, false);
    showRooms();
    showViewer(`You are user ${id}.`);
    reconnect();
  }
  $("login-button").disabled = false;
});

$("logout").addEventListener("click", () => {
  forgetUsersRoom();
  user = token = undefined;
  showViewer("You watch without a name.");
  reconnect();
  $("user").focus();
});
