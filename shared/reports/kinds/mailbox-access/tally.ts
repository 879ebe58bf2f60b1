/** What is counted and remembered of records of mailboxes, in bounded memory. */
import * as z from 'zod';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import { severities, type Severity } from '../../document.ts';
import { keepFirst, keptSchema, nothingKept } from '../../kept-first.ts';
import { newestFirst } from '../../newest-first.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { shownName } from '../../shown-name.ts';
import type { Access, ReadRecord } from './access.ts';
import { actKindNames, severityOfKind } from './act-kinds.ts';
import { logonSchema } from './logon.ts';

const moments = {
  /** Milliseconds since 1970. */
  first: z.number(),
  last: z.number(),
};

const pairSchema = z.strictObject({
  actorName: z.string(),
  mailboxName: z.string(),
  logons: z.array(logonSchema),
  isExternal: z.boolean(),
  records: z.int(),
  /** By kind of act; what did not happen is absent. */
  counts: z.partialRecord(z.enum(actKindNames), z.int()),
  ...moments,
});
/** What someone did in one mailbox. */
export type Pair = z.infer<typeof pairSchema>;

const waySchema = z.strictObject({ records: z.int(), ...moments });

const notableSchema = z.strictObject({
  recordId: z.string(),
  at: z.number(),
  severity: z.enum(severities),
  actorName: z.string(),
  mailboxName: z.string(),
  address: z.string(),
  sentence: z.string(),
});
/** A record that is worth reading. */
export type Notable = Readonly<z.infer<typeof notableSchema>>;

const throttledSchema = z.strictObject({ name: z.string(), records: z.int(), ...moments });

export const tallySchema = z.strictObject({
  others: z.int(),
  own: z.int(),
  unnamed: z.int(),
  /** Of Microsoft, which are shown only if that is wanted. */
  services: z.int(),
  pairs: countedSchema(pairSchema),
  /** By pair, address, and client. */
  ways: countedSchema(waySchema),
  notable: keptSchema(notableSchema),
  /** By mailbox, also what owners did. */
  throttled: countedSchema(throttledSchema),
});
export type Tallied = z.infer<typeof tallySchema>;

export const emptyTally: Tallied = {
  others: 0,
  own: 0,
  unnamed: 0,
  services: 0,
  pairs: nothingCounted,
  ways: nothingCounted,
  notable: nothingKept,
  throttled: nothingCounted,
};

export interface Tally {
  /** @param sentence made only for records that are listed */
  add(read: ReadRecord, at: number, sentence: () => string): void;
  addNotable(notable: Notable): void;
  /** When the actor did something in the mailbox last, of all that is counted; undefined: not at all. */
  lastOfPair(actor: string, mailbox: string): number | undefined;
  /** When anyone did. */
  lastIn(mailbox: string): number | undefined;
  tallied(): Tallied;
}

export interface TallyOptions {
  readonly limits: ReportLimits;
  readonly includeServices: boolean;
}

/** Of pairs, of ways, and of mailboxes; with the names that are shown, the state has room for all of them. */
const maxKeyCharacters = 2 * 1024 * 1024;

