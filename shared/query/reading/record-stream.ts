/** Matching records of one key range, month after month, newest first, read page by page within a budget. */
import pMap from 'p-map';
import { monthOf, type Month } from '../../index/keys.ts';
import type { RecordIndex, Scan, ScanPage } from '../../index/record-index.ts';
import type { StartTurn } from '../../turns.ts';
import { dateOfPosition, positionOf, positionOfRow, type FoundRecord } from '../found-record.ts';
import type { ReadBudget } from './budget.ts';
import { exhausted, positionAfterAllBefore, type Cursor } from './cursor.ts';
import { filterRows } from './filter-rows.ts';
import { isOnlyPage, whileHoldingPage } from './held-texts.ts';
import type { Candidate, RowFilter } from './row-filter.ts';

/** `record`: one is ready; `end`: there are no more; `blocked`: the budget is spent, there may be more. */
export type StreamState = 'record' | 'end' | 'blocked';

export interface RecordStream {
  /** Reads until a record is ready, the stream ends, or the budget is spent. */
  advance(): Promise<StreamState>;
  /** The record that is ready, without taking it. */
  peek(): FoundRecord | undefined;
  take(): FoundRecord | undefined;
  /** Resumes with the record that is ready; undefined for a stream that was never read. */
  cursor(): Cursor | undefined;
}

/** Texts read at once. */
const pointReadsAtOnce = 16;
export const maxPageSize = 1000;
/** How fast pages grow while nothing is found. */
const growth = 4;

/** How much a text is compared is known only after some were. */
const firstRowsWithTexts = 250;
/**
 * Comparisons of a page that keep the processor busy for about as long as storage takes to read the page. Larger pages
 * would save no time, but more memory would be held, and decoding them cannot be interrupted.
 */
const comparisonsOfPage = 100_000;
/** Smaller pages would mostly cost requests. */
const minMaxRows = 100;

function rowsFor(comparisonsOfRow: number): number {
  const rows = Math.floor(comparisonsOfPage / Math.max(1, comparisonsOfRow));
  return Math.min(maxPageSize, Math.max(minMaxRows, rows));
}

/**
 * What texts are needed for. `filter`: to decide which records match, so all rows are read with their texts; `result`:
 * for the matching records, so rows are read with their texts while many of them match.
 */
export type TextUse = 'none' | 'filter' | 'result';

/** With fewer matches among its rows, a page with all texts costs more than reading those of the matches one by one. */
const minMatchRate = 1 / 6;

export interface RecordStreamOptions {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly scan: Pick<Scan, 'dimension' | 'where' | 'before' | 'after'>;
  /** Precedes the position in row keys. */
  readonly prefix: string;
  /** Newest first. */
  readonly months: readonly Month[];
  readonly resume?: Cursor | undefined;
  readonly budget: ReadBudget;
  readonly rowFilter: RowFilter;
  readonly startTurn: StartTurn;
  readonly texts: TextUse;
  /** Rows to read at once, evaluated for every page. */
  readonly pageSize: () => number;
}

export function createRecordStream(options: RecordStreamOptions): RecordStream {
  const state = stateOf(options);
  const first = () => state.candidates[state.at];
  return {
    cursor: () => cursorOf(state),
    async advance() {
      for (;;) {
        const candidate = first();
        const month = state.months[0];
        if (candidate?.undecided !== undefined) {
          if (!(await decideSome(options, state))) return 'blocked';
        } else if (candidate !== undefined) return 'record';
        else if (state.stoppedAt !== undefined) return 'blocked';
        else if (month === undefined) return 'end';
        else if (mayRead(options, state)) await readPage(options, state, month);
        else return 'blocked';
      }
    },
    peek: () => first()?.record,
    take() {
      const record = first()?.record;
      state.at++;
      if (record !== undefined) state.taken = state.decided = positionOf(record);
      options.budget.markProgress();
      return record;
    },
  };
}

/** What is read ahead is paid for already. */
function mayRead({ budget }: RecordStreamOptions, { ahead }: State): boolean {
  return budget.spend('scan', ahead === undefined ? 1 : 0);
}

