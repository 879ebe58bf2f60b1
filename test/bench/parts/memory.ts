/** Part c: the most memory a process needs that lands. */
import { defaultContentTypes } from '../../../shared/activity/content-types.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figures.ts';
import type { FeedContent } from '../feed.ts';
import type { PartResult } from '../report.ts';
import { findLandings, land } from '../tasks.ts';
import { day, hour, minutesAgo } from '../times.ts';
import { addLandingFeed, landOnce } from './landing.ts';

const bigBlobBytes = 100_000_000;
/** A synthetic SharePoint record has at least so many bytes. */
const recordBytes = 800;

export async function measureMemory(bench: Bench): Promise<PartResult> {
  const feed = await addLandingFeed(bench);
  const landing = await bench.withWorker('direct', (worker) => landOnce(bench, worker, feed));
  report(bench, 'landing', landing);
  const backlog = await landAll(bench, {
    ...{ blobs: 10_000, recordsPerBlob: 10 },
    ...{ from: minutesAgo(6 * day), to: minutesAgo(2) },
  });
  report(bench, 'backlog', backlog);
  const big = await landAll(bench, {
    ...{
      blobs: 1,
      recordsPerBlob: bigBlobBytes / recordBytes,
      contentTypes: ['Audit.SharePoint'],
      stream: true,
    },
    ...{ from: minutesAgo(hour), to: minutesAgo(2) },
  });
  report(bench, 'big blob', big);
  if (big.textBytes < bigBlobBytes) throw new Error(`The big content blob has ${big.textBytes} bytes only`);
  return { part: 'c', figures: toFigures({ landing, backlog, big }), notes: [] };
}

async function landAll(bench: Bench, content: FeedContent) {
  await bench.emulator.clear();
  const tenantId = await bench.feed.addTenant(content);
  return await bench.withWorker('direct', async (worker) => {
    const landed = await worker.run(land, { tenantId, contentTypes: [...defaultContentTypes] });
    if (landed.contentBlobs !== content.blobs) throw new Error('Not all content blobs were landed');
    const { textBytes } = await worker.run(findLandings, { tenantId });
    return { ...landed, textBytes };
  });
}

interface Landed {
  readonly seconds: number;
  readonly peakMb: number;
}

function report({ say }: Bench, what: string, { seconds, peakMb }: Landed): void {
  say(`(c) ${what}: ${peakMb.toFixed(0)} MiB, ${seconds.toFixed(1)} s`);
}

function toFigures(measured: Readonly<Record<'landing' | 'backlog' | 'big', Landed>>): readonly Figure[] {
  const { landing, backlog, big } = measured;
  const unit = 'MiB';
  return [
    { key: 'peakMbLanding', label: '100,000 records in 1,000 content blobs', value: landing.peakMb, unit },
    { key: 'peakMbBacklog', label: '10,000 content blobs', value: backlog.peakMb, unit },
    { key: 'peakMbBigBlob', label: 'one content blob of 100 MB', value: big.peakMb, unit },
    { key: 'backlogSeconds', label: '10,000 content blobs', value: backlog.seconds, unit: 's' },
    { key: 'bigBlobSeconds', label: 'one content blob of 100 MB', value: big.seconds, unit: 's' },
  ];
}
