/**
 * A tenant's statement: since when its content types are collected, and what it lacks. A checkpoint covers its SHA-256, so
 * nothing that it says can be taken back unnoticed.
 */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { gapsOfGivenUp } from '../landing/given-up-landings.ts';
import type { LandingStore } from '../landing/landing.ts';
import type { Checkpoint, Gap, Ledger, OpenContent } from '../landing/ledger.ts';
import { parseJson } from '../json.ts';

export interface StatementStore {
  /** Writes nothing when it is there already. */
  put(tenantId: string, sha256: string, text: string): Promise<void>;
  /** As it is stored, whether or not it still has this SHA-256. */
  get(tenantId: string, sha256: string): Promise<string | undefined>;
}

export interface StatementDeps {
  readonly ledger: Pick<Ledger, 'checkpoints' | 'gaps' | 'open'>;
  readonly landings: Pick<LandingStore, 'notIndexed'>;
}

/** What a statement is made of. */
export interface Stated {
  readonly checkpoints: readonly Pick<Checkpoint, 'contentType' | 'collectedFrom'>[];
  readonly gaps: readonly Pick<Gap, 'contentType' | 'contentId' | 'landingId' | 'window'>[];
  readonly open: readonly Pick<OpenContent, 'content'>[];
}

/** Four requests, in the order in which what is missing moves on: it is written there before it is deleted here. */
export async function readStated({ ledger, landings }: StatementDeps, tenantId: string): Promise<Stated> {
  const checkpoints = await ledger.checkpoints(tenantId);
  const open = await ledger.open(tenantId);
  const gaps = await ledger.gaps(tenantId);
  const { givenUp } = await landings.notIndexed(tenantId);
  return { checkpoints, open, gaps: [...gaps, ...gapsOfGivenUp(givenUp)] };
}

const moment = z.iso.datetime();
const sinceLine = z.tuple([z.literal('collectedFrom'), contentTypeSchema, moment.nullable()]);
/** The window, by contentCreated, and the content blob or the landing, if it is one. */
const missingLine = z.tuple([
  z.literal('missing'),
  contentTypeSchema,
  moment,
  moment,
  z.string().nullable(),
  z.string().nullable(),
]);
const lineSchema = z.union([sinceLine, missingLine]);
export type StatementLine = z.output<typeof lineSchema>;
export type MissingLine = z.output<typeof missingLine>;

/** Its text: a line of JSON for each fact, as `jq -c` prints the same array, sorted by bytes, none twice. */
export function statementText({ checkpoints, gaps, open }: Stated): string {
  const since = checkpoints.map(({ contentType, collectedFrom }) =>
    lineText(['collectedFrom', contentType, collectedFrom?.toISOString() ?? null]),
  );
  const lines = new Set([...since, ...missingLines({ gaps, open })]);
  return [...lines].toSorted(byBytes).join('');
}

/** What is lost, and what did not land yet, as lines of a statement: what is both is the same line twice. */
export function missingLines({ gaps, open }: Pick<Stated, 'gaps' | 'open'>): readonly string[] {
  return [...gaps, ...open.map(placeOfOpen)].map(({ contentType, window, contentId, landingId }) => {
    const [from, to] = [window.start.toISOString(), window.end.toISOString()];
    return lineText(['missing', contentType, from, to, contentId ?? null, landingId ?? null]);
  });
}

/** A fact, and the line that says it. */
export interface Fact {
  readonly text: string;
  readonly line: StatementLine;
}

/**
 * The facts of a text. Statements of neighboring days say almost the same: each fact is in memory once.
 * @param known those of other texts, by line
 * @throws when it is not a statement
 */
export function factsOf(text: string, known: Map<string, Fact>): readonly Fact[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => known.get(`${line}\n`) ?? newFact(`${line}\n`, known));
}

function newFact(text: string, known: Map<string, Fact>): Fact {
  const fact = { text, line: lineSchema.parse(parseJson(text)) };
  known.set(text, fact);
  return fact;
}

/** As its gap has it, should it be lost. */
function placeOfOpen({ content }: Pick<OpenContent, 'content'>): Stated['gaps'][number] {
  const { contentType, contentId, contentCreated: start } = content;
  return { contentType, contentId, window: { start, end: new Date(start.getTime() + 1) } };
}

function lineText(line: StatementLine): string {
  return `${JSON.stringify(line)}\n`;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
