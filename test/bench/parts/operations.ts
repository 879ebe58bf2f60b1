/** Part d: what a million records cost in storage operations, and what the index keeps of each. */
import { tablePrefix } from '../../../shared/index/keys.ts';
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import type { Figure } from '../figures.ts';
import { prices } from '../../../shared/telemetry/prices.ts';
import { dollarsOf } from '../prices.ts';
import type { PartResult } from '../report.ts';
import { weighTables } from '../tasks.ts';
import { minutesAgo } from '../times.ts';
import { collectLargeTenant, collectMore, collectTenant, type Collected } from './collecting.ts';

const million = 1_000_000;
const smallTenant = { blobs: 500, recordsPerBlob: 10 };
/** A quiet tenant's poll: one content blob. */
const trickle = { blobs: 1, recordsPerBlob: 10 };

export async function measureOperations(bench: Bench): Promise<PartResult> {
  await bench.emulator.clear();
  const small = await collectTenant(bench, smallTenant);
  report(bench, 'small tenant', small);
  const { bytes } = await bench.withWorker('direct', (worker) =>
    worker.run(weighTables, { prefix: tablePrefix(small.tenantId) }),
  );
  const poll = await collectTrickle(bench, small.tenantId);
  report(bench, 'one content blob', poll);
  const quiet = await collectMore(bench, small.tenantId, 0);
  report(bench, 'nothing new', quiet);
  const large = await collectLargeTenant(bench);
  report(bench, 'large tenant', large);
  const figures = [...worst({ small, large }), ...sizes(bytes / small.records), ...polls({ poll, quiet })];
  return { part: 'd', figures, notes };
}

const notes = [
  `small: ${smallTenant.blobs} content blobs of ${smallTenant.recordsPerBlob} records collected by one poll; large: 200 of 100.`,
  'Counted at the wire: polling, landing, queue messages received and deleted, indexing. Not counted: polling of empty queues and the timer lease, which depend on hours and not on records.',
  `Dollars: ${prices.source}.`,
];

async function collectTrickle(bench: Bench, tenantId: string): Promise<Collected> {
  await bench.feed.addContent(tenantId, { ...trickle, from: minutesAgo(2), to: minutesAgo(1.5) });
  return await collectMore(bench, tenantId, trickle.blobs * trickle.recordsPerBlob);
}

function report({ say }: Bench, what: string, { records, counts }: Collected): void {
  say(`(d) ${what}: ${records} records, ${JSON.stringify(counts)}`);
}

interface Kind {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly of: (counts: OperationCounts) => number;
}

const kinds: readonly Kind[] = [
  { key: 'blobWrites', label: 'blob writes', unit: '', of: (counts) => counts.blobWrites },
  {
    key: 'tableTransactions',
    label: 'table transactions, reads too',
    unit: '',
    of: (c) => c.tableReads + c.tableWrites,
  },
  { key: 'queueOperations', label: 'queue operations', unit: '', of: (counts) => counts.queueOperations },
  { key: 'dollars', label: 'operations at list prices', unit: '$', of: dollarsOf },
];

/** Per million records, of the tenant that comes off worse; then each. */
function worst(tenants: Readonly<Record<'small' | 'large', Collected>>): readonly Figure[] {
  const perMillion = (kind: Kind, { counts, records }: Collected) => (kind.of(counts) * million) / records;
  return kinds.flatMap((kind) => {
    const [small, large] = [perMillion(kind, tenants.small), perMillion(kind, tenants.large)];
    const { key, label, unit } = kind;
    return [
      { key: `${key}PerMillion`, label: `${label} a million records`, value: Math.max(small, large), unit },
      { key: `${key}PerMillionSmall`, label: '  small tenant', value: small, unit },
      { key: `${key}PerMillionLarge`, label: '  large tenant', value: large, unit },
    ];
  });
}

function sizes(bytes: number): readonly Figure[] {
  const dollars = ((bytes * million) / 1e9) * prices.perGigabyteMonth.table;
  return [
    { key: 'indexBytesPerRecord', label: 'index bytes a record, by formula', value: bytes, unit: 'B' },
    {
      key: 'indexDollarsPerMillionMonth',
      label: 'index of a million records, a month',
      value: dollars,
      unit: '$',
    },
  ];
}

/** What a poll costs that finds next to nothing: with small tenants this, not the records, is what counts. */
function polls({ poll, quiet }: Readonly<Record<'poll' | 'quiet', Collected>>): readonly Figure[] {
  return kinds.flatMap((kind) => {
    const { key, label, unit } = kind;
    return [
      {
        key: `${key}PerSmallPoll`,
        label: `${label}, poll with one content blob`,
        value: kind.of(poll.counts),
        unit,
      },
      { key: `${key}PerQuietPoll`, label: `${label}, poll with none`, value: kind.of(quiet.counts), unit },
    ];
  });
}
