/** Requests that may be sent again: the same key gives the same answer, and the work is done once. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { RequestError } from '../errors.ts';

/** What stands under a key. */
export interface KeptRepeat {
  /** Tells one request from another. */
  readonly fingerprint: string;
  /** When the work began. */
  readonly at: Date;
  /** Absent while the work goes on. */
  readonly answer?: Uint8Array | undefined;
  readonly etag: string;
}

export interface RepeatStore {
  /** Undefined when the id was free and is now held; else what stands there. */
  hold(id: string, work: Pick<KeptRepeat, 'fingerprint' | 'at'>): Promise<KeptRepeat | undefined>;
  /** Takes the place of what stands there; false when that has changed meanwhile. */
  takeOver(id: string, work: Pick<KeptRepeat, 'fingerprint' | 'at'>, etag: string): Promise<boolean>;
  /** Keeps the answer; where the id was forgotten meanwhile, nothing. */
  finish(id: string, answer: Uint8Array): Promise<void>;
  /** Frees an id; one that is free is success. */
  forget(id: string): Promise<void>;
}

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  jsonBody: z.unknown().optional(),
});

/** An answer that can be kept. */
export type RepeatableAnswer = z.infer<typeof answerSchema>;

export interface RepeatableRequest {
  readonly callerId: string;
  /** The caller's own name for the request. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

export interface Repeats {
  /**
   * Does the work, or gives the answer that it had before. What fails is forgotten, so that it may be tried again. Work
   * that is done is answered even where the answer cannot be kept: it then counts as still at work until that is over.
   * @throws RequestError 422 IdempotencyKeyReused for another request, 409 while the first one is at work
   */
  once(request: RepeatableRequest, work: () => Promise<RepeatableAnswer>): Promise<RepeatableAnswer>;
}

export interface RepeatsDeps {
  readonly store: RepeatStore;
  /** Answers rest encrypted, for one may hold a new client key: at least 32 random bytes. */
  readonly signingKey: Buffer;
  readonly now: () => Date;
}

export const repeatableForMs = 24 * 60 * 60_000;
/** Longer than any function may run: what has not finished by then was cut off. */
const longestWorkMs = 11 * 60_000;
const retryAfterSeconds = 5;
/** What fits into a column of a table. */
const maxAnswerBytes = 60_000;

export function createRepeats({ store, signingKey, now }: RepeatsDeps): Repeats {
  /** Undefined when the work is to be done. */
  const earlier = async (id: string, fingerprint: string): Promise<Uint8Array | undefined> => {
    const work = { fingerprint, at: now() };
    const kept = await store.hold(id, work);
    if (kept === undefined) return undefined;
    const ageMs = now().getTime() - kept.at.getTime();
    const isOver = ageMs > (kept.answer === undefined ? longestWorkMs : repeatableForMs);
    if (isOver && (await store.takeOver(id, work, kept.etag))) return undefined;
    if (!isOver && kept.fingerprint !== fingerprint) throw reused();
    if (isOver || kept.answer === undefined) throw inProgress();
    return kept.answer;
  };
  const keep = async (id: string, answer: RepeatableAnswer, seal: Buffer): Promise<void> => {
    const kept = close(answer, seal);
    if (answer.status < 400 && kept.length <= maxAnswerBytes) await store.finish(id, kept);
    else await store.forget(id);
  };
  return {
    async once(request, work) {
      const id = digest(`${request.callerId}\n${request.key}`);
      const seal = createHmac('sha256', signingKey).update(`repeat\n${id}`).digest();
      const before = await earlier(id, fingerprintOf(request));
      if (before !== undefined) return open(before, seal);
      const answer = await work().catch(async (error: unknown) => {
        await store.forget(id);
        throw error;
      });
      // The work is done: to throw here, or to free the id, would have it done a second time.
      await keep(id, answer, seal).catch(() => undefined);
      return answer;
    },
  };
}

function fingerprintOf({ method, path, body }: RepeatableRequest): string {
  return digest(Buffer.concat([Buffer.from(`${method} ${path}\n`), body]));
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

const nonceBytes = 12;
const tagBytes = 16;

function close(answer: RepeatableAnswer, key: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const content = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), content]);
}

function open(sealed: Uint8Array, key: Buffer): RepeatableAnswer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const content = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  return answerSchema.parse(JSON.parse(content.toString('utf8')));
}

function reused(): RequestError {
  const message = 'This Idempotency-Key was used for another request: send a new key with every new request.';
  return new RequestError(422, 'IdempotencyKeyReused', message, { target: 'Idempotency-Key' });
}

function inProgress(): RequestError {
  const message =
    'The first request with this Idempotency-Key is still at work: send it again a little later.';
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return new RequestError(409, 'RequestInProgress', message, { target: 'Idempotency-Key', headers });
}
