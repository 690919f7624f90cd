// The runbook's pages, which are plain Markdown: headings, paragraphs, lists, commands, and `code` within words. What is
// shown is made of text alone, never of HTML.
export type Piece = { code: boolean; text: string };
export type Block = { kind: 'heading'; text: string } | { kind: 'text'; pieces: Piece[] } | { kind: 'list'; items: Piece[][] } | { kind: 'commands'; text: string };

export function piecesOf(text: string): Piece[] {
  return text.split('`').map((part, at) => ({ code: at % 2 === 1, text: part })).filter((one) => one.text);
}

// Lines that belong together, by what their first one is.
function lumps(text: string): string[][] {
  const out: string[][] = [];
  let open: string[] | null = null;
  for (const line of text.split('\n')) {
    const begins = /^(#|- |\d+\. )/.test(line), indented = line.startsWith('    ');
    if (!line.trim()) { if (!open?.[0]?.startsWith('    ')) open = null; else open.push(''); continue; }
    if (!open || begins || indented !== Boolean(open[0]?.startsWith('    '))) out.push((open = [line]));
    else open.push(line);
    if (line.startsWith('#')) open = null;
  }
  return out;
}

// Without its first heading, which is the name of the rule.
export function blocksOf(text: string): Block[] {
  const out: Block[] = [];
  for (const lines of lumps(text)) {
    const first = lines[0] ?? '', whole = lines.map((line) => line.trim()).join(' ');
    if (first.startsWith('# ')) continue;
    if (first.startsWith('#')) out.push({ kind: 'heading', text: whole.replace(/^#+ */, '') });
    else if (first.startsWith('    ')) out.push({ kind: 'commands', text: lines.map((line) => line.slice(4)).join('\n').trimEnd() });
    else if (/^(- |\d+\. )/.test(first)) {
      const pieces = piecesOf(whole.replace(/^(- |\d+\. )/, '')), last = out.at(-1);
      if (last?.kind === 'list') last.items.push(pieces);
      else out.push({ kind: 'list', items: [pieces] });
    } else out.push({ kind: 'text', pieces: piecesOf(whole) });
  }
  return out;
}
