/** Everything that can follow sets of tenants in the deployed app: flows, a saved search, and a webhook. */
import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import * as z from 'zod';
import { createKey } from '../../../scripts/key/create-key.ts';
import type { DeployedApp } from '../deployed/deployed-app.ts';
import type { Followed } from './due-records.ts';
import type { createInbox } from './inbox.ts';
import { openCard, type Card } from './simulated-maker.ts';
import { send, startPollingFlow, type SimulatedFlow } from './simulated-flow.ts';

export interface Follower {
  readonly name: string;
  readonly followed: Followed;
  /** Of records, as often as they came. */
  readonly ids: () => readonly string[];
}

export interface Followers {
  /** The first one is the flow that follows all tenants. */
  readonly each: readonly Follower[];
  /** What a maker fills in for that flow. */
  readonly card: Card;
  /** Resolves when each of those that poll was answered, since this was called, that there is nothing more. */
  readonly caughtUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const patience = { timeout: 240_000, interval: 50 };
const made = z.looseObject({ secret: z.string() });
const searchName = 'all';

export interface FollowersOptions {
  /** Records in one answer at most. */
  readonly top: number;
  readonly inbox: ReturnType<typeof createInbox>;
  /** Of the webhook. */
  readonly targetUrl: string;
}

/** Begins before all records. */
export async function startFollowers(
  { api, connectionString }: DeployedApp,
  { top, inbox, targetUrl }: FollowersOptions,
): Promise<Followers> {
  const root = `${api.baseUrl}/api`;
  const connectionFor = async (tenants: Followed) => {
    const storage = { kind: 'connectionString', connectionString } as const;
    return { 'x-api-key': await createKey({ storage, name: tenants, tenants, scopes: ['records.read'] }) };
  };
  const [connection, goldOnly] = [await connectionFor('*'), await connectionFor('tag:gold')];
  const card = await openCard(api.baseUrl, connection, 'When records arrive in any tenant');
  const gold = (await card.choicesOf('Tenants')).get('Tag: gold') ?? 'none has it';
  await saveSearch(root, connection);
  const polling = async (
    name: string,
    followed: Followed,
    { address, headers = connection }: { readonly address: string; readonly headers?: typeof connection },
  ) => {
    const url = new URL(address);
    url.searchParams.set('top', String(top));
    const flow = await startPollingFlow(url.href, headers, { keepsKey: false });
    return { name, followed, flow, ids: () => flow.seen };
  };
  const pollers = [
    await polling('flow', '*', { address: card.addressWith() }),
    await polling('saved search', '*', { address: `${root}/searches/${searchName}/feed` }),
    await polling('flow by tag', 'tag:gold', { address: card.addressWith({ Tenants: gold }) }),
    await polling('flow of a bound key', 'tag:gold', { address: card.addressWith(), headers: goldOnly }),
  ];
  const subscribed = await send(`${root}/subscriptions`, {
    ...{ method: 'POST', headers: { ...connection, 'idempotency-key': randomUUID() } },
    body: { targetUrl },
  });
  inbox.trust(made.parse(JSON.parse(subscribed.text)).secret);
  const flows = pollers.map(({ flow }) => flow);
  return {
    each: [...pollers, { name: 'webhook', followed: '*', ids: inbox.ids }],
    card,
    caughtUp: () => caughtUp(flows),
    stop: async () => {
      await Promise.allSettled(flows.map((flow) => flow.stop()));
    },
  };
}

async function saveSearch(root: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const saved = await send(`${root}/searches/${searchName}`, {
    ...{ method: 'PUT', headers: { ...headers, 'if-none-match': '*' } },
    body: { filters: {}, tenants: ['*'] },
  });
  expect(saved.status).toBe(201);
}

/** Two answers: the first one may be to a request that was sent before. */
async function caughtUp(flows: readonly SimulatedFlow[]): Promise<void> {
  const before = flows.map((flow) => flow.rests());
  await vi.waitFor(() => {
    for (const [at, flow] of flows.entries()) expect(flow.rests()).toBeGreaterThan((before[at] ?? 0) + 1);
  }, patience);
}
