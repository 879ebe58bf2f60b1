/** A container of the storage emulator, which fails in the middle of requests. */
import { vi } from 'vitest';
import * as z from 'zod';
import { parquet } from '../../../../shared/destinations/kinds/parquet.ts';
import { createLake } from '../../../support/destinations/lake.ts';
import { rowsIn } from '../../../support/destinations/parquet-rows.ts';
import {
  startStorageFront,
  type FrontRequest,
  type Passage,
} from '../../../support/destinations/storage-front.ts';
import { openStorage } from '../../../support/run/storage.ts';
import { patience, type Arrival, type Place, type Receiver, type ReceiverOfKind } from './receiver.ts';

const secret = 'destination-parquet';
const unavailable = { status: 503, body: '<Error><Code>ServerBusy</Code></Error>' };

/** Twice in a row as well: waits are then longer. */
const inTurn: readonly Passage[] = [
  { status: 500, body: '<Error><Code>InternalError</Code></Error>' },
  'passed',
  { ...unavailable, headers: { 'retry-after': '6' } },
  'cut',
];

export const parquetReceiver: ReceiverOfKind = {
  kind: parquet.name,
  title: 'a container of Azurite',
  isThere: true,
  keepsDuplicates: parquet.keepsDuplicates,
  start,
};

async function start({ keepSecret }: Place): Promise<Receiver> {
  const storage = await openStorage();
  const lake = await createLake(storage.connectionString);
  const faults: Passage[] = [];
  const refused = new Set<string>();
  const [coming, arrivals] = [new WeakMap<FrontRequest, readonly Arrival[]>(), new Array<Arrival>()];
  const different = new Set<string>();
  const passageOf = async (request: FrontRequest): Promise<Passage> => {
    const came = await arrivalsIn(request);
    coming.set(request, came);
    if (came.some(({ id }) => refused.has(id)))
      return { status: 400, body: '<Error><Code>InvalidInput</Code></Error>' };
    return faults.shift() ?? 'passed';
  };
  const front = await startStorageFront(lake.upstream, passageOf, (request, status) => {
    // Any other file is there already.
    if (status !== 201) return;
    const came = coming.get(request) ?? [];
    arrivals.push(...came);
    for (const { tenantId, id } of came) different.add(`${tenantId} ${id}`);
  });
  keepSecret(secret, await lake.signature());
  const reached = () =>
    vi.waitFor(() => {
      if (faults.length > 0) throw new Error(`No file was stored: ${faults.length} faults are left.`);
    }, patience);
  return {
    settings: {
      ...{ url: `${front.origin}${lake.path}`, authentication: { kind: 'sas', secret }, waitMinutes: 0 },
      certificateAuthority: front.ca,
    },
    // A file has one day of a batch: what came first is what its records say.
    arrivals: () => arrivals.toSorted((a, b) => a.sequence - b.sequence || a.line - b.line),
    count: () => different.size,
    fail: () => {
      faults.push(...inTurn);
      return Promise.resolve(reached);
    },
    hold: () => {
      faults.push('held');
      const end = () => {
        front.release();
        return Promise.resolve();
      };
      return Promise.resolve({ reached, end });
    },
    refuse: (recordId) => refused.add(recordId),
    stop: async () => {
      await front.stop();
      await lake.close();
      await storage.close();
    },
  };
}

const rowSchema = z
  .object({ tenant_id: z.string(), id: z.string(), sequence: z.coerce.number(), line: z.number() })
  .transform(({ tenant_id: tenantId, ...row }) => ({ tenantId, ...row }));

async function arrivalsIn({ body }: FrontRequest): Promise<readonly Arrival[]> {
  return z.array(rowSchema).parse(await rowsIn(body, ['tenant_id', 'id', 'sequence', 'line']));
}
