// Items of the API as a table: a column for each member, and what is nested as JSON in its cell (RFC 4180).

// A spreadsheet works out a text that begins so (`is_formula` of service/past/exporting.cpp).
const formula = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? undefined) ?? '';
  const harmful = typeof value === 'string' && formula.test(value);
  return harmful || /[",\r\n]/.test(text) ? `"${harmful ? "'" : ''}${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(items: object[]): string {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return [columns, ...items.map((item) => columns.map((name) => (item as Record<string, unknown>)[name]))]
    .map((line) => `${line.map(cell).join()}\r\n`).join('');
}
