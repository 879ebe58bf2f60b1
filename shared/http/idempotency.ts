/** Idempotent requests: the same key returns the same answer, and the work is done once. */
import * as z from 'zod';
import { keyOf, type Caller } from '../access/caller.ts';
import { seal, sealingKeys, unseal } from '../access/sealing.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { RequestError } from '../errors.ts';
import { sha256Of } from '../sha256.ts';
import { idempotencyKeyOf, keyLifetimeMs } from './idempotency-key.ts';
import { readAll } from './request-body.ts';
import type { ApiRequest, ApiResponse } from './request.ts';

/** What is stored under a key. */
export interface KeptRequest {
  /** Distinguishes requests. */
  readonly fingerprint: string;
  /** When the work began. */
  readonly at: Date;
  /** Absent while the work is in progress. */
  readonly answer?: Uint8Array | undefined;
  readonly etag: string;
}

export interface IdempotencyStore {
  /** Undefined if the id was free and is now held; otherwise what is stored there. */
  hold(id: string, work: Pick<KeptRequest, 'fingerprint' | 'at'>): Promise<KeptRequest | undefined>;
  /** Replaces what is stored there; false if that changed in the meantime. */
  takeOver(id: string, work: Pick<KeptRequest, 'fingerprint' | 'at'>, etag: string): Promise<boolean>;
  /** Stores the answer; does nothing if the id was freed in the meantime. */
  finish(id: string, answer: Uint8Array): Promise<void>;
  /** Frees an id; succeeds if it is free already. */
  forget(id: string): Promise<void>;
}

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  jsonBody: z.unknown().optional(),
  /** Content other than JSON. */
  body: z.string().optional(),
});

/** An answer that can be stored. */
export type IdempotentAnswer = z.infer<typeof answerSchema>;

export interface IdempotentRequest {
  readonly callerId: string;
  /** The caller's own key for the request. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** Media type of the answer that the caller prefers, where the operation has several. */
  readonly mediaType?: string | undefined;
}

export interface Idempotency {
  /**
   * Does the work, or returns its earlier answer. Failures are not stored, so that the request can be retried. Finished
   * work is answered even if the answer cannot be stored: retries then see it as in progress until the hold expires.
   * @throws RequestError 422 IdempotencyKeyReused for another request, 409 while the first one is in progress
   */
  once(request: IdempotentRequest, work: () => Promise<IdempotentAnswer>): Promise<IdempotentAnswer>;
}

export interface IdempotencyDeps {
  readonly store: IdempotencyStore;
  /** Encrypt stored answers, which may contain a new client key. */
  readonly signingKeys: SigningKeys;
  readonly now: () => Date;
}

/** Longer than any function may run (host.json: functionTimeout): work that is older was cut off. */
const longestWorkMs = 11 * 60_000;
const retryAfterSeconds = 5;
/** Fits into one table column. */
const maxAnswerBytes = 60_000;

export function createIdempotency({ store, signingKeys, now }: IdempotencyDeps): Idempotency {
  /** The earlier answer; undefined if the work must be done. */
  const earlier = async (id: string, fingerprint: string): Promise<Uint8Array | undefined> => {
    const work = { fingerprint, at: now() };
    const kept = await store.hold(id, work);
    if (kept === undefined) return undefined;
    const ageMs = now().getTime() - kept.at.getTime();
    const isOver = ageMs > (kept.answer === undefined ? longestWorkMs : keyLifetimeMs);
    if (isOver && (await store.takeOver(id, work, kept.etag))) return undefined;
    if (!isOver && kept.fingerprint !== fingerprint) throw reused();
    if (isOver || kept.answer === undefined) throw inProgress();
    return kept.answer;
  };
  const keep = async (id: string, answer: IdempotentAnswer, key: Buffer): Promise<void> => {
    const kept = seal(key, JSON.stringify(answer));
    if (answer.status < 400 && kept.length <= maxAnswerBytes) await store.finish(id, kept);
    else await store.forget(id);
  };
  return {
    async once(request, work) {
      const id = sha256Of(`${request.callerId}\n${request.key}`);
      const keys = sealingKeys(signingKeys, `repeat\n${id}`);
      const before = await earlier(id, fingerprintOf(request));
      if (before !== undefined) return answerSchema.parse(JSON.parse(unseal(keys, Buffer.from(before))));
      const answer = await work().catch(async (error: unknown) => {
        await store.forget(id);
        throw error;
      });
      // The work is done: throwing here, or freeing the id, would let it run a second time.
      await keep(id, answer, keys[0]).catch(() => undefined);
      return answer;
    },
  };
}

function fingerprintOf({ method, path, body, mediaType }: IdempotentRequest): string {
  const form = mediaType === undefined ? '' : ` ${mediaType}`;
  return sha256Of(Buffer.concat([Buffer.from(`${method} ${path}${form}\n`), body]));
}

function reused(): RequestError {
  const message = 'This Idempotency-Key was used for another request. Send a new key with every new request.';
  return new RequestError(422, 'IdempotencyKeyReused', message, { target: 'Idempotency-Key' });
}

function inProgress(): RequestError {
  const message =
    'The first request with this Idempotency-Key is still in progress. Retry after the Retry-After interval.';
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return new RequestError(409, 'RequestInProgress', message, { target: 'Idempotency-Key', headers });
}

interface IdempotentCall {
  readonly request: ApiRequest;
  readonly caller: Caller;
  /** What the body may have. */
  readonly bodyBytes?: number | undefined;
  /** @see IdempotentRequest */
  readonly mediaType: string | undefined;
}

/** Runs a handler once for the request's idempotency key; without a key, simply runs it. */
export async function onceFor(
  { idempotency, now }: { readonly idempotency: Idempotency; readonly now: () => Date },
  { request, caller, bodyBytes, mediaType }: IdempotentCall,
  handle: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const key = idempotencyKeyOf(request.headers, now());
  if (key === undefined) return await handle();
  const { method } = request;
  const { pathname: path } = new URL(request.url);
  const body = await readAll(request, bodyBytes);
  const sent = { callerId: keyOf(caller), key, method, path, body, mediaType };
  const { body: text, ...answer } = await idempotency.once(sent, async () => toKeep(await handle()));
  const headers = { ...answer.headers, 'Repeatability-Result': 'accepted' };
  return { ...answer, ...(text === undefined ? {} : { body: text }), headers };
}

function toKeep({ status = 200, headers = {}, jsonBody, body }: ApiResponse): IdempotentAnswer {
  if (body !== undefined && typeof body !== 'string')
    throw new Error('Only texts are kept for repeated requests.');
  return { status, headers, jsonBody, body };
}
