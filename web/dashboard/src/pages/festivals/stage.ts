// A piece of a client's page in a shadow root, in the style sheet that the server renders for a country. Nothing of it
// is loaded from anywhere: images are named, not shown.
import type { Theme } from '../../made/api';

export type Scheme = 'light' | 'dark';

const own = `
  :host { display: block; border-radius: 8px; overflow: hidden; border: 1px solid #8886; font: 15px/1.45 var(--hc-font-body, system-ui, sans-serif); }
  .page { padding: 16px; display: grid; gap: 12px; background: var(--hc-color-background, var(--plain-ground)); color: var(--hc-color-text, var(--plain-text)); overflow-wrap: anywhere; }
  .head { font: 640 20px/1.2 var(--hc-font-heading, system-ui, sans-serif); margin: 0; }
  .card { padding: 12px; border-radius: 6px; background: var(--hc-color-surface, var(--plain-surface)); color: var(--hc-color-on-surface, var(--plain-text)); }
  p { margin: 0; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; }
  .row span { padding: 6px 12px; border-radius: 6px; }
  .main { background: var(--hc-color-primary, var(--plain-strong)); color: var(--hc-color-on-primary, var(--plain-on-strong)); }
  .accent { background: var(--hc-color-accent, var(--plain-strong)); color: var(--hc-color-on-accent, var(--plain-on-strong)); }
  .skin { border: 1px solid currentColor; }`;
const plain = {
  light: ':host { color-scheme: light; --plain-ground: #ffffff; --plain-surface: #f2f2f2; --plain-text: #222222; --plain-strong: #333333; --plain-on-strong: #ffffff; }',
  dark: ':host { color-scheme: dark; --plain-ground: #161616; --plain-surface: #262626; --plain-text: #eeeeee; --plain-strong: #dddddd; --plain-on-strong: #111111; }',
};

// The rules that count where people prefer `scheme`, upon the host in place of the page; without what would be loaded.
function dressed(css: string, scheme: Scheme): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const rules = [...sheet.cssRules].flatMap((rule) => {
    if (!(rule instanceof CSSMediaRule)) return [rule];
    return scheme === 'dark' && rule.conditionText.includes('dark') ? [...rule.cssRules] : [];
  });
  return rules.filter((rule) => rule instanceof CSSStyleRule).map((rule) => {
    rule.style.removeProperty('background-image');
    return `${rule.selectorText.replaceAll(':root', ':host')} { ${rule.style.cssText} }`;
  }).join('\n');
}

const object = (value: unknown) => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});
function make(name: string, className: string, ...inside: (Node | string)[]): HTMLElement {
  const one = document.createElement(name);
  one.className = className;
  one.append(...inside);
  return one;
}

export function skinsOf(theme: Theme): string[] {
  return (Array.isArray(theme.skins) ? theme.skins : []).map((one) => String(object(one).name ?? one));
}

// Addresses that a client would load.
export function addresses(theme: Theme): string[] {
  const skins = (Array.isArray(theme.skins) ? theme.skins : []).map((one) => object(one).image);
  return [...Object.values(object(theme.images)), object(theme.logo).image, ...skins].filter((one): one is string => typeof one === 'string');
}

export function raise(host: HTMLElement, theme: Theme, css: string, scheme: Scheme) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [plain[scheme], own, dressed(css, scheme)].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const banner = object(object(theme.elements).banner), words = banner.visible === false ? '' : String(banner.text ?? '');
  const logo = object(theme.logo).alt;
  root.replaceChildren(make('div', 'page',
    make('p', 'head', String(logo ?? object(theme.festival).name ?? 'The default theme')), ...(words ? [make('p', '', words)] : []),
    make('div', 'card', make('p', '', 'What stands on a card can be read so.')),
    make('div', 'row', make('span', 'main', 'Send a gift'), make('span', 'accent', '2 new')),
    make('div', 'row', ...skinsOf(theme).map((name) => make('span', `skin hc-skin-${name}`, name)))));
}
