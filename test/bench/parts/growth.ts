/** Part h: one tenant with more and more records in the same days; nothing but free text and summaries may grow. */
import type { Bench } from '../bench.ts';
import { median, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import {
  findLandings,
  findUsers,
  index,
  land,
  register,
  repeat,
  type InputOf,
  type ResultOf,
} from '../tasks.ts';
import { day, minutesAgo } from '../times.ts';
import type { Worker } from '../worker.ts';

const sizes = [5000, 20_000, 80_000];
const largeSize = 320_000;
const recordsPerBlob = 100;
const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
] as const;

/** Pages of 100, which stay flat, and questions that read everything, which do not. */
type Question = 'newest' | 'user' | 'summary' | 'text';
type Asked = ResultOf<typeof repeat>;

interface Size {
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly peakMb: number;
  readonly asked: Readonly<Record<Question, Asked>>;
}

export async function measureGrowth(bench: Bench): Promise<PartResult> {
  const measured: Size[] = [];
  for (const records of bench.large ? [...sizes, largeSize] : sizes) {
    const size = await measureSize(bench, records);
    measured.push(size);
    bench.say(`(h) ${describe(size)}`);
  }
  return { part: 'h', figures: toFigures(measured), notes: [...measured.map(describe), ...notes] };
}

const notes = [
  'Free text reads every record of its range, and a summary every row: both grow with the number of records.',
  'Index rate: one landing after the other; the app has two at once.',
];

async function measureSize(bench: Bench, records: number): Promise<Size> {
  // It would take the tenants of other parts with it, so this part is the last.
  await bench.emulator.clear();
  const blobs = records / recordsPerBlob;
  const [from, to] = [minutesAgo(6 * day), minutesAgo(2)];
  const tenantId = await bench.feed.addTenant({
    blobs,
    recordsPerBlob,
    contentTypes,
    from,
    to,
    stream: true,
  });
  const indexed = await bench.withWorker('direct', (worker) => collect(worker, tenantId));
  const apiKey = await bench.createKey(tenantId);
  const asked = await bench.withWorker('direct', (worker) => askAll(worker, { tenantId, apiKey }));
  return { records, recordsPerSecond: records / indexed.seconds, peakMb: indexed.peakMb, asked };
}

async function collect(worker: Worker, tenantId: string): Promise<ResultOf<typeof index>> {
  await worker.run(register, { tenantId });
  await worker.run(land, { tenantId, contentTypes: [...contentTypes] });
  const { landings } = await worker.run(findLandings, { tenantId });
  return await worker.run(index, { landings });
}

async function askAll(
  worker: Worker,
  tenant: Pick<InputOf<typeof repeat>, 'apiKey' | 'tenantId'>,
): Promise<Size['asked']> {
  const { users } = await worker.run(findUsers, tenant);
  const range = { from: minutesAgo(31 * day).toISOString(), to: minutesAgo(0).toISOString() };
  const page = { ...tenant, path: 'records', allPages: false, times: 9 } as const;
  const all = { ...tenant, allPages: true, times: 1 } as const;
  return {
    newest: await worker.run(repeat, { ...page, parameters: { ...range, top: '100' } }),
    user: await worker.run(repeat, { ...page, parameters: { ...range, top: '100', users: users[0] ?? '' } }),
    summary: await worker.run(repeat, {
      ...all,
      path: 'records/summary',
      parameters: { ...range, groupBy: 'operation' },
    }),
    text: await worker.run(repeat, {
      ...all,
      path: 'records',
      parameters: { ...range, text: 'in no record' },
    }),
  };
}

function describe({ records, recordsPerSecond, peakMb, asked }: Size): string {
  const pages = Object.entries(asked).map(
    ([name, { durations, scans, rowsRead, rows, pages: count }]) =>
      `${name} ${Math.round(median(durations) ?? 0)} ms, ${scans} requests, ${rowsRead} rows read for ${rows} in ${count} ${count === 1 ? 'page' : 'pages'}`,
  );
  return [
    `${records.toLocaleString('en-US')} records: ${Math.round(recordsPerSecond)} a second`,
    `peak ${Math.round(peakMb)} MiB`,
    ...pages,
  ].join('; ');
}

function toFigures(measured: readonly Size[]): readonly Figure[] {
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ratio = (of: (size: Size) => number) => of(last) / of(first);
  const pagesOf = ({ asked }: Size) => [asked.newest, asked.user];
  const sum = (of: (asked: Asked) => number) => (size: Size) =>
    pagesOf(size).reduce((total, asked) => total + of(asked), 0);
  const figure = (key: string, label: string, value: number, unit = ''): Figure => ({
    key,
    label,
    value,
    unit,
  });
  return [
    figure(
      'indexRateKept',
      'index rate at the largest size to that at the smallest',
      ratio((size) => size.recordsPerSecond),
    ),
    figure('requestsGrowth', 'requests a page, likewise', ratio(sum(({ scans }) => scans))),
    figure(
      'rowsReadGrowth',
      'rows read for a row returned, likewise',
      ratio(sum(({ rowsRead, rows }) => rowsRead / Math.max(1, rows))),
    ),
    figure(
      'pageMsGrowth',
      'milliseconds of a page, likewise',
      ratio(sum(({ durations }) => median(durations) ?? 0)),
    ),
    figure(
      'peakMbGrowth',
      'peak memory while landing and indexing, likewise',
      ratio(({ peakMb }) => peakMb),
    ),
    figure(
      'textSecondsAtLargest',
      'free text over all',
      (median(last.asked.text.durations) ?? 0) / 1000,
      's',
    ),
    figure(
      'summarySecondsAtLargest',
      'summary over all',
      (median(last.asked.summary.durations) ?? 0) / 1000,
      's',
    ),
  ];
}
