/** Scans several sources of one dimension as one: tables, and the segment. */
import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { IndexRow, Scan, ScanPage } from '../record-index.ts';

/** A page of one source. */
export interface SourcePage {
  readonly rows: readonly IndexRow[];
  /** Continues behind them; undefined at the end. */
  readonly token?: string | undefined;
  /** All rows up to this key were examined. Undefined if that is only known for the rows themselves. */
  readonly through?: string | undefined;
}

export interface RowSource {
  /** Distinct, and the same whenever the month is read. */
  readonly name: string;
  scan(scan: SourceScan): Promise<SourcePage>;
}

export type SourceScan = Omit<Scan, 'month'>;

/** Tokens of storage are base64. */
const mark = 'after:';

const positionSchema = z.object({
  /** Continues behind this key … */
  a: z.string(),
  /** … and in these sources with their own tokens, which are there already. */
  t: z.record(z.string(), z.string()).optional(),
});
type Position = z.infer<typeof positionSchema>;

/** Whether a token is one of {@link mergedScan}. */
export function isMergedToken(token: string): boolean {
  return token.startsWith(mark);
}

/**
 * The scan behind the position of a token of {@link mergedScan}.
 * @throws Error when it is not one
 */
export function afterToken<T extends SourceScan>(scan: T, token: string): T {
  return { ...scan, after: positionOf(token).a, token: undefined };
}

/** @param sources those that take precedence first: a row may be in several */
export async function mergedScan(sources: readonly RowSource[], scan: SourceScan): Promise<ScanPage> {
  const { token, ...rest } = scan;
  const position: Position = token === undefined ? { a: scan.after } : positionOf(token);
  const pages = await Promise.all(
    sources.map(async (source) => {
      const own = position.t?.[source.name];
      const page = await source.scan({ ...rest, after: position.a, token: own });
      return { ...page, name: source.name, known: knownThrough(page, position.a) };
    }),
  );
  const limit = leastOf(pages.map(({ known }) => known));
  const merged = mergeRows(
    pages.map(({ rows }) => rows),
    limit,
  );
  const rows = merged.slice(0, scan.pageSize);
  const isCut = merged.length > rows.length;
  const last = isCut ? rows.at(-1)?.rowKey : limit;
  if (last === undefined) return { rows };
  return { rows, token: tokenOf({ a: last, t: ownTokens(pages, last) }) };
}

/** The key up to which nothing else can follow in the source; undefined if all of it is known. */
function knownThrough({ rows, token, through }: SourcePage, after: string): string | undefined {
  return token === undefined ? undefined : (through ?? rows.at(-1)?.rowKey ?? after);
}

function leastOf(keys: readonly (string | undefined)[]): string | undefined {
  const known = keys.filter((key) => key !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => (a < b ? a : b));
}

/** Each key once, from the first list that has it; up to a key. */
function mergeRows(lists: readonly (readonly IndexRow[])[], limit: string | undefined): readonly IndexRow[] {
  const within = lists.map((rows) => rows.filter(({ rowKey }) => limit === undefined || rowKey <= limit));
  const filled = within.filter((rows) => rows.length > 0);
  if (filled.length <= 1) return filled[0] ?? [];
  const byKey = new Map(filled.toReversed().flatMap((rows) => rows.map((row) => [row.rowKey, row] as const)));
  return [...byKey.values()].sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
}

/** Of sources that are exactly there: the others are read from the key. */
function ownTokens(
  pages: readonly (SourcePage & { readonly name: string; readonly known: string | undefined })[],
  last: string,
): Position['t'] {
  const own = pages.flatMap(({ name, token, known }) =>
    token !== undefined && known === last ? [[name, token] as const] : [],
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function tokenOf(position: Position): string {
  return `${mark}${JSON.stringify(position)}`;
}

function positionOf(token: string): Position {
  return positionSchema.parse(parseJson(token.slice(mark.length)));
}
