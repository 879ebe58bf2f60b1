/** Compares what a raw blob contains with what the ledger says of its content blobs. */
import { contentHash, contentsDigest } from '../evidence/contents-digest.ts';
import type { Run } from '../landing/content-runs.ts';
import type { Landing, LandingRows, LandingStore } from '../landing/landing.ts';
import type { Ledger, SettledContent } from '../landing/ledger.ts';
import type { Difference } from './difference.ts';
import { differenceIn } from './stored-landing.ts';

export interface CompareContentsDeps {
  readonly ledger: Pick<Ledger, 'settled' | 'open'>;
  readonly landings: Pick<LandingStore, 'contentHashes'>;
  readonly landingRows: Pick<LandingRows, 'rows'>;
}

export interface Contents {
  readonly tenantId: string;
  readonly landing: Landing;
  readonly runs: readonly Run[];
}

/**
 * Each row of the ledger that names the landing has the records of one of its runs. Each run has such a row, unless its
 * content blob landed again, which is what a killed host leaves, or is still open because of what it lacks.
 */
export async function compareContents(
  deps: CompareContentsDeps,
  { tenantId, landing, runs }: Contents,
): Promise<readonly Difference[]> {
  // The further parts of a large content blob: the ledger names the first.
  if (landing.contentBlobs === 0) return [];
  const key = { tenantId, landingId: landing.landingId };
  const rows = await rowsOf(deps, tenantId, runs);
  const named = rows.filter((row) => row.state === 'landed' && row.landingId === landing.landingId);
  const hashes = await deps.landings.contentHashes(tenantId, landing.landingId);
  const { wrong, rest } = matched(named, runs, { hashes, isPart: isFirstPart(landing) });
  const others = rows.filter((row) => !named.includes(row));
  const missing = await withoutRow(deps, tenantId, { runs: rest, others });
  return [
    ...digestFaults(landing, hashes).map((detail) => differenceIn(key, 'landingRowDiffers', { detail })),
    ...wrong.map(({ content }) => differenceIn(key, 'ledgerRowDiffers', { contentId: content.contentId })),
    // A row that differs is not missing as well.
    ...missing
      .slice(wrong.length)
      .map((run) => differenceIn(key, 'ledgerRowMissing', { detail: nameOf(run) })),
  ];
}

function digestFaults({ contentsSha256 }: Landing, hashes: readonly string[] | undefined): readonly string[] {
  if (hashes === undefined || contentsSha256 === undefined) return [];
  return contentsDigest(hashes) === contentsSha256 ? [] : ['contents'];
}

function isFirstPart({ landingId }: Landing): boolean {
  return landingId.endsWith('-1');
}

const secondMs = 1000;

/** A run has the second of its content blob. */
function isAt({ contentType, contentCreated }: Run, { content }: Pick<SettledContent, 'content'>): boolean {
  const second = Math.floor(content.contentCreated.getTime() / secondMs) * secondMs;
  return content.contentType === contentType && second === contentCreated.getTime();
}

/** The rows of all content blobs that may be those of the runs. */
async function rowsOf(
  { ledger }: CompareContentsDeps,
  tenantId: string,
  runs: readonly Run[],
): Promise<readonly SettledContent[]> {
  const found: SettledContent[] = [];
  for (const contentType of new Set(runs.map((run) => run.contentType))) {
    const ofType = runs.filter((run) => run.contentType === contentType);
    const times = ofType.map(({ contentCreated }) => contentCreated.getTime());
    const [from, to] = [new Date(Math.min(...times)), new Date(Math.max(...times) + secondMs)];
    for await (const batch of ledger.settled(tenantId, { contentType, from, to }))
      found.push(...batch.filter((row) => ofType.some((run) => isAt(run, row))));
  }
  return found;
}

interface Matching {
  /** Of the content blobs that landed; undefined for landings of earlier releases. */
  readonly hashes: readonly string[] | undefined;
  /** A run has only some of the records of its content blob. */
  readonly isPart: boolean;
}

/** @returns rows that are not what landed, and runs that no row matches */
function matched(rows: readonly SettledContent[], runs: readonly Run[], { hashes, isPart }: Matching) {
  const rest = [...runs];
  const wrong = rows.filter((row) => {
    const at = rest.findIndex((run) => isAt(run, row) && (isPart || run.records === row.receipt?.records));
    if (at >= 0) rest.splice(at, 1);
    return at < 0 || !hasLanded(row, hashes);
  });
  return { wrong, rest };
}

/** Covers what no line of text can prove: the ID of the content blob, and the size and the hash of its body. */
function hasLanded({ content, receipt }: SettledContent, hashes: readonly string[] | undefined): boolean {
  if (hashes === undefined) return true;
  return receipt !== undefined && hashes.includes(contentHash({ content, receipt }));
}

interface Unnamed {
  readonly runs: readonly Run[];
  /** Rows that do not name the landing. */
  readonly others: readonly SettledContent[];
}

/** Runs of which no row says that they are elsewhere, or not whole. */
async function withoutRow(
  { ledger, landingRows }: CompareContentsDeps,
  tenantId: string,
  { runs, others }: Unnamed,
): Promise<readonly Run[]> {
  const missing: Run[] = [];
  for (const run of runs) {
    const elsewhere = others.filter((row) => isAt(run, row));
    const exist = await Promise.all(elsewhere.map((row) => isSettled(landingRows, tenantId, row)));
    if (!exist.includes(true)) missing.push(run);
  }
  if (missing.length === 0) return missing;
  const open = await ledger.open(tenantId);
  return missing.filter((run) => !open.some((row) => isAt(run, row)));
}

async function isSettled(
  landingRows: CompareContentsDeps['landingRows'],
  tenantId: string,
  { state, landingId }: SettledContent,
): Promise<boolean> {
  if (state !== 'landed' || landingId === undefined) return state !== 'landed';
  const range = { from: landingId, to: `${landingId}~`, limit: 1 };
  return (await landingRows.rows(tenantId, range)).some((row) => row.landingId === landingId);
}

function nameOf({ contentType, contentCreated, records }: Run): string {
  return `${contentType} of ${contentCreated.toISOString()}, ${records} records`;
}
