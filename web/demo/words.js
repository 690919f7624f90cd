// What an event says, in words: the elements that tell it, and the room it was meant for (docs/events.md).
// Whatever comes from the server is shown as text, never as markup.

// An element with a class, and texts or elements in it.
export function make(tag, style, ...content) {
  const out = document.createElement(tag);
  if (style) out.className = style;
  out.append(...content.map((part) => (part instanceof Node ? part : String(part))));
  return out;
}

export const number = new Intl.NumberFormat("en");
export const isObject = (value) => typeof value === "object" && value !== null;
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

const title = (text) => make("p", "title", text);

function coins(amount) {
  if (!Number.isFinite(amount)) throw new TypeError("no amount of coins");
  return make("span", "coins", `${number.format(amount)} coins`);
}

// An event without a proper instant is shown as it came.
const until = (instant) => moment.format(new Date(instant));

// The colours of a theme, each with its name.
function swatches(theme) {
  const list = make("ul", "swatches");
  for (const [name, colour] of Object.entries(isObject(theme?.colors) ? theme.colors : {})) {
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

export function row(cell, ...cells) {
  const out = make("tr", "");
  for (const content of cells) out.append(make(cell, "", content));
  if (cell === "th") for (const heading of out.children) heading.scope = "col";
  out.lastElementChild.className = "number";
  return out;
}

const most_ranked = 5;
const scopeInWords = (scope) => (scope === "overall" ? "all streams" : String(scope).replace(":", " "));

function ranking({ scope, top }) {
  if (!Array.isArray(top) || top.length === 0) return [title(`No stream is ranked any more: ${scopeInWords(scope)}.`)];
  const shown = top.slice(0, most_ranked);
  const table = make("table", "", make("caption", "hidden", `Ranking: ${scope}`));
  table.append(make("thead", "", row("th", "Rank", "Stream", "Moved", "Score")), make("tbody", ""));
  for (const entry of shown)
    table.tBodies[0].append(row("td", entry.rank, entry.streamId, movement(entry), Number(entry.score).toFixed(2)));
  const rest = top.length - shown.length;
  const head = title(`The ranking moved: ${scopeInWords(scope)}.`);
  return rest > 0 ? [head, table, make("p", "quiet small", `and ${rest} more`)] : [head, table];
}

const words = {
  "og:bonus": (e) => [
    title(`The bonus of ${e.date} for OG tier ${e.tier} is paid.`),
    coins(e.amount),
    make("p", "quiet small", `The balance is ${number.format(e.bonusBalance)}.`),
  ],
  "throne:expired": (e) => [title(`The throne of ${e.username} in stream ${e.streamId} has fallen.`), coins(e.totalCoins)],
  "festival:activated": (e) => [title(`${e.name} has begun, until ${until(e.endsAt)}.`), swatches(e.theme)],
  "festival:deactivated": (e) => [title(`${e.name} is over.`)],
  "theme:changed": (e) => [title(`A new theme for ${e.country === "GLOBAL" ? "everybody" : e.country}.`), swatches(e.theme)],
  "ranking:updated": ranking,
  "trust:changed": (e) => [title(`Trust went from ${e.previousLevel} to ${e.level}, with a score of ${e.score}.`)],
};

// The room an event was meant for.
export function roomOf(name, e) {
  if (!isObject(e)) return "everybody";
  if (name === "og:bonus" || name === "trust:changed") return `user:${e.userId}`;
  if (name === "throne:expired") return `stream:${e.streamId}`;
  if (name !== "ranking:updated") return "everybody";
  return e.scope === "overall" ? "rankings" : `rankings:${String(e.scope).replace(/^category:/, "")}`;
}

// An event whose body is not what its name promises is shown all the same, as it came.
export function told(name, body) {
  try {
    return Object.hasOwn(words, name) && isObject(body) ? words[name](body) : [];
  } catch {
    return [];
  }
}
