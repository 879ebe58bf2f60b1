/** One run: a history, everything that can fail meanwhile, and what must be true at the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { drain } from './drain.ts';
import { readInjected, type Injected } from './faults/injected.ts';
import { createStorageFaults } from './faults/storage-faults.ts';
import { collectFaultless } from './faultless.ts';
import { planHistory, type Round } from './history.ts';
import { checkAnswered } from './invariants/answered.ts';
import { deliverableOf, type Deliverable } from './invariants/deliverable.ts';
import { checkFeeds, checkWebhook } from './invariants/delivered.ts';
import { checkGaps } from './invariants/gaps.ts';
import { checkIndexRows } from './invariants/index-rows.ts';
import type { Outcome } from './invariants/invariant.ts';
import { checkLanded, settledShare } from './invariants/landed.ts';
import type { ChaosOptions } from './options.ts';
import { playRounds } from './rounds.ts';
import { watchCompleteness, type CompletenessWitness } from './witnesses/completeness.ts';
import { startFeedReader } from './witnesses/feed-reader.ts';
import { startWebhookWitness } from './witnesses/webhook.ts';
import { createPublisher } from './world/publisher.ts';
import { startWorld, type Resources, type World } from './world/world.ts';

export interface ChaosReport {
  readonly seed: number;
  readonly injected: readonly Injected[];
  readonly outcomes: readonly Outcome[];
  /** To Microsoft 365 and to storage. */
  readonly requests: { readonly service: number; readonly storage: number };
  readonly peakMb: number;
  /** Of content, settled before the faults ended. */
  readonly settledPercent: number;
  readonly seconds: number;
}

export interface ChaosResources extends Resources {
  /** Of another empty storage account, for the run in which nothing fails. */
  readonly faultlessConnectionString: string;
}

/** The most memory a host may take, in MiB: docs/host-json.md. */
const maxPeakMb = 256;
const webhookLimitMs = 60_000;

/** @param say receives a line for each stage of the run */
export async function runChaos(
  options: ChaosOptions,
  resources: ChaosResources,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const startedAt = performance.now();
  const { seed, tenants } = options;
  const history = planHistory(options);
  const storage = createStorageFaults({ seed, rounds: options.rounds });
  const webhook = await startWebhookWitness();
  const world = await startWorld(resources, {
    ...{ tenants, hosts: 2, interfere: storage.interfere, env: webhook.env, authorities: [webhook.ca] },
  });
  const [first = ''] = world.tenantIds;
  const publisher = createPublisher(world, seed);
  await webhook.subscribe(world, first);
  const readers = new Map(
    await Promise.all(world.tenantIds.map(async (id) => [id, await startFeedReader(world, id)] as const)),
  );
  const follower = readers.get(first)?.follow();
  const completeness = watchCompleteness(world, publisher);
  const onRound = (at: number) => {
    say(
      `round ${at + 1} of ${history.length}, after ${seconds(startedAt)} s, ${storage.requests()} requests to storage`,
    );
  };
  const injectors = await playRounds({ world, publisher, storage, history, options, onRound });
  const peakUnderFaults = peakMbOf(world);
  const settledPercent = await settledShare(world, publisher.all().length);
  say(
    `draining, after ${seconds(startedAt)} s; ${settledPercent}% is settled; hosts took up to ${peakUnderFaults} MiB`,
  );
  publisher.publish(lastRound(history, tenants));
  await drain(world, async () => {
    const { problems } = await checkLanded(world, deliverableOf(world, publisher));
    say(`${problems.length} are pending, after ${seconds(startedAt)} s: ${problems[0] ?? ''}`);
    return problems.length === 0;
  });
  const peakDrained = peakMbOf(world);
  const deliverable = deliverableOf(world, publisher);
  await whenWebhookArrived(deliverable, first, () => webhook.inbox.ids().length);
  await Promise.all([completeness.stop(), follower?.stop()]);
  await Promise.all([...readers].filter(([id]) => id !== first).map(([, reader]) => reader.catchUp()));
  await readers.get(first)?.catchUp();
  say(`comparing, after ${seconds(startedAt)} s`);
  const injected = readInjected(injectors);
  const stops = injected.find(({ name }) => name === 'subscription stopped')?.count ?? 0;
  const outcomes = [
    await checkLanded(world, deliverable),
    await checkAnswered(world, deliverable),
    await checkGaps(world, deliverable, stops),
    checkFeeds(readers, deliverable),
    checkWebhook(webhook, first, deliverable),
    outcomeOf(completeness),
  ];
  const requests = { service: sumOf(world), storage: storage.requests() };
  const peakMb = peakMbOf(world);
  say(`stopping, after ${seconds(startedAt)} s`);
  await Promise.all([world.stop(), webhook.stop()]);
  say(`collecting without faults, after ${seconds(startedAt)} s`);
  const { faultlessConnectionString: connectionString } = resources;
  const faultless = await collectFaultless({ ...resources, connectionString }, tenants, deliverable);
  say(`collected without faults, after ${seconds(startedAt)} s`);
  outcomes.push(
    await checkIndexRows(world, faultless),
    checkMemory({ faults: peakUnderFaults, draining: peakDrained, comparing: peakMb }),
    checkInjected(injected),
  );
  await faultless.stop();
  return { seed, injected, outcomes, requests, peakMb, settledPercent, seconds: seconds(startedAt) };
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000);

