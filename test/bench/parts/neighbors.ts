/** Part g: how long small calls take alongside the most expensive queries of another caller. */
import * as z from 'zod';
import type { App, Bench } from '../bench.ts';
import { percentile, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { collectLargeTenant, collectTenant } from './collecting.ts';

const calls = 300;
const neighbors = 4;
/** As many as fit into an address, and none of them true of any record. */
const comparisons = 180;
const worst = Array.from({ length: comparisons }, (_, at) => `contains(auditData,'zq${at}')`).join(' or ');

export async function measureNeighbors(bench: Bench): Promise<PartResult> {
  const large = await collectLargeTenant(bench);
  const small = await collectTenant(bench, { blobs: 1, recordsPerBlob: 1 });
  const keys = { large: await bench.createKey(large.tenantId), small: await bench.createKey(small.tenantId) };
  const { figures, pages } = await bench.withApp(async (app) => {
    const record = { path: `tenants/${small.tenantId}/records?top=1`, key: keys.small };
    const measure = async () => ({
      query: await timesOf(app, record),
      health: await timesOf(app, { path: 'health' }),
    });
    // The first calls read keys, tenants, and code.
    await measure();
    const alone = await measure();
    bench.say(`(g) alone: ${JSON.stringify(summary(alone))}`);
    const busy = keepBusy(app, { tenantId: large.tenantId, key: keys.large });
    await busy.started;
    const alongside = await measure();
    bench.say(`(g) alongside ${neighbors}: ${JSON.stringify(summary(alongside))}`);
    return { figures: toFigures(alone, alongside), pages: await busy.stop() };
  });
  const notes = [
    `${calls} calls each over HTTP, one after the other, through the local host; ${neighbors} queries of ${comparisons} ` +
      `comparisons with the text of each of 20,000 records at the same time (${pages} pages).`,
    'The table service of the benchmark shares the cores: some of the difference is its own.',
  ];
  return { part: 'g', figures, notes };
}

interface SmallCall {
  readonly path: string;
  readonly key?: string;
}

interface Measured {
  readonly query: readonly number[];
  readonly health: readonly number[];
}

async function call({ baseUrl }: App, { path, key }: SmallCall): Promise<Response> {
  const response = await fetch(new URL(path, `${baseUrl}/api/`), {
    headers: key === undefined ? {} : { 'x-api-key': key },
  });
  if (response.status !== 200)
    throw new Error(`${path.split('?')[0] ?? ''} was answered with ${response.status}`);
  return response;
}

/** Milliseconds of each call, until its answer was read. */
async function timesOf(app: App, one: SmallCall): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < calls) {
    const started = performance.now();
    await (await call(app, one)).arrayBuffer();
    times.push(performance.now() - started);
  }
  return times;
}

const pageSchema = z.object({ nextLink: z.url().optional() });

/** Asks for all pages of the worst query, from the first one again after the last, as often as fits. */
function keepBusy(app: App, { tenantId, key }: { readonly tenantId: string; readonly key: string }) {
  const path = `tenants/${tenantId}/records?${new URLSearchParams({ filter: worst }).toString()}`;
  let [isStopping, pages] = [false, 0];
  const ask = async () => {
    for (let next: string | undefined; !isStopping; pages++) {
      next = pageSchema.parse(await (await call(app, { path: next ?? path, key })).json()).nextLink;
    }
  };
  const running = Promise.all(Array.from({ length: neighbors }, ask));
  // Reported when it is stopped.
  running.catch(() => undefined);
  return {
    started: new Promise<void>((resolve) => setTimeout(resolve, 2000)),
    stop: async () => {
      isStopping = true;
      await running;
      return pages;
    },
  };
}

const p99 = (times: readonly number[]) => percentile(times, 99) ?? 0;
const p50 = (times: readonly number[]) => percentile(times, 50) ?? 0;

function summary({ query, health }: Measured) {
  return {
    query: [p50(query), p99(query)].map(Math.round),
    health: [p50(health), p99(health)].map(Math.round),
  };
}

function toFigures(alone: Measured, alongside: Measured): readonly Figure[] {
  const ms = (key: string, label: string, value: number): Figure => ({ key, label, value, unit: 'ms' });
  return [
    ms('smallQueryP99Ms', 'a small query alone, 99 % within', p99(alone.query)),
    ms('smallQueryAlongsideP99Ms', 'alongside four worst ones', p99(alongside.query)),
    {
      key: 'neighborRatio',
      label: 'times as long',
      value: p99(alongside.query) / p99(alone.query),
      unit: '',
    },
    ms('healthP99Ms', '/health alone, 99 % within', p99(alone.health)),
    ms('healthAlongsideP99Ms', 'alongside four worst ones', p99(alongside.health)),
    ms('healthAlongsideMaxMs', '/health alongside them, at most', Math.max(...alongside.health)),
  ];
}
