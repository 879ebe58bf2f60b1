/** Wanted records of one partition range, month after month, newest first, read page by page within a budget. */
import pMap from 'p-map';
import { monthOf, type Month } from '../../index/keys.ts';
import type { RecordIndex, Scan } from '../../index/record-index.ts';
import { dateOfPosition, positionOf, positionOfRow, type FoundRecord } from '../found-record.ts';
import type { ReadBudget } from './budget.ts';
import { theEnd, type Place } from './place.ts';
import type { Candidate, Sifter } from './sifter.ts';

/** `record`: one is waiting; `end`: there are no more; `blocked`: the budget is spent, there may be more. */
export type StreamState = 'record' | 'end' | 'blocked';

export interface RecordStream {
  /** Reads on until a record waits, the end, or the budget's end. */
  advance(): Promise<StreamState>;
  /** The waiting record, without taking it. */
  peek(): FoundRecord | undefined;
  take(): FoundRecord | undefined;
  /** Where to go on with the record that waits; undefined for a stream that was never read. */
  place(): Place | undefined;
}

/** Texts read at once. */
const pointReadsAtOnce = 16;
export const maxPageSize = 1000;
/** How fast pages grow while nothing is found. */
const growth = 4;

export interface RecordStreamOptions {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly scan: Pick<Scan, 'dimension' | 'where' | 'before' | 'after'>;
  /** What stands before positions in the keys. */
  readonly prefix: string;
  /** Newest first. */
  readonly months: readonly Month[];
  readonly resume?: Place | undefined;
  readonly budget: ReadBudget;
  readonly sifter: Sifter;
  /** Whether texts are searched, so that rows should come with them from the first page on. */
  readonly searchesTexts: boolean;
  /** Rows worth reading at once, asked anew for every page. */
  readonly pageSize: () => number;
}

export function createRecordStream(options: RecordStreamOptions): RecordStream {
  const state = stateOf(options);
  const first = () => state.candidates[state.at];
  return {
    place: () => placeOf(state),
    async advance() {
      for (;;) {
        if (first()?.isDecided === true) return 'record';
        const month = state.months[0];
        if (first() !== undefined) {
          if (!(await decideSome(options, state))) return 'blocked';
        } else if (month === undefined) return 'end';
        else if (options.budget.spend('scan')) await readPage(options, state, month);
        else return 'blocked';
      }
    },
    peek: () => first()?.record,
    take() {
      const record = first()?.record;
      state.at++;
      if (record !== undefined) state.taken = state.decided = positionOf(record);
      options.budget.cameForward();
      return record;
    },
  };
}

interface State {
  /** Where the first page begins. */
  readonly after: string;
  readonly resume: Place | undefined;
  readonly months: Month[];
  token: string | undefined;
  candidates: readonly Candidate[];
  at: number;
  /** Where the page of the candidates begins. */
  pageBegin: Place | undefined;
  /** The moment of the first row of that page, wanted or not. */
  firstMoment: string | undefined;
  /** Position of the last row of this page of which it is known whether it is wanted. */
  decided: string | undefined;
  /** Position of the last record that was taken, on this page or before. */
  taken: string | undefined;
  barrenPages: number;
  isRead: boolean;
  /** Also once a row could not be decided without its text: the next ones will be of its kind. */
  withTexts: boolean;
}

function stateOf(options: RecordStreamOptions): State {
  const { resume } = options;
  const { months, after, token } = beginning(options);
  return {
    ...{ after, resume, months: [...months], token, candidates: [], at: 0 },
    ...{ pageBegin: resume, firstMoment: undefined, decided: undefined, barrenPages: 0, isRead: false },
    withTexts: options.searchesTexts,
    taken: resume !== undefined && 'past' in resume ? resume.past : undefined,
  };
}

