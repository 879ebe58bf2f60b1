/** Waits until Splunk says that its indexers have what it took. */
import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { Reject } from '../../../destinations/kind.ts';
import { parseJson } from '../../../json.ts';
import type { HttpsAnswer, Unreached } from '../https-client.ts';
import { verdictOf, type Failed } from './verdict.ts';

/** How long one may wait, in milliseconds. */
export interface Waits {
  /** Before the first question; each further one comes after twice the time. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** After it, what was not acknowledged is sent again. The last small batches may take two minutes. */
  readonly giveUpMs: number;
}

export const defaultWaits: Waits = { firstMs: 500, longestMs: 8000, giveUpMs: 5 * 60_000 };

/** What Splunk calls an acknowledgment. */
export interface AckName {
  /** Numbers are those of a channel, and begin again when Splunk restarts. */
  readonly channel: string;
  readonly ackId: number;
}

/** What was taken and is not acknowledged yet. */
export interface Unacknowledged extends AckName {
  /** Of the batch: they were not taken. */
  readonly rejects: readonly Reject[];
}

/** By batch: an attempt on the same host continues to wait where the one before had to end. */
export type Pending = Pick<LRUCache<string, Unacknowledged>, 'get' | 'set' | 'delete'>;

const keptBatches = 1000;

export function createPending({ giveUpMs }: Waits): Pending {
  return new LRUCache<string, Unacknowledged>({ max: keptBatches, ttl: giveUpMs });
}

const acksSchema = z.object({ acks: z.record(z.string(), z.boolean()) });

/** Splunk tells each acknowledgment once. */
export type Ask = (name: AckName, signal: AbortSignal) => Promise<HttpsAnswer | Unreached>;

/** @returns undefined once it is acknowledged */
export async function acknowledged(
  ask: Ask,
  { channel, ackId }: AckName,
  { firstMs, longestMs }: Waits,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  for (let waitMs = firstMs; await passed(waitMs, signal); waitMs = Math.min(longestMs, waitMs * 2)) {
    const answer = await ask({ channel, ackId }, signal);
    const told = answer.status === 200 ? acksSchema.safeParse(parseJson(answer.text)).data : undefined;
    if (told?.acks[ackId] === true) return undefined;
    const refusal = told === undefined ? refusalIn(answer) : undefined;
    if (refusal !== undefined) return refusal;
  }
  return { outcome: 'retry', cause: 'Splunk did not acknowledge the events in time.' };
}

/** Failures that pass count as not acknowledged yet. */
function refusalIn(answer: HttpsAnswer | Unreached): Failed | undefined {
  const verdict = verdictOf(answer);
  return verdict.is === 'failed' && verdict.result.outcome === 'misconfigured' ? verdict.result : undefined;
}

/** False if the signal came before. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  return await wait(ms, true, { signal }).catch(() => false);
}
