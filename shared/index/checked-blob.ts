/** A raw blob whose text is what landed. */
import { createHash } from 'node:crypto';
import { gunzip } from '../landing/gzip.ts';
import type { Landing, RecordedLanding } from '../landing/landing.ts';
import type { RawBlob, RawStore } from '../landing/raw-store.ts';
import type { IndexRequest } from '../landing/work-queues.ts';

/** There is nothing to index. */
export class RawBlobMissingError extends Error {
  override readonly name = 'RawBlobMissingError';
}

/** What is stored is not what landed. */
export class LandingAlteredError extends Error {
  override readonly name = 'LandingAlteredError';
}

export interface CheckedBlob {
  readonly blob: RawBlob;
  readonly hashes: Pick<Landing, 'textSha256' | 'hashedAt' | 'contentsSha256'>;
}

/** Compressed bytes held, so that they are not read twice; most landings have a tenth of that. */
const maxHeldBytes = 8 * 1024 * 1024;

/**
 * Reads a raw blob whole and compares it with what was recorded when it landed, before anything of it is used. The text of
 * a landing of an earlier release is hashed now.
 * @throws RawBlobMissingError when the blob does not exist
 * @throws LandingAlteredError when its text, or what its metadata says of it, is not what landed
 */
export async function readChecked(
  raw: Pick<RawStore, 'read'>,
  { landingId, blobName }: IndexRequest,
  recorded: RecordedLanding | undefined,
): Promise<CheckedBlob> {
  const blob = await readExisting(raw, landingId, blobName);
  const { textSha256, held } = await hashText(blob.body);
  const { textsha256, contentssha256 } = blob.metadata;
  const expected = sameOf(landingId, 'text', recorded?.textSha256, textsha256);
  if (expected !== undefined && expected !== textSha256) throw alteredText(landingId, textSha256, expected);
  const contentsSha256 = sameOf(landingId, 'contents', recorded?.contentsSha256, contentssha256);
  const hashedAt = recorded?.hashedAt ?? (textsha256 === undefined ? 'indexing' : 'landing');
  const { body } =
    held === undefined ? await readExisting(raw, landingId, blobName) : { body: chunksOf(held) };
  return { blob: { metadata: blob.metadata, body }, hashes: { textSha256, hashedAt, contentsSha256 } };
}

async function readExisting(
  raw: Pick<RawStore, 'read'>,
  landingId: string,
  blobName: string,
): Promise<RawBlob> {
  const blob = await raw.read(blobName);
  if (blob === undefined)
    throw new RawBlobMissingError(`The raw blob of landing ${landingId} does not exist.`);
  return blob;
}

async function hashText(
  body: AsyncIterable<Buffer>,
): Promise<{ readonly textSha256: string; readonly held: readonly Buffer[] | undefined }> {
  const [hash, chunks] = [createHash('sha256'), new Array<Buffer>()];
  let bytes = 0;
  async function* holding(): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes <= maxHeldBytes) chunks.push(chunk);
      else chunks.length = 0;
      yield chunk;
    }
  }
  for await (const text of gunzip(holding())) hash.update(text);
  return { textSha256: hash.digest('hex'), held: bytes <= maxHeldBytes ? chunks : undefined };
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** What the row and the blob say: the same, or only one of them knows it. */
function sameOf(
  landingId: string,
  what: string,
  inRow: string | undefined,
  inBlob: string | undefined,
): string | undefined {
  if (inRow === undefined || inBlob === undefined || inRow === inBlob) return inRow ?? inBlob;
  throw new LandingAlteredError(
    `The raw blob of landing ${landingId} names another SHA-256 of its ${what} (${inBlob}) than the row in table Landings (${inRow}): one of them was altered. Nothing of it was indexed. See the runbook on altered landings.`,
  );
}

function alteredText(landingId: string, found: string, expected: string): LandingAlteredError {
  return new LandingAlteredError(
    `The text of the raw blob of landing ${landingId} has SHA-256 ${found}, but ${expected} was recorded when it landed: it was altered. Nothing of it was indexed. See the runbook on altered landings.`,
  );
}
