/** Part i: following all tenants at once; what a poll reads must not grow with their number. */
import { randomUUID } from 'node:crypto';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { arrivalsEnd } from '../../../shared/feed/arrival-sequence.ts';
import { readArrivals } from '../../../shared/feed/read-arrivals.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';

const sizes = [5, 500, 5000];
/** Of the tenants, this many have a new landing in a busy poll. */
const busyTenants = 5;

interface Size {
  readonly tenants: number;
  /** Reads of tables and blobs. */
  readonly idle: number;
  readonly busy: number;
}

export async function measureArrivals(bench: Bench): Promise<PartResult> {
  const measured: Size[] = [];
  for (const tenants of sizes) {
    const size = await measureSize(bench, tenants);
    measured.push(size);
    bench.say(`(i) ${describe(size)}`);
  }
  return { part: 'i', figures: toFigures(measured), notes: measured.map(describe) };
}

async function measureSize({ emulator, wire }: Bench, count: number): Promise<Size> {
  await emulator.clear();
  const deps = openDeps(wire.connectionString);
  const tenants = Array.from({ length: count }, () => randomUUID());
  const ingestAll = (some: readonly string[]) => Promise.all(some.map((tenantId) => ingest(deps, tenantId)));
  await Promise.all(tenants.map((tenantId) => deps.announcer.announce(tenantId, 1)));
  const position = await arrivalsEnd(deps.arrivals, new Date());
  const belongs = () => Promise.resolve(true);
  const reads = async (): Promise<number> => {
    wire.reset();
    await readArrivals(deps, { filters: {}, limit: 1000, position, belongs });
    const { tableReads, blobReads } = wire.counts();
    return tableReads + blobReads;
  };
  const idle = await reads();
  await ingestAll(tenants.slice(0, busyTenants));
  return { tenants: count, idle, busy: await reads() };
}

function openDeps(connectionString: string) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const [tables, now] = [createTables(storage), () => new Date()];
  const arrivals = createArrivalLog(tables);
  return {
    ...{ arrivals, announcer: createArrivalAnnouncer({ arrivals, now }), now },
    ...{
      raw: createRawStore(storage),
      index: createRecordIndex(tables),
      landings: createLandingStore(tables),
    },
    ...{ names: createFakeNameDirectory(), telemetry: () => undefined, concurrency: 4 },
  };
}

/** Lands, indexes, and announces a record. */
async function ingest(deps: ReturnType<typeof openDeps>, tenantId: string): Promise<void> {
  const text = textOf({ id: guidOf(tenantId) });
  const { request, body, metadata } = rawBlobOf(tenantId, [text], new Date());
  await deps.raw.put(request.blobName, body, metadata);
  const { sequence = 0 } = await indexLanding(deps, request);
  await deps.announcer.announce(tenantId, sequence);
}

function describe({ tenants, idle, busy }: Size): string {
  return `${tenants.toLocaleString('en-US')} tenants: ${idle} read in an idle poll, ${busy} with ${busyTenants} new landings`;
}

function toFigures(measured: readonly Size[]): readonly Figure[] {
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return [];
  const unit = '';
  return [
    { key: 'arrivalIdleReads', label: 'reads of an idle poll at 5,000 tenants', value: last.idle, unit },
    { key: 'arrivalIdleGrowth', label: '  to those at 5', value: last.idle / first.idle, unit },
    {
      key: 'arrivalBusyReads',
      label: 'reads for each new landing',
      value: (last.busy - last.idle) / busyTenants,
      unit,
    },
    {
      key: 'arrivalBusyGrowth',
      label: 'reads of a busy poll, likewise',
      value: last.busy / first.busy,
      unit,
    },
  ];
}
