/**
 * What Microsoft publishes becomes findings, and each of them a mail, a card, and a ticket, by the deployed app over real
 * storage, whose host is killed again and again meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createRandom } from '../../simulator/random.ts';
import { startTeams } from '../../support/channels/stand-ins/chat.ts';
import { startHaloPsa } from '../../support/channels/stand-ins/desks.ts';
import { startAzureMail } from '../../support/channels/stand-ins/mail.ts';
import { anySecret, type StandIn } from '../../support/channels/stand-ins/stand-in.ts';
import { minuteMs } from '../../support/clock.ts';
import { sized } from '../../support/sizes.ts';
import type { StorageCall } from '../../support/storage-proxy.ts';
import { askJson } from '../deployed/asking.ts';
import { startDeployedApp, type DeployedApp } from '../deployed/deployed-app.ts';
import { isTokenFor } from '../destinations/receivers/azure-around.ts';
import { mailSettings, ticketSettings } from './receivers.ts';

/** Where a host is killed: at a storage request of a finding, or when a receiver has just taken something. */
const places = ['storage', 'mail', 'teams', 'desk'] as const;
type Place = (typeof places)[number];
/** The most steps until then: of a finding there are more requests, and a desk has three for a ticket. */
const mostSteps: Readonly<Record<Place, number>> = { storage: 40, mail: 1, teams: 1, desk: 3 };
/** Before each, a record is published. The smaller size has each place twice. */
const kills = sized(2, 10) * places.length;
/** Longer than a killed host keeps others from a channel, and than the timer waits for lost messages. */
const stepMs = 11 * minuteMs;
const patience = { timeout: 30_000, interval: 50 };
const limitMs = sized(4, 20) * minuteMs;
const mailHost = 'auditkeep-test.europe.communication.azure.com';
const contentType = 'Audit.Exchange';
const tenantId = randomUUID();
const seed = Math.floor(Math.random() * 2 ** 31);
const random = createRandom(seed);

const created = z.looseObject({ id: z.string() });
const findingsSchema = z.object({
  value: z.array(z.looseObject({ id: z.string(), state: z.string(), sentence: z.string() })),
});
const deliveriesSchema = z.object({ value: z.array(z.looseObject({ perhapsTwice: z.boolean() })) });

type Receivers = Awaited<ReturnType<typeof startReceivers>>;
let app: DeployedApp;
let receivers: Receivers;
let cardChannel: string;

async function startReceivers() {
  const isAllowed = isTokenFor('https://communication.azure.com');
  const mail = await startAzureMail({ isAllowed, name: mailHost });
  const all = { mail, teams: await startTeams(), desk: await startHaloPsa() };
  for (const at of ['mail', 'teams', 'desk'] as const)
    all[at].pass((answer) => {
      const answered = answer();
      step(at);
      return Promise.resolve(answered);
    });
  return all;
}

beforeAll(async () => {
  console.info(`findings-arrive: seed ${seed}`);
  receivers = await startReceivers();
  app = await startDeployedApp({
    startMs: 0,
    hasIdentity: true,
    receiving: { receiver: receivers.mail, name: mailHost },
    env: { AUDITKEEP_DESTINATION_NETWORKS: '127.0.0.0/8' },
    onStorageCall: (call) => {
      if (isOfFinding(call)) step('storage');
    },
  });
  app.simulator.vault.set('channel-any', { value: anySecret });
  app.simulator.vault.set('channel-teams', { value: receivers.teams.url });
  app.simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: 'fabrikam.example', auditingEnabled: true, records: [] },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  const tenant = { tenantId, contentTypes: [contentType] };
  await askJson(app, z.looseObject({ state: z.literal('Active') }), ['tenants', tenant]);
  await askJson(app, created, ['watches', { displayName: 'Pack', pack: ['inboxRuleForwards'] }]);
  cardChannel = await createChannels(receivers);
}, limitMs);

afterAll(async () => {
  await app.stop();
  await Promise.all(Object.values(receivers).map((standIn: StandIn) => standIn.stop()));
});

/** @returns the ID of the one of cards */
async function createChannels({ mail, teams, desk }: Receivers): Promise<string> {
  const of = ({ ca, origin }: StandIn) => ({ origin, certificateAuthority: ca });
  const create = (kind: string, settings: object) =>
    askJson(app, created, ['channels', { displayName: kind, kind, settings }]);
  await create('azureMail', mailSettings({ ...of(mail), origin: `https://${mailHost}` }));
  await create('haloPsa', ticketSettings(of(desk), tenantId));
  return (await create('teams', { url: 'channel-teams', certificateAuthority: teams.ca })).id;
}

/** Where the host is killed, after so many steps. */
let [place, stepsLeft]: [Place, number] = ['storage', 0];
let killing: Promise<void> | undefined;

function step(at: Place): void {
  if (at === place && --stepsLeft === 0) killing = app.halt('kill');
}

/** What a finding is stored in from its landing on, and the queue that its messages are in. */
function isOfFinding({ method, path }: StorageCall): boolean {
  if (path.includes('/notifications/messages')) return method !== 'GET';
  return /\/(Findings|WatchStates|Channels|ChannelDeliveries)\b/.test(path);
}

