/** Part e: what one person did in 30 days, page by page. */
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import { percentile, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { ask, findUsers, type ResultOf } from '../tasks.ts';
import { day, minutesAgo } from '../times.ts';
import { collectLargeTenant } from './collecting.ts';

const pages = 200;
const top = 100;

export async function measureQueries(bench: Bench): Promise<PartResult> {
  const { tenantId } = await collectLargeTenant(bench);
  const apiKey = await bench.createKey(tenantId);
  const [from, to] = [minutesAgo(30 * day).getTime(), Date.now()];
  const { asked, counts } = await bench.withWorker('counted', async (worker) => {
    const { users } = await worker.run(findUsers, { tenantId, apiKey });
    bench.wire.reset();
    const answers = await worker.run(ask, { tenantId, apiKey, users, from, to, top, pages });
    return { asked: answers, counts: bench.wire.counts() };
  });
  bench.say(`(e) ${pages} pages, ${asked.rows} rows, ${JSON.stringify(counts)}`);
  return { part: 'e', figures: toFigures(asked, counts), notes };
}

const notes = [
  `${pages} pages of at most ${top} records, from the function that answers the HTTP call, user after user.`,
  'Times are those of the local table service: they say little about Azure, requests and rows do.',
];

function toFigures(
  { durations, rows, rowsRead, scans }: ResultOf<typeof ask>,
  counts: OperationCounts,
): readonly Figure[] {
  const requests =
    counts.tableReads + counts.tableWrites + counts.blobReads + counts.blobWrites + counts.queueOperations;
  return [
    { key: 'requestsPerPage', label: 'storage requests a page', value: requests / pages, unit: '' },
    { key: 'rowsReadPerRow', label: 'rows read for a row returned', value: rowsRead / rows, unit: '' },
    { key: 'scansPerPage', label: 'index requests a page', value: scans / pages, unit: '' },
    { key: 'rowsPerPage', label: 'rows a page', value: rows / pages, unit: '' },
    {
      key: 'queryP50Ms',
      label: 'half of the pages within',
      value: percentile(durations, 50) ?? 0,
      unit: 'ms',
    },
    {
      key: 'queryP95Ms',
      label: '95 % of the pages within',
      value: percentile(durations, 95) ?? 0,
      unit: 'ms',
    },
  ];
}
