// What a visitor can look forward to: the thrones that fall next, and whom to be. GET coming, beside this page,
// answers {thrones: [{streamId, username, totalCoins, expiresAt}], holders: [{userId, username, tier}]}.
import { make, number } from "./words.js";

const $ = (id) => document.getElementById(id);
const a_moment = 1500; // until a throne that fell is gone from the answer
const between_questions = 3000;

// "0:42"; what lies hours ahead in hours.
function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// REQUIRES: `visitor` has watch(room), isIn(room) and logIn(user).
export class Coming {
  constructor(visitor) {
    this.visitor = visitor;
    this.thrones = [];
    this.asked = 0;
    $("watch-all").addEventListener("click", () => this.watchAll());
    setInterval(() => this.pass(), 1000);
  }

  // Where the server tells nothing, the page shows nothing of it.
  async ask() {
    this.asked = Date.now();
    try {
      const answer = await fetch("coming");
      if (!answer.ok) return;
      const { thrones, holders } = await answer.json();
      this.show(thrones);
      this.offer(holders);
    } catch {
      // The server is away; the page says so elsewhere.
    }
  }

  show(thrones) {
    this.thrones = thrones.map((throne) => ({ ...throne, room: `stream:${throne.streamId}`, at: Date.parse(throne.expiresAt) }));
    $("coming").replaceChildren(...this.thrones.map((throne) => this.item(throne)));
    $("nothing-coming").hidden = this.thrones.length > 0;
    $("coming-section").hidden = false;
    this.pass();
    this.mark();
  }

  item(throne) {
    const watch = make("button", "small");
    watch.type = "button";
    watch.addEventListener("click", () => this.visitor.watch(throne.room));
    const whose = make("p", "", make("strong", "", throne.username));
    whose.append(make("span", "quiet small", `stream ${throne.streamId}, ${number.format(throne.totalCoins)} coins`));
    throne.left = make("time", "left");
    throne.left.dateTime = throne.expiresAt;
    throne.watch = watch;
    return make("li", "", whose, throne.left, watch);
  }

  // Shows what is watched already.
  mark() {
    for (const { room, watch, streamId } of this.thrones) {
      const watched = this.visitor.isIn(room);
      watch.disabled = watched;
      watch.textContent = watched ? "Watching" : "Watch";
      watch.setAttribute("aria-label", `${watch.textContent} stream ${streamId}`);
    }
    $("watch-all").hidden = this.thrones.every(({ room }) => this.visitor.isIn(room));
  }

  watchAll() {
    for (const room of new Set(this.thrones.map((throne) => throne.room)))
      if (!this.visitor.isIn(room)) this.visitor.watch(room);
  }

  offer(holders) {
    $("holders").replaceChildren(...holders.map(({ userId, username, tier }) => {
      const be = make("button", "small", username, make("span", "quiet", ` tier ${tier}`));
      be.type = "button";
      be.addEventListener("click", () => this.visitor.logIn(userId));
      return make("li", "", be);
    }));
    $("holders-label").hidden = holders.length === 0;
  }

  // A second went by.
  pass() {
    const now = Date.now();
    for (const { left, at } of this.thrones) left.textContent = countdown(at - now);
    const fell = this.thrones.length > 0 && this.thrones[0].at + a_moment < now;
    if (fell && now > this.asked + between_questions) this.ask();
  }
}