async function readPage(options: RecordStreamOptions, state: State, month: Month): Promise<void> {
  const { index, tenantId, budget, sifter } = options;
  if (state.isRead) state.pageBegin = { month, token: state.token ?? '' };
  const pageSize = Math.min(maxPageSize, options.pageSize() * growth ** state.barrenPages);
  const { after, token, withTexts } = state;
  const page = await index.scan(tenantId, { ...options.scan, after, month, token, pageSize, withTexts });
  state.isRead = true;
  budget.count(page.rows.length);
  const [first] = page.rows;
  state.firstMoment = first === undefined ? undefined : positionOfRow(first).slice(0, 13);
  [state.candidates, state.at, state.decided] = [sifter.sift(page.rows), 0, undefined];
  state.withTexts ||= state.candidates.some(({ isDecided }) => !isDecided);
  state.barrenPages = state.candidates.length === 0 ? state.barrenPages + 1 : 0;
  state.token = page.token;
  if (page.token === undefined) state.months.shift();
  if (hasMoved(state.resume, placeOf(state))) budget.cameForward();
}

/** Reads the texts of the first candidates that wait for it; false when there is no budget for it. */
async function decideSome({ budget, sifter }: RecordStreamOptions, state: State): Promise<boolean> {
  const { candidates, at } = state;
  const some = leadingUndecided(candidates.slice(at, at + pointReadsAtOnce));
  if (!budget.spend('point', some.length)) return false;
  const results = await pMap(some, (candidate) => sifter.decide(candidate));
  state.decided = some.map(({ record }) => positionOf(record)).at(-1);
  state.candidates = [...results.flatMap((result) => result ?? []), ...candidates.slice(at + some.length)];
  state.at = 0;
  if (hasMoved(state.resume, placeOf(state))) budget.cameForward();
  return true;
}

function placeOf({ candidates, at, months, ...state }: State): Place | undefined {
  const first = candidates[at];
  if (first?.isDecided === true) return { past: justBefore(first.record, state) };
  if (first !== undefined) return state.decided === undefined ? state.pageBegin : { past: state.decided };
  if (!state.isRead) return state.resume;
  const month = months[0];
  return month === undefined ? theEnd : { month, token: state.token ?? '' };
}

/** A record that waits where it waited before is nothing new. */
function hasMoved(from: Place | undefined, to: Place | undefined): boolean {
  return JSON.stringify(from) !== JSON.stringify(to);
}

/**
 * The moment of a record, which is short; behind the last one taken where that is of the same moment. Many records may
 * share one: where others of it may have been passed before, the very place, or the next page would meet them again.
 */
function justBefore(record: FoundRecord, state: PageState & Pick<State, 'taken'>): string {
  const position = positionOf(record);
  const moment = position.slice(0, 13);
  if (mayFollowOthers(state, moment)) return behindAllBefore(position);
  return state.taken?.startsWith(moment) === true ? state.taken : moment;
}

type PageState = Pick<State, 'pageBegin' | 'firstMoment' | 'decided'>;

/** Whether records of this moment were passed before this page, or on it by reading their texts. */
function mayFollowOthers({ pageBegin, firstMoment, decided }: PageState, moment: string): boolean {
  if (pageBegin === undefined) return false;
  if ('token' in pageBegin) return pageBegin.token !== '' && firstMoment === moment;
  return decided !== undefined && pageBegin.past.startsWith(moment);
}

/** Sorts before this position and behind all others before it: ids end with a hexadecimal digit. */
function behindAllBefore(position: string): string {
  const last = position.charCodeAt(position.length - 1);
  return `${position.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

function leadingUndecided(candidates: readonly Candidate[]): readonly Candidate[] {
  const end = candidates.findIndex(({ isDecided }) => isDecided);
  return end === -1 ? candidates : candidates.slice(0, end);
}

/** Where the first page is read from. */
function beginning({ scan, prefix, months, resume }: RecordStreamOptions) {
  if (resume === undefined) return { months, after: scan.after, token: undefined };
  if ('past' in resume) {
    const after = `${prefix}${resume.past}`;
    const month = monthOf(dateOfPosition(resume.past));
    const left = months.filter((one) => one <= month);
    return { months: left, after: after > scan.after ? after : scan.after, token: undefined };
  }
  const left = months.filter((one) => one <= resume.month);
  const goesOn = left[0] === resume.month && resume.token !== '';
  return { months: left, after: scan.after, token: goesOn ? resume.token : undefined };
}
