/**
 * Everything arrives at destinations of every kind, over the deployed app and real storage, while receivers fail and
 * hosts are killed.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { instanceOptions } from '../../chaos/resources.ts';
import { differences } from '../../chaos/invariants/invariant.ts';
import { hostStatusSchema } from '../../local/host/admin.ts';
import { minuteMs } from '../../support/clock.ts';
import { sized } from '../../support/sizes.ts';
import { askJson } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { publish, registerTenant, type PublishedTenant } from './published.ts';
import { ingestionHost, startAzureAround, type AzureAround } from './receivers/azure-around.ts';
import type { Arrival, Receiver, ReceiverOfKind } from './receivers/receiver.ts';
import { receivers as all } from './receivers/receivers.ts';

/** One that is not installed here has said so. */
const kinds = all.filter(({ isThere }) => isThere);
/** The smaller size still has several batches for each tenant whenever something fails. */
const count = sized(5_000, 50_000);
const tenantCount = 5;
/** Once before anything fails, once while all receivers do, once for each killed host, and once with a further tenant. */
const roundCount = kinds.length + 3;
const perRound = Math.ceil(count / (roundCount * (tenantCount - 1) + 1));
const maxMemoryMb = 256;
const limitMs = 900_000;
const patience = { timeout: 240_000, interval: 50 };
/** Longer than a killed host keeps others from a cursor, and than any receiver wants to be left alone. */
const stepMs = 11 * minuteMs;
/** So many in which nothing more arrives. */
const patientSteps = 12;
/** What is retried after seconds may come meanwhile. */
const moment = { timeout: 2500, interval: 250 };

interface Sent extends Receiver {
  readonly of: ReceiverOfKind;
  readonly destinationId: string;
}

let around: AzureAround;
let app: DeployedApp;
const sents: Sent[] = [];
const tenants: PublishedTenant[] = [];
const peaksMb: number[] = [];

const env = {
  AUDITKEEP_DESTINATION_NETWORKS: '127.0.0.0/8',
  AUDITKEEP_POLL_CEILING_MINUTES: '5',
  AUDITKEEP_POLL_TENANT_CONCURRENCY: '16',
};

beforeAll(async () => {
  around = await startAzureAround();
  const receiving = { receiver: around.server, name: ingestionHost };
  app = await startDeployedApp({
    startMs: 0,
    receiving,
    nodeOptions: instanceOptions,
    hasIdentity: true,
    env,
  });
  for (let at = 1; at < tenantCount; at++) tenants.push(await registerTenant(app, `Customer ${at}`));
  for (const of of kinds) sents.push(await createDestination(of));
}, limitMs);

afterAll(async () => {
  await app.stop();
  await Promise.all(sents.map(({ stop }) => stop()));
  await around.server.stop();
});

const keepSecret = (name: string, value: string) => {
  app.simulator.vault.set(name, { value });
};

const createdSchema = z.looseObject({ id: z.string() });

async function createDestination(of: ReceiverOfKind): Promise<Sent> {
  const receiver = await of.start({ ...around, keepSecret });
  const { kind, title: displayName } = of;
  const body = { displayName: displayName.slice(0, 100), kind, settings: receiver.settings };
  const { id: destinationId } = await askJson(app, createdSchema, ['destinations', body]);
  return { ...receiver, of, destinationId };
}

async function noteMemory(): Promise<void> {
  const answer = await fetch(`${app.api.baseUrl}/admin/host/status`);
  peaksMb.push(hostStatusSchema.parse(await answer.json()).peakRssMb);
}

const keyOf = ({ tenantId, id }: Pick<Arrival, 'tenantId' | 'id'>) => `${tenantId} ${id}`;

/** Each record once, in the order in which it came first. */
function firstsOf({ arrivals }: Receiver): readonly Arrival[] {
  const firsts = new Map<string, Arrival>();
  for (const arrival of arrivals()) if (!firsts.has(keyOf(arrival))) firsts.set(keyOf(arrival), arrival);
  return [...firsts.values()];
}

const refused = new Set<string>();

const expected = () =>
  tenants.flatMap(({ tenantId, contents }) =>
    contents.flatMap((ids) => ids.filter((id) => !refused.has(id)).map((id) => keyOf({ tenantId, id }))),
  );

/** How many have not come. */
const missing = () => sents.reduce((sum, { count: came }) => sum + expected().length - came(), 0);

const problems = () =>
  sents.flatMap((sent) =>
    differences(expected(), firstsOf(sent).map(keyOf), (key) => `${sent.of.kind}: ${key}`),
  );