const users: string[] = [];

/** A record of a person that no other record is of. */
function publishRecord(): void {
  const user = `person${users.length}x`;
  const at = new Date(app.clock.now() - 3 * minuteMs).toISOString();
  const record = {
    ...{ Id: randomUUID(), CreationTime: at.slice(0, 19), Operation: 'New-InboxRule', RecordType: 1 },
    ...{ OrganizationId: tenantId, Workload: 'Exchange', ResultStatus: 'True' },
    ...{ UserId: `${user}@fabrikam.example`, ClientIP: '192.0.2.1' },
    Parameters: [{ Name: 'ForwardTo', Value: 'mallory@evil.example' }],
  };
  users.push(user);
  const contentCreated = new Date(app.clock.now() - 2 * minuteMs).toISOString();
  const texts = [JSON.stringify(record)];
  app.simulator.addContent(tenantId, { kind: 'records', contentType, texts, contentCreated });
}

/** Time passes, and the timers run. A host that is killed meanwhile answers nothing. */
async function pass(): Promise<void> {
  app.clock.advance(stepMs);
  for (const timer of ['poll-activity-feed', 'watch-channels'])
    await app.run(timer).catch((error: unknown) => {
      if (killing === undefined) throw error;
    });
}

async function rest(): Promise<void> {
  await vi.waitFor(async () => {
    expect(await app.isWorking()).toBe(false);
  }, patience);
}

/** How many mails, cards, and tickets each person is in. */
function arrived() {
  const { mail, teams, desk } = receivers;
  const [cards, tickets] = [teams.cards.map((card) => JSON.stringify(card)), desk.tickets];
  return users.map((user) => ({
    mails: mail.mails.filter(({ html }) => html.includes(user)).length,
    cards: cards.filter((card) => card.includes(user)).length,
    tickets: tickets.filter(({ text }) => text.includes(user)).length,
  }));
}

const missing = () => arrived().filter((counts) => Object.values(counts).some((count) => count === 0)).length;

/** The tenant may be polled already when its timer runs; the next run collects the record. */
async function untilKilled(): Promise<void> {
  const isKilled = () => killing !== undefined;
  for (let steps = 0; steps < 8 && !isKilled(); steps++) {
    await pass();
    await expect
      .poll(isKilled, { timeout: 10_000, interval: 50 })
      .toBe(true)
      .catch(() => undefined);
  }
  expect([place, isKilled()]).toEqual([place, true]);
  await killing;
}

async function settle(isDone: () => boolean): Promise<void> {
  for (let steps = 0; steps < 8 && !isDone(); steps++) {
    await pass();
    await rest();
    await expect
      .poll(isDone, { timeout: 3000, interval: 100 })
      .toBe(true)
      .catch(() => undefined);
  }
  expect(isDone()).toBe(true);
}

describe(`${kills} findings, and as many killed hosts`, { timeout: limitMs }, () => {
  it('reach a mail and a ticket once, and a card again at most once for each host', async () => {
    for (let kill = 0; kill < kills; kill++) {
      killing = undefined;
      place = places[kill % places.length] ?? 'storage';
      stepsLeft = random.integer(1, mostSteps[place]);
      publishRecord();
      await untilKilled();
      await app.start();
    }
    await settle(() => missing() === 0);
    // What would come twice would come now.
    await pass();
    await rest();
    const all = arrived();
    console.info(`Cards: ${all.map(({ cards }) => cards).join(', ')}`);
    expect(all.map(({ mails, tickets }) => ({ mails, tickets }))).toEqual(
      users.map(() => ({ mails: 1, tickets: 1 })),
    );
    const twice = all.reduce((sum, { cards }) => sum + cards - 1, 0);
    expect(twice).toBeLessThanOrEqual(kills);
    // A card that a workflow has just taken is sent again.
    expect(twice).toBeGreaterThanOrEqual(kills / places.length);
    const { value } = await askJson(app, deliveriesSchema, [`channels/${cardChannel}/deliveries`]);
    expect(value.filter(({ perhapsTwice }) => perhapsTwice).length).toBeGreaterThanOrEqual(
      all.filter(({ cards }) => cards > 1).length,
    );
  });

  it('are listed, and a ticket is closed with its finding, although the host is killed at once', async () => {
    const { value } = await askJson(app, findingsSchema, ['findings?state=new']);
    expect(value).toHaveLength(kills);
    const [finding] = value;
    const closed = users.findIndex((user) => finding?.sentence.includes(user));
    const path = `tenants/${tenantId}/findings/${finding?.id}`;
    const answer = await app.ask(path, {
      method: 'PATCH',
      body: JSON.stringify({ state: 'closed', reason: 'Agreed with the customer.' }),
    });
    expect(answer.status).toBe(200);
    await app.halt('kill');
    await app.start();
    const open = () => receivers.desk.tickets.filter(({ isClosed }) => !isClosed);
    await settle(() => open().length < kills);
    expect(open().some(({ text }) => text.includes(users[closed] ?? ''))).toBe(false);
    expect(open()).toHaveLength(kills - 1);
    expect(arrived().map(({ mails }) => mails)).toEqual(users.map(() => 1));
  });
});
