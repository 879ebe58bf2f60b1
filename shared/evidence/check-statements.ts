/** Whether what a tenant lacked when a checkpoint was taken is still said to be missing, or landed since. */
import pMap from 'p-map';
import type { LandingStore } from '../landing/landing.ts';
import type { ContentKey, Ledger } from '../landing/ledger.ts';
import { sha256Of } from '../sha256.ts';
import {
  factsOf,
  missingLines,
  readStated,
  type Fact,
  type MissingLine,
  type Stated,
  type StatementDeps,
  type StatementLine,
  type StatementStore,
} from './statement.ts';

export interface CheckStatementsDeps extends StatementDeps {
  readonly statements: Pick<StatementStore, 'get'>;
  readonly ledger: StatementDeps['ledger'] & Pick<Ledger, 'known'>;
  readonly landings: StatementDeps['landings'] & Pick<LandingStore, 'recorded'>;
}

/** The statement that a checkpoint covers. */
export interface CoveredStatement {
  readonly sha256: string;
  readonly takenAt: Date;
}

const readAtOnce = 8;
/** A statement of a hundred thousand gaps has 15 MB. */
const textsAtOnce = 2;

/**
 * Those that no longer hold: their text is gone or was altered, something that was missing is neither missing nor landed now,
 * or collection is said to have begun earlier than it was said then.
 * @returns their SHA-256
 */
export async function brokenStatements(
  deps: CheckStatementsDeps,
  tenantId: string,
  covered: readonly CoveredStatement[],
): Promise<ReadonlySet<string>> {
  const hashes = [...new Set(covered.map(({ sha256 }) => sha256))];
  const known = new Map<string, Fact>();
  const read = async (sha256: string) =>
    [sha256, await readFacts(deps, tenantId, { sha256, known })] as const;
  const texts = new Map(await pMap(hashes, read, { concurrency: textsAtOnce }));
  if (texts.size === 0) return new Set();
  // After the statements: what is lost since then is in both.
  const stated = await readStated(deps, tenantId);
  const takenBack = await missingNoMore(deps, tenantId, { all: known.values(), stated });
  const isBroken = ({ sha256, takenAt }: CoveredStatement) =>
    texts
      .get(sha256)
      ?.every(({ text, line }) => !takenBack.has(text) && startHolds(line, stated, takenAt)) !== true;
  return new Set(covered.filter(isBroken).map(({ sha256 }) => sha256));
}

async function readFacts(
  { statements }: CheckStatementsDeps,
  tenantId: string,
  { sha256, known }: { readonly sha256: string; readonly known: Map<string, Fact> },
): Promise<readonly Fact[] | undefined> {
  const text = await statements.get(tenantId, sha256);
  return text === undefined || sha256Of(text) !== sha256 ? undefined : factsOf(text, known);
}

/** Lines of what did not land and is not said to be missing now. */
async function missingNoMore(
  deps: CheckStatementsDeps,
  tenantId: string,
  { all, stated }: { readonly all: Iterable<Fact>; readonly stated: Stated },
): Promise<ReadonlySet<string>> {
  const now = new Set(missingLines(stated));
  const gone = new Map(
    [...all].flatMap(({ text, line }) =>
      line[0] === 'missing' && !now.has(text) ? [[text, line] as const] : [],
    ),
  );
  const known = await knownOf(deps.ledger, tenantId, [...gone.values()]);
  const holds = async (line: MissingLine) =>
    isWithinGap(line, stated) || (await hasLanded(deps, tenantId, { line, known }));
  const broken = await pMap(gone, async ([text, line]) => ((await holds(line)) ? [] : [text]), {
    concurrency: readAtOnce,
  });
  return new Set(broken.flat());
}

type Known = Awaited<ReturnType<Ledger['known']>>;

async function knownOf(
  ledger: CheckStatementsDeps['ledger'],
  tenantId: string,
  lines: readonly MissingLine[],
): Promise<Known> {
  const contents = lines.flatMap(([, contentType, from, , contentId]): readonly ContentKey[] =>
    contentId === null ? [] : [{ contentType, contentId, contentCreated: new Date(from) }],
  );
  return contents.length === 0 ? new Map() : await ledger.known(tenantId, contents);
}

/** A poll that was killed before its checkpoint moved recorded a range; the next one records what is lost by then instead. */
function isWithinGap(
  [, contentType, from, to, contentId, landingId]: MissingLine,
  { gaps }: Pick<Stated, 'gaps'>,
): boolean {
  if (contentId !== null || landingId !== null) return false;
  const [start, end] = [new Date(from), new Date(to)];
  return gaps.some(
    (gap) =>
      gap.contentType === contentType &&
      gap.contentId === undefined &&
      gap.landingId === undefined &&
      gap.window.start <= start &&
      gap.window.end >= end,
  );
}

/** A landing that was given up is missing until it is in the chain; a range without content never lands. */
async function hasLanded(
  { landings }: CheckStatementsDeps,
  tenantId: string,
  { line: [, , , , contentId, landingId], known }: { readonly line: MissingLine; readonly known: Known },
): Promise<boolean> {
  if (contentId !== null) return known.get(contentId) === 'landed';
  if (landingId === null) return false;
  return (await landings.recorded(tenantId, landingId))?.link !== undefined;
}

/** A start that lay ahead of the checkpoint was of a wrong clock, and is corrected by the next listing. */
function startHolds(line: StatementLine, { checkpoints }: Stated, takenAt: Date): boolean {
  if (line[0] !== 'collectedFrom') return true;
  const now = checkpoints.find(({ contentType }) => contentType === line[1])?.collectedFrom;
  if (now === undefined) return true;
  return line[2] !== null && (new Date(line[2]) <= now || new Date(line[2]) > takenAt);
}
