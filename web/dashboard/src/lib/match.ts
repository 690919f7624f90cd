// How well a title is what somebody typed: all letters in their order, beginnings of words best. 0: not at all.
export function fits(title: string, typed: string): number {
  const text = title.toLowerCase(), wanted = typed.toLowerCase().replace(/\s+/g, '');
  if (!wanted) return 1;
  let score = 0, from = 0, before = -2;
  for (const letter of wanted) {
    const at = text.indexOf(letter, from);
    if (at < 0) return 0;
    score += at === 0 || /[\s\-_/.:]/.test(text[at - 1] ?? '') ? 4 : at === before + 1 ? 3 : 1;
    before = at;
    from = at + 1;
  }
  return score - text.length / 200;
}
