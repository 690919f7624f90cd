// A small streaming page in the dress of its country's festival.
//
// It asks the server for GET /demo/clock {now, shifted, next: {at, name, turn} or null}, and for POST /demo/jump
// {now, festival, turn}, which sets the demo's clock to a moment before the next start or end in its country. The
// rest is the theme client's.
import { io } from "../socket.io.js";
import { HotclockTheme } from "../theme.js";

const $ = (id) => document.getElementById(id);
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const to_the_second = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

const socket = io({ path: new URLSearchParams(location.search).get("path") ?? "/socket.io/", reconnectionDelayMax: 2000 });

// ---- the demo's clock ----

let shift = 0; // of the demo's clock, in milliseconds
const now = () => Date.now() + shift;

const show_time = () => { $("now").textContent = to_the_second.format(now()); };

function say_what_comes(next) {
  if (!next) $("next").textContent = "Nothing else is in the calendar.";
  else $("next").textContent = `${next.name} ${next.turn === "start" ? "begins" : "ends"} on ${moment.format(new Date(next.at))}.`;
  $("jump").disabled = !next;
}

// Where the server cannot be asked, the page goes by the machine's clock and what it knows.
async function ask_the_clock() {
  try {
    const answer = await fetch(`../clock?country=${$("country").value}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const clock = await answer.json();
    shift = Date.parse(clock.now) - Date.now();
    say_what_comes(clock.next);
  } catch {
    $("next").textContent = "The server cannot be asked what comes next.";
  }
  show_time();
}

async function jump() {
  $("jump").disabled = true;
  $("said").textContent = "";
  try {
    const answer = await fetch(`../jump?country=${$("country").value}`, { method: "POST" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { now: reached, festival, turn } = await answer.json();
    shift = Date.parse(reached) - Date.now();
    $("said").textContent = festival ? `${festival} ${turn === "start" ? "begins" : "ends"} in a moment.` : "There is nowhere to jump to.";
    theme.refresh();
  } catch (error) {
    $("said").textContent = `The clock was not set: ${error.message}.`;
  }
  await ask_the_clock();
}

// ---- what is worn ----

const times = (multiplier) => `×${multiplier}`;

async function show_festival() {
  const worn = theme.current;
  const { giftMultiplier, coinMultiplier, experienceMultiplier } = await theme.bonuses();
  $("name").textContent = worn?.festival?.name ?? "None today";
  $("until").textContent = worn?.validUntil ? moment.format(new Date(worn.validUntil)) : "further notice";
  $("gift").textContent = times(giftMultiplier);
  $("coin").textContent = times(coinMultiplier);
  $("experience").textContent = times(experienceMultiplier);
  $("shelf").dataset.times = giftMultiplier > 1 ? times(giftMultiplier) : "";
  for (const coins of document.querySelectorAll("#shelf .coins")) coins.dataset.times = giftMultiplier > 1 ? times(giftMultiplier) : "";
}

let theme;

async function dress(country) {
  theme?.stop();
  document.documentElement.dataset.hcCountry = country;
  theme = new HotclockTheme({ country, socket, now });
  await theme.start();
  await show_festival();
}

addEventListener("themechange", () => {
  show_festival();
  ask_the_clock();
});

// Of any country: what comes next is another then.
for (const turn of ["festival:activated", "festival:deactivated"]) socket.on(turn, ask_the_clock);

$("country").addEventListener("change", () => {
  const country = $("country").value;
  history.replaceState(null, "", `?country=${country}`);
  dress(country);
});
$("jump").addEventListener("click", jump);

const { hcCountry } = document.documentElement.dataset;
if (![...$("country").options].some(({ value }) => value === hcCountry)) $("country").add(new Option(hcCountry, hcCountry));
$("country").value = hcCountry;

await ask_the_clock();
setInterval(show_time, 1000);
dress(hcCountry);