/** Once nothing fails now, each tenant gets one content blob: its arrival resumes deliveries whose message was lost. */
function lastRound(history: readonly Round[], tenants: number): Round {
  const planned = history.reduce((sum, { contents }) => sum + contents.length, 0);
  const contents = Array.from({ length: tenants }, (_, tenant) => ({
    ...({ number: planned + tenant, tenant, contentType: 'Audit.Exchange', kind: 'ordinary' } as const),
    ...{ place: 0.5, lateMs: 0, records: 1, repeats: undefined },
  }));
  return { stepMs: 5 * 60_000, contents };
}

async function whenWebhookArrived(
  { textsByTenant }: Deliverable,
  tenantId: string,
  arrived: () => number,
): Promise<void> {
  const deadline = performance.now() + webhookLimitMs;
  const wanted = textsByTenant.get(tenantId)?.length ?? 0;
  while (arrived() < wanted && performance.now() < deadline) await delay(100);
}

function peakMbOf({ hosts }: World): number {
  return Math.max(...hosts.map((host) => host.peakMb()));
}

function sumOf({ simulator }: World): number {
  return Object.values(simulator.counters.snapshot().requests).reduce((sum, count) => sum + count, 0);
}

function outcomeOf(completeness: CompletenessWitness): Outcome {
  const { violations: problems } = completeness;
  const detail = `${completeness.samples()} samples, ${completeness.late()} of late content`;
  const none = completeness.samples() === 0 ? ['there was no sample'] : [];
  return { name: 'completeThrough was never later than the truth', detail, problems: [...none, ...problems] };
}

/** Peaks so far, in MiB, at the end of each phase: whichever phase exceeds the limit is named. */
function checkMemory(peaks: Readonly<Record<string, number>>): Outcome {
  const problems = Object.entries(peaks).flatMap(([phase, peakMb]) =>
    peakMb > 0 && peakMb <= maxPeakMb ? [] : [`a host took ${peakMb} MiB by the end of ${phase}`],
  );
  const detail = Object.entries(peaks).map(([phase, peakMb]) => `${phase} ${peakMb} MiB`);
  return { name: `a host takes at most ${maxPeakMb} MiB`, detail: detail.join(', '), problems };
}

function checkInjected(injected: readonly Injected[]): Outcome {
  const problems = injected.filter(({ count }) => count === 0).map(({ name }) => `never happened: ${name}`);
  const count = injected.reduce((sum, one) => sum + one.count, 0);
  return { name: 'each kind of fault has struck', detail: `${count} faults`, problems };
}
