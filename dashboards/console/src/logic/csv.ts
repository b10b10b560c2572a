/** A table as people save it: CSV with a byte order mark, so that spreadsheets read it as UTF-8. */

/** What a spreadsheet would run as a formula begins with an apostrophe and stays text. */
const harmless = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const csv = (rows: string[][]): string => '\ufeff' + rows.map((row) => row.map((cell) => quoted(harmless(cell))).join(',') + '\r\n').join('');

export function saveFile(name: string, what: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(what);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers begin to read it later
}

export const save = (name: string, text: string): void => saveFile(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
