/** Indexing landings that wait in storage while rules are applied, with stores in storage or in memory. */
import { createFindingStore } from '../../../shared/adapters/tables/finding-store.ts';
import { createGroupStateStore } from '../../../shared/adapters/tables/group-state-store.ts';
import { createLandingWatcher, type StartWatching } from '../../../shared/detection/watch-landing.ts';
import { createWatchedRules } from '../../../shared/detection/watched-rules.ts';
import { indexLanding, type IndexDeps } from '../../../shared/index/index-landing.ts';
import type { RawBlob } from '../../../shared/landing/raw-store.ts';
import { fiftyRules } from '../../support/detection/evaluate-many.ts';
import { watchOf } from '../../support/detection/watches.ts';
import {
  createFakeFindingStore,
  createFakeGroupStates,
  createFakeNotificationQueue,
  createFakeWatchStore,
} from '../../support/fakes/detection.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import type { indexWatched, InputOf, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import type { Product } from './product.ts';

type Input = InputOf<typeof indexWatched>;
type Stores = Pick<IndexDeps, 'raw' | 'index' | 'landings'> &
  Pick<Parameters<typeof createLandingWatcher>[0], 'groupStates' | 'findings' | 'queues'>;

export async function indexWhileWatching(
  product: Product,
  { landings, rules, stores }: Input,
): Promise<ResultOf<typeof indexWatched>> {
  const chosen = stores === 'storage' ? inStorage(product) : await inMemory(product, landings);
  let findings = 0;
  const watching = rules === 'none' ? undefined : await fiftyWatching(chosen, () => findings++);
  const deps: IndexDeps = { ...product, ...chosen, watching };
  const { value: records, ...spent } = await timed(async () => {
    let indexed = 0;
    for (const landing of landings) indexed += (await indexLanding(deps, landing)).indexed;
    return indexed;
  });
  return { ...spent, records, findings };
}

function inStorage({ raw, index, landings, tables, queues }: Product): Stores {
  const findings = createFindingStore(tables);
  return { raw, index, landings, queues, findings, groupStates: createGroupStateStore(tables) };
}

/** Raw blobs are copied before, so that nothing waits for storage. */
async function inMemory({ raw }: Product, landings: Input['landings']): Promise<Stores> {
  const copies = new Map<string, RawBlob>();
  for (const { blobName } of landings) {
    const blob = await raw.read(blobName);
    if (blob !== undefined) copies.set(blobName, { ...blob, body: await copied(blob.body) });
  }
  return {
    raw: { ...createFakeRawStore(), read: async (name) => await Promise.resolve(copies.get(name)) },
    ...{ index: createFakeRecordIndex(), landings: createFakeLandingStore() },
    ...{ groupStates: createFakeGroupStates(), findings: createFakeFindingStore() },
    queues: createFakeNotificationQueue(),
  };
}

async function copied(body: RawBlob['body']): Promise<RawBlob['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return {
    async *[Symbol.asyncIterator]() {
      yield* await Promise.resolve(chunks);
    },
  };
}

/** One watch of all tenants. */
async function fiftyWatching(stores: Stores, onFinding: () => void): Promise<StartWatching> {
  const now = () => new Date();
  const watches = createFakeWatchStore();
  await watches.create(watchOf({ suppressions: [] }));
  const telemetry = (event: string) => {
    if (event === 'watches.rule.failed') throw new Error('A rule failed.');
    if (event === 'watches.finding.made') onFinding();
  };
  const rulesOfTenant = createWatchedRules({
    ...{ watches, tenants: createFakeTenantStore(), telemetry, now },
    rulesOfWatch: async () => await Promise.resolve(fiftyRules()),
  });
  const watching = createLandingWatcher({ ...stores, rulesOfTenant, telemetry, now });
  // Rules are read and compiled once a minute, however many landings there are.
  await watching('');
  return watching;
}