/** Continues a tally. Neither the order of records nor where it was continued makes a difference, except to what is beyond the limits. */
export function createTally({ limits, includeServices }: TallyOptions, begun: Tallied): Tally {
  let { others, own, unnamed, services } = begun;
  const most = { keys: Math.ceil(limits.keys / 2), characters: maxKeyCharacters };
  const pairs = createCounts<Pair>(begun.pairs, most);
  const ways = createCounts<Tallied['ways']['entries'][number][1]>(begun.ways, most);
  const throttled = createCounts<Tallied['throttled']['entries'][number][1]>(begun.throttled, {
    keys: limits.rows,
    characters: maxKeyCharacters,
  });
  const notable = keepFirst<Notable>(begun.notable, limits.rows, byImportance);
  const lasts = new Map<string, number>();
  const actedIn = (mailbox: string, at: number) => {
    lasts.set(mailbox, Math.max(lasts.get(mailbox) ?? at, at));
  };
  for (const [key, { last }] of begun.pairs.entries) actedIn(parsePairKey(key)[1] ?? '', last);

  const addAccess = (access: Access, isThrottled: boolean, sentence: () => string) => {
    others += 1;
    services += access.isService ? 1 : 0;
    if (access.isService && !includeServices) return;
    const pair = pairKey(access.actor, access.mailbox);
    if (pairs.add(pair, (before) => withAccess(before, access))) {
      actedIn(access.mailbox, access.at);
      ways.add(JSON.stringify([pair, access.address, access.client]), (before) => ({
        records: (before?.records ?? 0) + 1,
        ...widened(before, access.at),
      }));
    }
    const severity = severityOfKind(access.kind) ?? (isThrottled ? 'notice' : undefined);
    if (severity !== undefined) notable.add(notableOf(access, severity, sentence()));
  };
  return {
    add({ whose, mailbox, isThrottled, access }, at, sentence) {
      own += whose === 'own' ? 1 : 0;
      unnamed += whose === 'unnamed' ? 1 : 0;
      if (isThrottled)
        throttled.add(mailbox?.key ?? '', (before) => ({
          name: shownName(before, { name: mailbox?.name ?? '', last: at }),
          records: (before?.records ?? 0) + 1,
          ...widened(before, at),
        }));
      if (access !== undefined) addAccess(access, isThrottled, sentence);
    },
    addNotable: (one) => {
      notable.add(one);
    },
    lastOfPair: (actor, mailbox) => pairs.get(pairKey(actor, mailbox))?.last,
    lastIn: (mailbox) => lasts.get(mailbox),
    tallied: () => ({
      others,
      own,
      unnamed,
      services,
      pairs: pairs.counted(),
      ways: ways.counted(),
      notable: notable.all(),
      throttled: throttled.counted(),
    }),
  };
}

export function pairKey(actor: string, mailbox: string): string {
  return JSON.stringify([actor, mailbox]);
}

function parsePairKey(key: string): readonly string[] {
  return keySchema.parse(JSON.parse(key));
}

const keySchema = z.array(z.string());

/** The pair, the address, and the client of a way. */
export function parseWay(key: string): readonly string[] {
  return keySchema.parse(JSON.parse(key));
}

interface Moments {
  readonly first: number;
  readonly last: number;
}

function widened(before: Moments | undefined, at: number): { first: number; last: number } {
  return { first: Math.min(before?.first ?? at, at), last: Math.max(before?.last ?? at, at) };
}

function withAccess(before: Pair | undefined, access: Access): Pair {
  const { logon, kind, count, at } = access;
  const { counts, logons, isExternal, records } = before ?? noAccess;
  const nameOf = (member: 'actorName' | 'mailboxName') =>
    shownName(before && { name: before[member], last: before.last }, { name: access[member], last: at });
  return {
    actorName: nameOf('actorName'),
    mailboxName: nameOf('mailboxName'),
    logons: logonSchema.options.filter((one) => one === logon || logons.includes(one)),
    isExternal: isExternal || access.isExternal,
    records: records + 1,
    counts: { ...counts, [kind]: (counts[kind] ?? 0) + count },
    ...widened(before, at),
  };
}

const noAccess: Pick<Pair, 'logons' | 'isExternal' | 'records' | 'counts'> = {
  logons: [],
  isExternal: false,
  records: 0,
  counts: {},
};

function notableOf(access: Access, severity: Severity, sentence: string): Notable {
  const { recordId, at, actorName, mailboxName, address } = access;
  return { recordId, at, severity, actorName, mailboxName, address, sentence };
}

/** The worst first, then the newest. */
function byImportance(a: Notable, b: Notable): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || newestFirst(a, b);
}
