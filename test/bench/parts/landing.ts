/** Part a: landing, as a ratio to only downloading. */
import type { Bench } from '../bench.ts';
import { median, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { download, land } from '../tasks.ts';
import { hour, minutesAgo } from '../times.ts';
import type { Worker } from '../worker.ts';

const rounds = 3;
const contentType = 'Audit.SharePoint';

/** 100,000 records; with 200 content blobs a page, 5 pages of one content type. */
const content = { blobs: 1000, recordsPerBlob: 100, contentTypes: [contentType] } as const;

export interface LandingFeed {
  readonly tenantId: string;
  readonly contentType: typeof contentType;
  readonly from: Date;
  readonly to: Date;
}

export async function addLandingFeed({ feed }: Bench): Promise<LandingFeed> {
  const [from, to] = [minutesAgo(3 * hour), minutesAgo(2)];
  return { tenantId: await feed.addTenant({ ...content, from, to }), contentType, from, to };
}

export const landingSize = { contentBlobs: content.blobs, records: content.blobs * content.recordsPerBlob };

/** Lands it once, from nothing. */
export async function landOnce(bench: Bench, worker: Worker, { tenantId, from }: LandingFeed) {
  await bench.emulator.clear();
  return await worker.run(land, { tenantId, contentTypes: [contentType], listedThrough: from.getTime() });
}

export async function measureLanding(bench: Bench): Promise<PartResult> {
  const feed = await addLandingFeed(bench);
  const figures: Figure[] = [];
  for (const latencyMs of [0, 50]) {
    await bench.feed.setLatency(latencyMs);
    figures.push(...(await compare(bench, feed, latencyMs)));
  }
  await bench.feed.setLatency(0);
  return {
    part: 'a',
    figures,
    notes: [
      'Median of 3 rounds, each the loop and then the app, both in processes that live for all rounds.',
    ],
  };
}

/** The first round is cold for both sides; the median leaves it out unless it is the middle. */
function compare(bench: Bench, feed: LandingFeed, latencyMs: number): Promise<readonly Figure[]> {
  const { tenantId, from, to } = feed;
  const stretch = { tenantId, contentType, from: from.getTime(), to: to.getTime() };
  return bench.withWorker('direct', (loop) =>
    bench.withWorker('direct', async (app) => {
      const measured: Round[] = [];
      for (let round = 1; round <= rounds; round++) {
        const bare = await loop.run(download, stretch);
        const landed = await landOnce(bench, app, feed);
        if (landed.records !== landingSize.records || bare.contentBlobs !== landed.contentBlobs) {
          throw new Error('The two sides did not get the same');
        }
        measured.push({ loop: bare, app: landed });
        bench.say(
          `(a) ${latencyMs} ms, round ${round}: loop ${bare.seconds.toFixed(2)} s, app ${landed.seconds.toFixed(2)} s`,
        );
      }
      return toFigures(measured, latencyMs);
    }),
  );
}

interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

interface Round {
  readonly loop: Spent;
  readonly app: Spent;
}

function toFigures(measured: readonly Round[], latencyMs: number): readonly Figure[] {
  const middle = (of: (round: Round) => number) => median(measured.map(of)) ?? 0;
  const seconds = middle(({ app }) => app.seconds);
  return [
    {
      key: `landingRatio${latencyMs}`,
      label: `landing to downloading, ${latencyMs} ms latency`,
      value: middle(({ loop, app }) => app.seconds / loop.seconds),
      unit: '',
    },
    { key: `landingSeconds${latencyMs}`, label: 'landing', value: seconds, unit: 's' },
    {
      key: `downloadSeconds${latencyMs}`,
      label: 'downloading',
      value: middle(({ loop }) => loop.seconds),
      unit: 's',
    },
    {
      key: `landingCpuSeconds${latencyMs}`,
      label: 'landing, processor time of the process',
      value: middle(({ app }) => app.cpuSeconds),
      unit: 's',
    },
    {
      key: `downloadCpuSeconds${latencyMs}`,
      label: 'downloading, processor time of the process',
      value: middle(({ loop }) => loop.cpuSeconds),
      unit: 's',
    },
    {
      key: `landingRecordsPerSecond${latencyMs}`,
      label: 'landing',
      value: landingSize.records / seconds,
      unit: 'records/s',
    },
  ];
}
