/** A reader of a tenant's feed of new records, as docs/triggers.md describes one. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { World } from '../world/world.ts';

const pageSchema = z.object({ value: z.array(z.looseObject({ id: z.string() })) });
const pauseMs = 300;

export interface FeedReader {
  /** IDs in the order in which they came. */
  readonly seen: readonly string[];
  /** Reads until there is nothing new. */
  readonly catchUp: () => Promise<void>;
  /** Reads all the time, also while hosts are down, until it is stopped. */
  readonly follow: () => { readonly stop: () => Promise<void> };
}

/** Begins before anything is published. */
export async function startFeedReader({ hosts, apiKey }: World, tenantId: string): Promise<FeedReader> {
  const seen: string[] = [];
  let next = `${hosts[0]?.baseUrl ?? ''}/api/tenants/${tenantId}/records-feed?top=200`;
  /** Whether there was something new; undefined when there was no answer, and the same address must be requested again. */
  const read = async (): Promise<boolean | undefined> => {
    const answer = await request(next, apiKey);
    if (answer === undefined) return undefined;
    const { status, text, location } = answer;
    if (status === 200) seen.push(...pageSchema.parse(JSON.parse(text)).value.map(({ id }) => id));
    next = location;
    return status === 200;
  };
  while ((await read()) === undefined) await delay(pauseMs);
  return {
    seen,
    catchUp: async () => {
      for (let isNew: boolean | undefined = true; isNew !== false; isNew = await read())
        if (isNew === undefined) await delay(pauseMs);
    },
    follow: () => {
      let isOver = false;
      const run = async () => {
        while (!isOver) if ((await read()) !== true) await delay(pauseMs);
      };
      const running = run();
      running.catch(() => undefined);
      return {
        stop: async () => {
          isOver = true;
          await running;
        },
      };
    },
  };
}

async function request(url: string, key: string) {
  try {
    const response = await fetch(url, { headers: { 'x-api-key': key }, signal: AbortSignal.timeout(20_000) });
    const [{ status }, text] = [response, await response.text()];
    if (status === 408 || status === 429 || status >= 500) return undefined;
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The feed answered ${status} without a Location: ${text}`);
    return { status, text, location };
  } catch (error) {
    // Refused and broken connections, and what took too long.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
      return undefined;
    throw error;
  }
}
