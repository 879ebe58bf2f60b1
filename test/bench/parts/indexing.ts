/** Part b: indexing, as a ratio to what the emulator takes from bare transactions. */
import { indexTableName } from '../../../shared/index/keys.ts';
import type { Bench } from '../bench.ts';
import { median, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { findLandings, index, land, writeBare } from '../tasks.ts';
import { hour, minutesAgo } from '../times.ts';

const rounds = 3;
/** No further round is begun after so long: a slow machine gets by with fewer. */
const maxSeconds = 45;
const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
] as const;
const content = { blobs: 50, recordsPerBlob: 100, contentTypes };

export async function measureIndexing(bench: Bench): Promise<PartResult> {
  await bench.emulator.clear();
  const tenantId = await bench.feed.addTenant({ ...content, from: minutesAgo(3 * hour), to: minutesAgo(2) });
  const measured: Round[] = [];
  const peak = await bench.withWorker('direct', (bare) =>
    bench.withWorker('direct', async (app) => {
      await app.run(land, { tenantId, contentTypes: [...contentTypes] });
      const { landings } = await app.run(findLandings, { tenantId });
      let peakMb = 0;
      const started = Date.now();
      for (let round = 1; round <= rounds && Date.now() - started < maxSeconds * 1000; round++) {
        const ceiling = await fresh(bench, tenantId, () => bare.run(writeBare, { landings }));
        const indexed = await fresh(bench, tenantId, () => app.run(index, { landings }));
        if (ceiling.rows !== indexed.rows) throw new Error('The two sides did not write the same');
        measured.push({
          ceiling: ceiling.rows / ceiling.seconds,
          app: indexed.rows / indexed.seconds,
          ...indexed,
        });
        bench.say(
          `(b) round ${round}: ${indexed.rows} rows, bare ${ceiling.seconds.toFixed(2)} s, app ${indexed.seconds.toFixed(2)} s`,
        );
        peakMb = indexed.peakMb;
      }
      return peakMb;
    }),
  );
  return { part: 'b', figures: toFigures(measured, peak), notes: [] };
}

/** Rows that exist already are another kind of write, so every round has tables of its own. */
async function fresh<T>({ emulator }: Bench, tenantId: string, run: () => Promise<T>): Promise<T> {
  await emulator.dropTables(indexTableName(tenantId, ''));
  return await run();
}

/** Rows per second. */
interface Round {
  readonly ceiling: number;
  readonly app: number;
  readonly rows: number;
}

function toFigures(measured: readonly Round[], peakMb: number): readonly Figure[] {
  const middle = (of: (round: Round) => number) => median(measured.map(of)) ?? 0;
  const records = content.blobs * content.recordsPerBlob;
  const unit = 'rows/s';
  return [
    {
      key: 'indexRatio',
      label: 'indexing to bare transactions',
      value: middle((r) => r.app / r.ceiling),
      unit: '',
    },
    { key: 'indexRowsPerSecond', label: 'indexing', value: middle((r) => r.app), unit },
    { key: 'ceilingRowsPerSecond', label: 'bare transactions', value: middle((r) => r.ceiling), unit },
    { key: 'rowsPerRecord', label: 'rows of a record', value: middle((r) => r.rows) / records, unit: '' },
    { key: 'peakMbIndexing', label: 'peak memory while landing and indexing', value: peakMb, unit: 'MiB' },
  ];
}