interface State {
  /** Where the first page begins. */
  readonly after: string;
  readonly resume: Cursor | undefined;
  readonly months: Month[];
  token: string | undefined;
  candidates: readonly Candidate[];
  at: number;
  /** Where the page of the candidates begins. */
  pageStart: Cursor | undefined;
  /** The moment of the first row of that page, matching or not. */
  firstMoment: string | undefined;
  /** Position of the last row of this page known to match or not. */
  decided: string | undefined;
  /** Position of the last row that was filtered, if the budget ended before the rest of the page. */
  stoppedAt: string | undefined;
  /** Position of the last record taken, on this page or before. */
  taken: string | undefined;
  emptyPages: number;
  isRead: boolean;
  /** Whether the next page is read with texts: the following rows will be similar to those before. */
  withTexts: boolean;
  /** Rows that the next page may have, estimated from those before. */
  maxRows: number;
  /** The next page, if it is being read already. */
  ahead: Promise<ScanPage> | undefined;
}

function stateOf(options: RecordStreamOptions): State {
  const { resume } = options;
  const { months, after, token } = startOf(options);
  return {
    after,
    resume,
    months: [...months],
    token,
    candidates: [],
    at: 0,
    pageStart: resume,
    firstMoment: undefined,
    decided: undefined,
    stoppedAt: undefined,
    emptyPages: 0,
    isRead: false,
    ahead: undefined,
    withTexts: options.texts !== 'none',
    maxRows: options.texts === 'filter' ? firstRowsWithTexts : maxPageSize,
    taken: resume !== undefined && 'past' in resume ? resume.past : undefined,
  };
}

async function readPage(options: RecordStreamOptions, state: State, month: Month): Promise<void> {
  if (state.isRead) state.pageStart = { month, token: state.token ?? '' };
  const read = () => readRows(options, state, month);
  const page = await (state.withTexts ? whileHoldingPage(read) : read());
  state.isRead = true;
  state.firstMoment = page.first?.slice(0, 13);
  [state.candidates, state.at, state.decided] = [page.candidates, 0, undefined];
  state.withTexts ||= page.candidates.some(({ undecided }) => undecided !== undefined);
  if (options.texts === 'result') state.withTexts = page.candidates.length >= minMatchRate * page.filtered;
  state.emptyPages = page.candidates.length === 0 ? state.emptyPages + 1 : 0;
  state.stoppedAt = page.stoppedAt;
  // Needed later or never: each stream of a query would hold one until then.
  if (page.candidates.length > 0) state.ahead = undefined;
  if (page.stoppedAt === undefined) {
    state.token = page.token;
    if (page.token === undefined) state.months.shift();
  }
  if (hasMoved(state.resume, cursorOf(state))) options.budget.markProgress();
}

/** Rows are let go once they are filtered: they may hold the texts of a thousand records. */
async function readRows(options: RecordStreamOptions, state: State, month: Month) {
  const { rows, token: next } = await (state.ahead ?? scan(options, state, month));
  state.ahead = next === undefined ? undefined : readAhead(options, { ...state, token: next }, month);
  options.budget.countRows(rows.length);
  const before = options.budget.cost.comparisons;
  const { candidates, filtered } = await filterRows(options, rows);
  state.maxRows = rowsFor((options.budget.cost.comparisons - before) / Math.max(1, filtered));
  const [first, last] = [rows[0], rows[filtered - 1]];
  const stoppedAt = filtered < rows.length && last !== undefined ? positionOfRow(last) : undefined;
  return { first: first && positionOfRow(first), candidates, filtered, stoppedAt, token: next };
}

function scan(
  { index, tenantId, pageSize, ...options }: RecordStreamOptions,
  { after, token, withTexts, maxRows, emptyPages }: State,
  month: Month,
): Promise<ScanPage> {
  const size = Math.min(maxRows, pageSize() * growth ** emptyPages);
  return index.scan(tenantId, { ...options.scan, after, month, token, pageSize: size, withTexts });
}

