/** Reads the text of a raw blob to its end, and compares it with what its name, its metadata, and the index say. */
import { createHash, type Hash } from 'node:crypto';
import { deliveredRecords, provenanceOf } from '../index/delivered-records.ts';
import { maxLineBytes, splitLines } from '../index/read-lines.ts';
import { gunzip } from '../landing/gzip.ts';
import { landingStamp } from '../landing/landing-names.ts';
import type { RawBlob } from '../landing/raw-store.ts';
import { compareRecords } from './compare-records.ts';
import type { CompareRecordsDeps, RecordCounts } from './comparing.ts';
import type { Difference, DifferenceKind } from './difference.ts';
import { createFinder, findingsOf, type Findings } from './findings.ts';
import { blobNameOf, differenceIn, isPending, type StoredLanding } from './stored-landing.ts';

export interface ComparedText extends RecordCounts {
  readonly bytes: number;
  readonly found: Findings;
  /** The text is what landed: what differs is something that was made of it. */
  readonly isSound: boolean;
}

/** @throws Error when storage fails */
export async function compareText(
  deps: CompareRecordsDeps,
  stored: StoredLanding,
  blob: RawBlob,
): Promise<ComparedText> {
  const tally: TextTally = { bytes: 0, records: 0, indexed: 0, rows: 0, pastRetention: 0 };
  const hash = createHash('sha256');
  const [finder, records] = [createFinder(), new Map<number, Difference>()];
  const report = (difference: Difference) => {
    finder.report(difference);
    if (difference.line !== undefined) records.set(difference.line, difference);
  };
  try {
    await readText(deps, stored, { blob, tally, hash, report });
  } catch (error) {
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    const detail = `after ${tally.bytes} bytes of text`;
    return { ...tally, isSound: false, found: findingsOf([differenceIn(stored, damage, { detail })]) };
  }
  const faults = [...textFaults(stored, blob, tally), ...hashFaults(stored, blob, hash.digest('hex'))];
  if (faults.length === 0) return { ...tally, isSound: true, found: finder.found() };
  // What the index holds is right then, and the text is not.
  const wrong = [...records.values()].map(asRecordDiffers);
  return { ...tally, isSound: false, found: findingsOf([...faults, ...wrong]) };
}

type TextTally = { -readonly [Name in keyof RecordCounts]: RecordCounts[Name] } & { bytes: number };

interface Reading {
  readonly blob: RawBlob;
  readonly tally: TextTally;
  readonly hash: Hash;
  readonly report: (difference: Difference) => void;
}

async function readText(
  deps: CompareRecordsDeps,
  stored: StoredLanding,
  { blob, tally, hash, report }: Reading,
): Promise<void> {
  const lines = splitLines(tallied(gunzip(blob.body), { tally, hash }), maxLineBytes);
  if (isPending(stored)) {
    for await (const { line } of lines) tally.records = line + 1;
    return;
  }
  const landing = { ...stored, blobName: blobNameOf(stored) };
  Object.assign(tally, await compareRecords(deps, landing, deliveredRecords(blob, 0, lines), report));
}

async function* tallied(
  text: AsyncIterable<Buffer>,
  { tally, hash }: Pick<Reading, 'tally' | 'hash'>,
): AsyncGenerator<Buffer> {
  for await (const chunk of text) {
    tally.bytes += chunk.length;
    hash.update(chunk);
    yield chunk;
  }
}

/** Undefined for an error that does not come from decompressing. */
function damageOf(error: unknown): DifferenceKind | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return 'rawBlobTruncated';
  return code.startsWith('Z_') ? 'rawBlobDamaged' : undefined;
}

function textFaults(
  stored: StoredLanding,
  { metadata }: RawBlob,
  { records, bytes }: TextTally,
): readonly Difference[] {
  const { runs, landedAt } = provenanceOf({ metadata });
  const inRuns = runs.reduce((sum, run) => sum + run.records, 0);
  const faults = [
    ...unequal('records', metadata['records'], records),
    ...(runs.length === 0 ? [] : unequal('records in runs', String(inRuns), records)),
    ...unequal('bytes of text', metadata['textbytes'], bytes),
    ...(stored.landingId.startsWith(landingStamp(landedAt)) ? [] : ['landed at another time']),
  ];
  return faults.map((detail) => differenceIn(stored, 'rawBlobDiffers', { detail }));
}

/** The row is the witness: metadata can be rewritten together with the text. Landings of earlier releases have no hash. */
function hashFaults(stored: StoredLanding, { metadata }: RawBlob, found: string): readonly Difference[] {
  const said = stored.row?.textSha256 ?? metadata['textsha256'];
  if (said === undefined || said === found) return [];
  return [differenceIn(stored, 'textHashDiffers', { detail: `${said} landed, ${found} found` })];
}

/** Metadata of earlier releases may lack it. */
function unequal(what: string, said: string | undefined, found: number): readonly string[] {
  return said === undefined || Number(said) === found ? [] : [`${what}: ${said} in metadata, ${found} found`];
}

function asRecordDiffers({ landingId, blobName, recordId, line }: Difference): Difference {
  return { kind: 'recordDiffers', landingId, blobName, recordId, line };
}
