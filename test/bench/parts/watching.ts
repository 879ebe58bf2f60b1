/** Part k: what 50 rules add to the indexing of records, as a ratio to indexing without watches. */
import { tablePrefix } from '../../../shared/index/keys.ts';
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import { median, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { findLandings, indexWatched, land, type InputOf, type ResultOf } from '../tasks.ts';
import { hour, minutesAgo } from '../times.ts';
import type { Worker } from '../worker.ts';

const rounds = 5;
/** No further round is begun after so long: a slow machine gets by with fewer. */
const maxSeconds = 60;
const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
] as const;
const content = { blobs: 50, recordsPerBlob: 100, contentTypes };

export async function measureWatching(bench: Bench): Promise<PartResult> {
  await bench.emulator.clear();
  const tenantId = await bench.feed.addTenant({ ...content, from: minutesAgo(3 * hour), to: minutesAgo(2) });
  const measuring = await bench.withWorker('direct', async (worker) => {
    await worker.run(land, { tenantId, contentTypes: [...contentTypes] });
    const { landings } = await worker.run(findLandings, { tenantId });
    const memory = await measureRounds(bench, worker, { tenantId, landings, stores: 'memory' });
    const storage = await measureRounds(bench, worker, { tenantId, landings, stores: 'storage' });
    return { landings, memory, storage };
  });
  const requests = await countRequests(bench, { tenantId, ...measuring });
  const findings = median(measuring.storage.map(({ fifty }) => fifty.findings)) ?? 0;
  return {
    part: 'k',
    figures: [
      ...ratios(measuring.storage, 'watches', 'with 50 rules to without'),
      ...ratios(measuring.memory, 'watchesInMemory', 'the same with stores in memory'),
      ...requestFigures(requests),
      { key: 'watchesFindings', label: 'findings', value: findings, unit: '' },
    ],
    notes: [
      `The same ${content.blobs * content.recordsPerBlob} records: the pack, four rules of one's own, and four Sigma rules, after no rule, in a process that lives for all rounds. Of ratios the middle one; the first round warms up.`,
    ],
  };
}

type Setting = Pick<InputOf<typeof indexWatched>, 'landings' | 'stores'> & { readonly tenantId: string };
type Spent = ResultOf<typeof indexWatched>;

interface Round {
  readonly none: Spent;
  readonly fifty: Spent;
}

async function measureRounds(bench: Bench, worker: Worker, setting: Setting): Promise<readonly Round[]> {
  const measured: Round[] = [];
  const started = Date.now();
  for (let round = 0; round <= rounds && Date.now() - started < maxSeconds * 1000; round++) {
    const none = await fresh(bench, worker, setting, 'none');
    const fifty = await fresh(bench, worker, setting, 'fifty');
    if (none.records !== fifty.records) throw new Error('The two sides did not index the same');
    measured.push({ none, fifty });
    bench.say(
      `(k) ${setting.stores}, round ${round}: ${milliseconds(none)} without, ${milliseconds(fifty)} with 50 rules`,
    );
  }
  return measured.length > 1 ? measured.slice(1) : measured;
}

function milliseconds({ cpuSeconds }: Spent): string {
  return `${(cpuSeconds * 1000).toFixed(0)} ms of processor time`;
}

/** Rows that exist already are another kind of write, so every run has tables of its own. */
async function fresh(
  { emulator }: Bench,
  worker: Worker,
  { tenantId, landings, stores }: Setting,
  rules: 'none' | 'fifty',
): Promise<Spent> {
  if (stores === 'storage')
    for (const table of [tablePrefix(tenantId), 'WatchStates', 'Findings']) await emulator.dropTables(table);
  return await worker.run(indexWatched, { landings, stores, rules });
}

async function countRequests(
  bench: Bench,
  setting: Pick<Setting, 'tenantId' | 'landings'>,
): Promise<Record<'none' | 'fifty', number>> {
  return await bench.withWorker('counted', async (worker) => {
    const count = async (rules: 'none' | 'fifty') => {
      bench.wire.reset();
      await fresh(bench, worker, { ...setting, stores: 'storage' }, rules);
      return total(bench.wire.counts());
    };
    return { none: await count('none'), fifty: await count('fifty') };
  });
}

function total(counts: OperationCounts): number {
  return Object.values<number>({ ...counts }).reduce((sum, one) => sum + one, 0);
}

function ratios(measured: readonly Round[], key: string, label: string): readonly Figure[] {
  const middle = (of: (round: Round) => number) => median(measured.map(of)) ?? 0;
  const records = content.blobs * content.recordsPerBlob;
  const microseconds = ({ cpuSeconds }: Spent) => (cpuSeconds * 1e6) / records;
  return [
    {
      key: `${key}CpuRatio`,
      label: `${label}, processor time`,
      value: middle(({ none, fifty }) => fifty.cpuSeconds / none.cpuSeconds),
      unit: '',
    },
    {
      key: `${key}WallRatio`,
      label: `${label}, time that passed`,
      value: middle(({ none, fifty }) => fifty.seconds / none.seconds),
      unit: '',
    },
    {
      key: `${key}CpuWithout`,
      label: 'without, processor time of a record',
      value: middle(({ none }) => microseconds(none)),
      unit: 'µs',
    },
    {
      key: `${key}CpuWith`,
      label: 'with 50 rules, processor time of a record',
      value: middle(({ fifty }) => microseconds(fifty)),
      unit: 'µs',
    },
  ];
}

function requestFigures({ none, fifty }: Record<'none' | 'fifty', number>): readonly Figure[] {
  return [
    {
      key: 'watchesRequestRatio',
      label: 'with 50 rules to without, storage requests',
      value: fifty / none,
      unit: '',
    },
    { key: 'watchesRequestsWithout', label: 'without, storage requests', value: none, unit: '' },
    { key: 'watchesRequestsWith', label: 'with 50 rules, storage requests', value: fifty, unit: '' },
  ];
}
