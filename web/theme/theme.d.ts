// Dresses a page in the festival of its country, and takes everything off again.
//
// The module asks the server for the country's theme document, puts it on the page, follows changes, and takes off
// what it put on when the document is no longer valid, or when it is stopped. It never uses markup of a document's:
// texts become text, and each value is looked at by its kind before it is used.

export interface Bonuses {
  giftMultiplier: number; // 1 to 5
  coinMultiplier: number; // 1 to 3
  experienceMultiplier: number; // 1 to 2
}

// What a country wears at one version. Of a document from the server only what passes is kept.
export interface ThemeDocument {
  country: string; // "NP", or "GLOBAL" for a country that has no document of its own
  version: number; // of this country; a greater one is newer
  festival: { id: string; name: string } | null; // null: the default theme
  validUntil: string | null; // ISO 8601; null: until somebody changes it
  name?: string;
  colors: Record<string, string>; // "#b3261e"
  dark: Record<string, string>; // instead of those, where dark colours are preferred
  images: Record<string, string>;
  logo?: { image: string; alt: string };
  fonts: Record<string, string[]>;
  overlay?: string;
  skins: { name: string; background?: string; text?: string; border?: string; image?: string }[];
  elements: Record<string, { visible: boolean; text?: string; link?: string }>;
  bonuses: Bonuses; // of all festivals that run there
  festivals: string[]; // whose bonuses count
}

// What a Socket.IO client has of it.
export interface ThemeSocket {
  on(event: string, listener: (...values: any[]) => void): unknown;
  off(event: string, listener: (...values: any[]) => void): unknown;
}

export interface ThemeOptions {
  country: string; // two capital letters, or "GLOBAL"
  base?: string; // where documents are: "/theme/"
  hosts?: string[]; // other hosts, as "cdn.example.com", whose images and links may be shown by https; none
  socket?: ThemeSocket; // tells `theme:changed`; without one the server is asked at validUntil and when the page is seen again
  root?: HTMLElement; // what is dressed: <html>
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null; // localStorage, which boot.js reads; null: none
  fetch?: typeof fetch;
  now?: () => number; // milliseconds since 1970
}

// The event `themechange` at the root, which bubbles: after what is worn has changed.
export type ThemeChange = CustomEvent<{ current: ThemeDocument | null; previous: ThemeDocument | null }>;

export class HotclockTheme {
  constructor(options: ThemeOptions);

  // What is worn now; null while nothing is known, and once it is over.
  readonly current: ThemeDocument | null;

  // Puts on what was kept from the last visit, at once, and asks the server. Fulfilled with what is worn when the
  // server has answered or cannot be reached; then it is asked again, ever less often, and when the browser is online
  // again. Never rejected. Called again, the same promise.
  start(): Promise<ThemeDocument | null>;

  // Ends everything and takes everything off, before it returns: no property, attribute, class, text, listener, timer
  // or stored item stays. May be started again.
  stop(): Promise<void>;

  // Looks at the clock and asks the server; for a page whose clock was set.
  refresh(): Promise<ThemeDocument | null>;

  // Fetches the theme that comes next, and its images; it is put on at its instant even while offline. `token`: a
  // JWT, where the server asks for one. null where nothing comes soon. Rejected where the server refuses.
  preload(token?: string): Promise<ThemeDocument | null>;

  // What festivals multiply now; 1 each where nothing is known. To be shown: what counts is counted by the server.
  bonuses(): Promise<Bonuses>;
}

// Pure parts, for whoever renders pages elsewhere.

// What of a document may be shown; null where it is none.
export function cleaned(document: unknown, hosts?: string[]): ThemeDocument | null;
// Custom properties of a cleaned document: ["--hc-color-primary", "#b3261e"].
export function properties(theme: ThemeDocument, dark?: boolean): [string, string][];
// Classes of its skins: ["hc-skin-marigold", [["background-color", "#f57c00"]]].
export function skins(theme: ThemeDocument): [string, [string, string][]][];

declare global {
  interface GlobalEventHandlersEventMap {
    themechange: ThemeChange;
  }
}