/** Time passes, and what it started has ended. */
async function pass(): Promise<void> {
  app.clock.advance(stepMs);
  await app.run('poll-activity-feed');
  await vi.waitFor(async () => {
    expect(await app.isWorking()).toBe(false);
  }, patience);
}

async function settle(): Promise<void> {
  for (let [steps, left] = [0, Infinity]; steps < patientSteps && left > 0; steps++) {
    await pass();
    await expect
      .poll(missing, moment)
      .toBe(0)
      .catch(() => undefined);
    const now = missing();
    if (now < left) steps = 0;
    left = now;
  }
  expect(problems()).toEqual([]);
}

function publishAll(): void {
  for (const tenant of tenants) publish(app, tenant, perRound);
}

const tenantsSchema = z.object({
  value: z.array(
    z.looseObject({ tenantId: z.string(), status: z.string(), sent: z.number(), rejected: z.number() }),
  ),
});
const lettersSchema = z.object({ value: z.array(z.looseObject({ recordId: z.string() })) });

describe(`${count} records of ${tenantCount} tenants`, { timeout: limitMs }, () => {
  it('arrive at receivers that fail, throttle, cut connections, and crash', async () => {
    publishAll();
    await settle();
    const failing = await Promise.all(sents.map(({ fail }) => fail()));
    publishAll();
    await Promise.all([settle(), ...failing.map((happened) => happened())]);
    await settle();
  });

  it.each(kinds.map(({ kind }) => kind))(
    'arrive when a host is killed while it sends to %s',
    async (kind) => {
      const held = await sents.find(({ of }) => of.kind === kind)?.hold();
      publishAll();
      app.clock.advance(stepMs);
      await app.run('poll-activity-feed');
      try {
        await held?.reached();
        await noteMemory();
        await app.halt('kill');
      } finally {
        await held?.end();
      }
      app.clock.advance(stepMs);
      await app.start();
      await settle();
    },
  );

  it('arrive without the one that a receiver refuses, those of a tenant included that is registered later', async () => {
    tenants.push(await registerTenant(app, `Customer ${tenantCount}`));
    publishAll();
    const poison = tenants[0]?.contents.at(-2)?.[7] ?? '';
    refused.add(poison);
    for (const { refuse } of sents) refuse(poison);
    await settle();
    await noteMemory();
  });
});

describe.each(kinds)('$title', ({ kind, keepsDuplicates }) => {
  const sent = (): Sent => {
    const found = sents.find(({ of }) => of.kind === kind);
    if (found === undefined) throw new Error(`There is no ${kind}.`);
    return found;
  };

  it(keepsDuplicates ? 'has some records twice, and says which' : 'has each record once', () => {
    const duplicates = sent().arrivals().length - firstsOf(sent()).length;
    console.info(`${kind}: ${firstsOf(sent()).length} records, ${duplicates} duplicates`);
    if (keepsDuplicates) expect(duplicates).toBeGreaterThan(0);
    else expect(duplicates).toBe(0);
  });

  it('got the records of each tenant in the order in which they arrived', () => {
    const firsts = firstsOf(sent());
    for (const { tenantId, contents } of tenants) {
      const own = firsts.filter((arrival) => arrival.tenantId === tenantId);
      const inOrder = own.toSorted((a, b) => a.sequence - b.sequence || a.line - b.line);
      expect(own).toEqual(inOrder);
      const places = new Map(own.map(({ id }, at) => [id, at]));
      for (const ids of contents) {
        const found = ids.flatMap((id) => places.get(id) ?? []);
        expect(found).toEqual(found.toSorted((a, b) => a - b));
      }
    }
  });

  it('is current, with the counts of each tenant', async () => {
    const path = `destinations/${sent().destinationId}/tenants`;
    const { value } = await askJson(app, tenantsSchema, [path]);
    const due = tenants.map(({ tenantId, contents }) => {
      const ids = contents.flat();
      const rejected = ids.filter((id) => refused.has(id)).length;
      return { tenantId, status: 'current', sent: ids.length - rejected, rejected };
    });
    expect(value).toMatchObject(due);
  });

  it('has the refused record as its only dead letter', async () => {
    const path = `destinations/${sent().destinationId}/deadLetters`;
    const { value } = await askJson(app, lettersSchema, [path]);
    expect(value.map(({ recordId }) => recordId)).toEqual([...refused]);
  });
});

describe('the hosts', () => {
  it(`stay below ${maxMemoryMb} MB`, () => {
    console.info(`Peaks of hosts: ${peaksMb.join(', ')} MB`);
    expect(Math.max(...peaksMb)).toBeLessThanOrEqual(maxMemoryMb);
  });
});
