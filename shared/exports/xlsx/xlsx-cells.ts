/** Cells of a worksheet as XML. Texts are inline strings, which are never formulas. */

/** Excel's limit, in UTF-16 code units. */
export const maxCellCharacters = 32_767;

/** Indexes of {@link styleSheet}. */
const cellStyles = { plain: 0, moment: 1, quoted: 2, header: 3 } as const;
export type CellStyle = keyof typeof cellStyles;

/** What XML cannot contain or would change, such as a carriage return, and what looks like the escape of such. */
const unsafe = /(?![\t\n])[&<>\p{Cc}\p{Cs}\uFFFE\uFFFF]|_(?=x[\dA-Fa-f]{4}_)/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A cell with exactly this text, cut at Excel's limit. */
export function textCell(text: string, style?: CellStyle): string {
  if (text === '') return '<c/>';
  // Excel would make a formula of such a text if someone edited the cell without this style.
  const shown = style ?? (/^[=+\-@]/.test(text) ? 'quoted' : 'plain');
  return `<c${styled(shown)} t="inlineStr"><is><t xml:space="preserve">${escaped(cut(text))}</t></is></c>`;
}

export function numberCell(value: number): string {
  return `<c><v>${value}</v></c>`;
}

const dayMs = 24 * 60 * 60_000;
/** 1970-01-01 as Excel counts days. */
const epochDay = 25_569;
/** Excel believes that 1900 was a leap year: earlier days differ among programs. */
const firstMoment = Date.UTC(1900, 2, 1);

/** A date that Excel sorts and filters by, in UTC; what is not a moment stays a text. */
export function momentCell(text: string): string {
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!(at >= firstMoment)) return textCell(text);
  return `<c${styled('moment')}><v>${(at / dayMs + epochDay).toFixed(9)}</v></c>`;
}

function styled(style: CellStyle): string {
  return style === 'plain' ? '' : ` s="${cellStyles[style]}"`;
}

function cut(text: string): string {
  if (text.length <= maxCellCharacters) return text;
  const kept = text.slice(0, maxCellCharacters - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** `_xHHHH_` is how spreadsheets write characters that XML cannot contain. @see ECMA-376, ST_Xstring */
function escaped(text: string): string {
  const escape = (found: string) => `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  return text.replaceAll(unsafe, (found) => entities[found] ?? escape(found));
}