/**
 * Storage reads the next page while the processor filters this one. Only in a search that has found nothing for three
 * pages: where matches are sparse, a page that was read ahead is often let go and read again. One page more is held then, so no other may be.
 */
function readAhead(options: RecordStreamOptions, state: State, month: Month): Promise<ScanPage> | undefined {
  const isVain = options.texts === 'filter' && state.emptyPages > 2;
  if (!isVain || !isOnlyPage() || !options.budget.spend('scan')) return undefined;
  const page = scan(options, { ...state, emptyPages: state.emptyPages + 1 }, month);
  // Awaited when its turn comes, or never.
  page.catch(() => undefined);
  return page;
}

/** Reads the texts of the first undecided candidates; false when the budget does not allow it. */
async function decideSome({ budget, rowFilter }: RecordStreamOptions, state: State): Promise<boolean> {
  const { candidates, at } = state;
  const some = leadingUndecided(candidates.slice(at, at + pointReadsAtOnce));
  if (!budget.spend('point', some.length)) return false;
  const results = await pMap(some, (candidate) => rowFilter.decide(candidate));
  state.decided = some.map(({ record }) => positionOf(record)).at(-1);
  state.candidates = [...results.flatMap((result) => result ?? []), ...candidates.slice(at + some.length)];
  state.at = 0;
  if (hasMoved(state.resume, cursorOf(state))) budget.markProgress();
  return true;
}

function cursorOf({ candidates, at, months, ...state }: State): Cursor | undefined {
  const first = candidates[at];
  if (first !== undefined) {
    if (first.undecided === undefined) return { past: justBefore(first.record, state) };
    return state.decided === undefined ? state.pageStart : { past: state.decided };
  }
  if (state.stoppedAt !== undefined) return { past: state.stoppedAt };
  if (!state.isRead) return state.resume;
  const month = months[0];
  return month === undefined ? exhausted : { month, token: state.token ?? '' };
}

/** A record that is still ready where it was before does not count as progress. */
function hasMoved(from: Cursor | undefined, to: Cursor | undefined): boolean {
  return JSON.stringify(from) !== JSON.stringify(to);
}

/**
 * The moment of a record, which is short, or the last record taken where that has the same moment. Many records may
 * share a moment: where others of it may have been passed already, the exact position, or the next page would return
 * them again.
 */
function justBefore(record: FoundRecord, state: PageState & Pick<State, 'taken'>): string {
  const position = positionOf(record);
  const moment = position.slice(0, 13);
  if (mayFollowOthers(state, moment)) return positionAfterAllBefore(position);
  return state.taken?.startsWith(moment) === true ? state.taken : moment;
}

type PageState = Pick<State, 'pageStart' | 'firstMoment' | 'decided'>;

/** Whether records of this moment were passed before this page, or on it by reading their texts. */
function mayFollowOthers({ pageStart, firstMoment, decided }: PageState, moment: string): boolean {
  if (pageStart === undefined) return false;
  if ('token' in pageStart) return pageStart.token !== '' && firstMoment === moment;
  return decided !== undefined && pageStart.past.startsWith(moment);
}

function leadingUndecided(candidates: readonly Candidate[]): readonly Candidate[] {
  const end = candidates.findIndex(({ undecided }) => undecided === undefined);
  return end === -1 ? candidates : candidates.slice(0, end);
}

/** Where the first page starts. */
function startOf({ scan, prefix, months, resume }: RecordStreamOptions) {
  if (resume === undefined) return { months, after: scan.after, token: undefined };
  if ('past' in resume) {
    const after = `${prefix}${resume.past}`;
    const month = monthOf(dateOfPosition(resume.past));
    const left = months.filter((one) => one <= month);
    return { months: left, after: after > scan.after ? after : scan.after, token: undefined };
  }
  const left = months.filter((one) => one <= resume.month);
  const isResumed = left[0] === resume.month && resume.token !== '';
  return { months: left, after: scan.after, token: isResumed ? resume.token : undefined };
}
