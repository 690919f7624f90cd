// The page of the demo: a viewer's seat on the Socket.IO server it comes from.
//
// It asks the server for three things beside the events: `subscribe` and `unsubscribe` with a room, acknowledged
// {ok: true} or {ok: false, error}, and GET token?user=ID beside this page, answered {token}. coming.js asks what
// comes next, words.js tells events.
import { Coming } from "./coming.js";
import { io } from "./socket.io.js";
import { isObject, make, number, roomOf, row, told } from "./words.js";

const most_shown = 200;
const most_remembered = 5000; // ids of events, to know a repeat by
const patience = 5000; // milliseconds, for an acknowledgement

const $ = (id) => document.getElementById(id);

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
  $("by-name").hidden = false;
  $("counts").replaceChildren(...[...counts].sort().map(([event, n]) => row("td", event, number.format(n))));
}

// The line above an event: its name, its room, whether it was brought after, and when it came.
function heading(name, body) {
  const now = new Date();
  const time = make("time", "", now.toLocaleTimeString("en", { hourCycle: "h23" }));
  time.dateTime = now.toISOString();
  const about = make("div", "about", make("span", "name", name), make("span", "room", roomOf(name, body)));
  if (away) about.append(make("span", "late", "while you were away"));
  about.append(time);
  return about;
}

function show(name, body) {
  const raw = make("details", "", make("summary", "", "As it came"), make("pre", "", JSON.stringify(body, null, 2) ?? ""));
  const spoken = told(name, body);
  raw.open = spoken.length === 0;
  const item = make("li", "", heading(name, body), ...spoken, raw);
  item.dataset.event = name;
  item.dataset.kind = name.split(":")[0];
  $("events").prepend(item);
  while ($("events").childElementCount > most_shown) $("events").lastElementChild.remove();
  showWhetherEmpty();
}

function showWhetherEmpty() {
  const empty = $("events").childElementCount === 0;
  $("no-events").hidden = !empty;
  $("clear").hidden = empty;
}

// The last argument may be the offset that a client recovers from; it names the event where its body does not.
function hear(name, body, offset) {
  const id = (isObject(body) && body.eventId) || offset;
  if (isRepeat(id === undefined ? undefined : String(id))) {
    $("repeats").textContent = number.format(++repeats);
    return;
  }
  if (away) ++missed;
  count(name);
  show(name, body);
}

$("clear").addEventListener("click", () => {
  $("events").replaceChildren();
  showWhetherEmpty();
});

// ---- the connection ----

let token; // of the viewer who is logged in
let user;
let renewed = false; // whether a token was fetched anew since the last connection
let away = false; // between a connection and its recovery
let missed = 0; // and brought after

const socket = io({
  path: new URLSearchParams(location.search).get("path") ?? "/socket.io/",
  reconnectionDelayMax: 2000,
  auth: (answer) => answer(token ? { token } : {}),
});

function setState(state, detail = "") {
  $("connection").dataset.state = state;
  $("connection-state").textContent = state;
  $("connection-detail").textContent = detail;
}

const broughtAfter = () => (missed === 0 ? "nothing was missed" : `${missed} missed ${missed === 1 ? "event" : "events"} brought after`);

socket.on("connect", async () => {
  renewed = false;
  if (socket.recovered) {
    await ask("unsubscribe", ""); // of nothing: the answer comes behind all that was missed
    if (!socket.connected) return;
    setState("recovered", broughtAfter());
  } else {
    setState("connected");
    for (const room of rooms.keys()) subscribe(room);
  }
  away = false;
  coming.ask();
});

socket.on("disconnect", (reason) => {
  away = true;
  missed = 0;
  setState(socket.active ? "recovering" : "offline", reason);
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
const coming = new Coming({ watch: subscribe, isIn: (room) => rooms.has(room), logIn });

function showRooms() {
  const items = [...rooms].map(([room, joined]) => {
    const leave = make("button", "", "×");
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
  coming.mark();
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

const labels = {
  "stream:": "Stream id",
  "throne:": "Stream id",
  "rankings:": "Category",
  "rankings:country:": "Country code",
  "user:": "User id",
};

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
  $("login").hidden = Boolean(user);
  $("logout").hidden = $("how-to-pay").hidden = !user;
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

async function logIn(id) {
  $("login-button").disabled = true;
  if (await fetchToken(id)) {
    forgetUsersRoom();
    user = id;
    rooms.set(`user:${id}`, false);
    showRooms();
    showViewer(`You are user ${id}.`);
    $("logout").focus();
    reconnect();
  }
  $("login-button").disabled = false;
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  logIn($("user").value.trim());
});

$("logout").addEventListener("click", () => {
  forgetUsersRoom();
  user = token = undefined;
  showViewer("You watch without a name.");
  reconnect();
  $("user").focus();
});
