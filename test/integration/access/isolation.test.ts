/** Every route of the app, tried with every kind of credential that must not open it. */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AccessLogEntry } from '../../../shared/access/access-log.ts';
import { createAccessLog } from '../../../shared/adapters/tables/access-log.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import type { HttpFunction } from '../../local/host/function-app.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { askRoute, bodyFor, type Answer, type Wanted } from './asking.ts';
import {
  foreign,
  isOfSet,
  issueKey,
  links,
  signature,
  soundToken,
  tags,
  unproven,
  unscoped,
  unsoundTokens,
  type World,
} from './credentials.ts';
import { createMatrix } from './matrix.ts';
import { signingKey, startWholeApp, type WholeApp } from './whole-app.ts';

const operations = allOperations();

/** Open to everyone, and why. */
const openRoutes: Readonly<Record<string, string>> = {
  'get-connector-definition': 'tells what is published anyway',
  'get-connector-icon': 'is a picture',
  'get-connector-properties': 'tells what is published anyway',
  'get-docs': 'tells what is published anyway',
  'get-docs-script': 'is the same for everyone',
  'get-docs-style': 'is the same for everyone',
  'get-health': 'tells only that the app runs',
  'get-open-api': 'tells what is published anyway',
  'wrong-address': 'knows only the routes',
  'receive-consent': 'a browser comes back here from Microsoft; a single-use state is its credential',
  'receive-feed-notification':
    'Microsoft calls here; a derived secret in a header is its credential, see feed-webhook.test.ts',
};

/** The answer to a caller bound to another tenant where the path names none. Every such route must be listed. */
const forStrangers: Readonly<Record<string, number>> = {
  'cancel-onboarding': 403,
  'cancel-removal': 403,
  'cancel-bundle': 404,
  'cancel-rollout': 404,
  'create-key': 403,
  'create-onboarding-links': 403,
  'create-subscription-of-tenants': 404,
  'delete-search-of-tenants': 400,
  'list-watches': 403,
  'create-watch': 403,
  'get-watch': 403,
  'change-watch': 403,
  'delete-watch': 403,
  'create-suppression': 403,
  'delete-suppression': 403,
  'list-pack-rules': 200,
  'dry-run-rules': 400,
  'list-findings': 200,
  'list-report-schedules': 403,
  'create-report-schedule': 403,
  'get-report-schedule': 403,
  'change-report-schedule': 403,
  'delete-report-schedule': 403,
  'preview-report-schedule': 403,
  'send-report-schedule': 403,
  'list-channels': 403,
  'create-channel': 403,
  'get-channel': 403,
  'change-channel': 403,
  'delete-channel': 403,
  'test-channel': 403,
  'list-channel-deliveries': 403,
  'list-destinations': 403,
  'create-destination': 403,
  'get-destination': 403,
  'change-destination': 403,
  'delete-destination': 403,
  'test-destination': 403,
  'list-destination-tenants': 403,
  'list-dead-letters': 403,
  'replay-dead-letters': 403,
  'discard-dead-letters': 403,
  'get-policy': 403,
  'delete-subscription-of-tenants': 400,
  'get-record-type-schema': 404,
  'get-onboarding': 403,
  'list-onboardings': 403,
  'get-onboarding-result': 403,
  'get-removal': 403,
  'get-removal-result': 403,
  'get-search-of-tenants': 404,
  'get-caller': 200,
  'get-bundle': 404,
  'get-bundle-content': 404,
  'get-bundle-manifest': 404,
  'get-bundle-result': 404,
  'cancel-report-set': 404,
  'get-report-set': 404,
  'get-report-set-content': 404,
  'get-report-set-result': 404,
  'list-report-set-tenants': 404,
  'list-report-sets': 200,
  'start-report-set': 404,
  'get-rollout': 404,
  'get-rollout-result': 404,
  'get-subscription-of-tenants': 404,
  'list-access-log': 200,
  'list-bundles': 200,
  'list-customers': 403,
  'list-ingestion': 200,
  'list-keys': 403,
  'give-up-any-poison-message': 403,
  'list-poison-messages-of-tenants': 403,
  'count-records-of-tenants': 404,
  'list-postures': 404,
  'list-role-holders-of-tenants': 404,
  'list-operations': 200,
  'list-record-types': 200,
  'list-records-of-tenants': 404,
  'list-records-of-search-of-tenants': 404,
  'list-searches-of-tenants': 200,
  'list-bundle-tenants': 404,
  'list-rollout-tenants': 404,
  'list-rollouts': 200,
  'list-services': 200,
  'list-subscriptions-of-tenants': 200,
  'poll-records-of-tenants': 404,
  'poll-search-of-tenants': 404,
  'save-search-of-tenants': 404,
  'list-tenants': 200,
  'list-tenant-choices': 200,
  'set-policy': 403,
  'start-onboarding': 403,
  'start-bundle': 404,
  'start-rollout': 404,
  'start-signed-enablement': 404,
  'register-tenant': 403,
  'replay-any-poison-message': 403,
  'revoke-key': 403,
  'rotate-key': 403,
  'rotate-subscription-secret-of-tenants': 400,
  'test-subscription-of-tenants': 400,
};

/** They say to a caller that it has no permissions. */
const forUnscoped: Readonly<Record<string, number>> = { 'get-caller': 200 };

/** The host refuses more than 128 at once (host.json), and there are more routes. */
const callsAtOnce = 64;
const webhook = 'start-signed-enablement';
const domains = { victim: 'victim.example', stranger: 'stranger.example' };
const displayNames = { victim: 'Victim', stranger: 'Stranger' };
/** Who may see several tenants has to name one. */
const forSets: Readonly<Record<string, number>> = { ...forStrangers, 'list-access-log': 400 };

let app: WholeApp;
let world: World;
let partnerKey: string;
let keyId: string;
const answers: { readonly name: string; readonly requestId: string; readonly status: number }[] = [];
const { record, routes, shown } = createMatrix();

beforeAll(async () => {
  app = await startWholeApp();
  const tables = createTables({ kind: 'connectionString', connectionString: app.connectionString });
  const tenants = createTenantStore(tables);
  const notYet = { nextPollAt: new Date(Date.now() + 24 * 60 * 60_000), quietPolls: 0 };
  const [victim, stranger] = (['victim', 'stranger'] as const).map((name) =>
    tenantNamed(displayNames[name], { poll: notYet, domain: domains[name], tags: [tags[name]] }),
  );
  if (victim === undefined || stranger === undefined) throw new Error('There are two tenants.');
  for (const tenant of [victim, stranger]) await tenants.create(tenant);
  const ids = { victimId: victim.tenantId, strangerId: stranger.tenantId, outsiderId: randomUUID() };
  world = { keys: createApiKeyStore(tables), issuer: app.issuer, signingKey, ...ids };
  partnerKey = await issueKey(world, '*');
  keyId = partnerKey.slice(3, 19);
});

afterAll(() => app.stop());

async function ask(target: HttpFunction, wanted: Wanted): Promise<Answer> {
  const answer = await askRoute(app.baseUrl, target, { ...wanted, keyId });
  if (!(target.name in openRoutes)) answers.push({ ...answer, name: target.name });
  return answer;
}

/** Every function with each of its methods, except the open ones. */
function closed(): readonly (readonly [HttpFunction, string])[] {
  return (
    app.functions
      .filter(({ name }) => !(name in openRoutes))
      // HEAD is GET without its body (head.test.ts).
      .flatMap((target) => target.trigger.methods.map((method) => [target, method] as const))
      .filter(([, method]) => method !== 'HEAD')
  );
}

/** Those of them that a Location leads to, with what its token is for. */
function linked() {
  return closed().flatMap(([target, method]) => {
    const link = links[target.name];
    return link === undefined ? [] : [[target, method, link] as const];
  });
}

const namesTenant = ({ trigger }: HttpFunction): boolean => (trigger.route ?? '').includes('{tenantId');
const scopesIn = ({ body }: Answer): readonly string[] =>
  z
    .object({ access: z.array(z.object({ scopes: z.array(z.string()) })) })
    .parse(JSON.parse(body))
    .access.flatMap(({ scopes }) => scopes);
const codeOf = ({ body }: Answer): string =>
  z.object({ error: z.object({ code: z.string() }) }).parse(JSON.parse(body)).error.code;

describe('routes', () => {
  it('are all listed in this test, so that a new one cannot be forgotten', () => {
    const unknown = app.functions
      .filter((target) => !namesTenant(target))
      .map(({ name }) => name)
      .filter((name) => !(name in openRoutes) && !(name in forStrangers));
    expect(unknown).toEqual([]);
  });

  it('do not match the paths of each other, because hosts differ in which one they would choose', () => {
    const pattern = ({ trigger }: HttpFunction) =>
      new RegExp(`^${(trigger.route ?? '').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    // It matches all paths, and comes last (operations.test.ts).
    const functions = app.functions.filter(({ name }) => name !== 'wrong-address');
    const overlapping = functions.flatMap((each) =>
      functions
        .filter(
          (other) => other !== each && other.trigger.methods.some((m) => each.trigger.methods.includes(m)),
        )
        .filter((other) => pattern(each).test(other.trigger.route ?? ''))
        .map((other) => `${each.name} matches the path of ${other.name}`),
    );
    // Functions are sorted by name, and this one comes first.
    expect(overlapping).toEqual(['get-record matches the path of count-records']);
  });

  it('are open to the partner, so that the following tests are about credentials', async () => {
    for (const [target, method] of closed().filter(([, each]) => each === 'GET')) {
      const headers = { 'x-api-key': partnerKey };
      const answer = await ask(target, { method, tenantId: world.victimId, headers });
      record(target, method, "partner's key", String(answer.status));
      expect([target.name, answer.status]).not.toEqual([target.name, 401]);
      expect([target.name, answer.status]).not.toEqual([target.name, 403]);
      expect([target.name, answer.body]).not.toEqual([
        target.name,
        expect.stringContaining('TenantNotFound'),
      ]);
      expect([target.name, answer.status < 500]).toEqual([target.name, true]);
    }
  });
});

describe('an unauthenticated caller', () => {
  it('is refused by every route with the same 401, whatever is wrong', async () => {
    const kinds = Object.entries(await unproven(world));
    const seen = new Set<string>();
    for (const [target, method] of closed()) {
      const tries = kinds.map(async ([kind, headers]) => {
        const answer = await ask(target, { method, tenantId: world.victimId, headers });
        const refusal = [target.name, kind, answer.status, codeOf(answer)];
        expect(refusal).toEqual([target.name, kind, 401, 'Unauthorized']);
        // Where signatures are accepted, a missing one has a separate message.
        if (target.name !== webhook || kind !== 'no credential') seen.add(answer.visible);
        return [kind, answer.status] as const;
      });
      for (const [kind, status] of await Promise.all(tries)) record(target, method, kind, String(status));
    }
    expect(seen.size).toBe(1);
  });

  it('is refused with the webhook signature of another tenant as without a signature', async () => {
    const headers = signature(world, world.strangerId, bodyFor(world.victimId));
    for (const [target, method] of closed()) {
      const wanted = { method, tenantId: world.victimId };
      const signed = await ask(target, { ...wanted, headers });
      record(target, method, "stranger's signature", String(signed.status));
      expect([target.name, signed.visible]).toEqual([
        target.name,
        (await ask(target, { ...wanted, headers: {} })).visible,
      ]);
      expect(signed.status).toBe(401);
    }
  });
});

describe('a caller with the token of a Location', () => {
  const atHand = { headers: {} };

  it('can have one for the routes that are listed in this test, and for no other', () => {
    const described = operations.filter(
      ({ audience }) => typeof audience === 'object' && audience.byLink !== undefined,
    );
    const routes = described.map(({ method, route }) => `${method} ${route}`).sort();
    const known = linked().map(([{ trigger }, method]) => `${method} ${trigger.route ?? ''}`);
    expect(known.sort()).toEqual(routes);
  });

  it('opens that one route, and no other', async () => {
    for (const [name, link] of Object.entries(links)) {
      const token = await soundToken(world, link);
      const tried = await pMap(
        closed(),
        async ([target, method]) => {
          const answer = await ask(target, { ...atHand, method, tenantId: world.victimId, token });
          return [target, method, answer] as const;
        },
        { concurrency: callsAtOnce },
      );
      for (const [target, method, answer] of tried) {
        record(target, method, `link to ${name}`, String(answer.status));
        const isOpen = answer.status !== 401;
        expect([name, target.name, isOpen]).toEqual([name, target.name, target.name === name]);
        expect([target.name, [403, 500].includes(answer.status)]).toEqual([target.name, false]);
      }
    }
  });

  it('is refused with the same 401, whatever is wrong with the token', async () => {
    const seen = new Set<string>();
    for (const [target, method, link] of linked()) {
      for (const [kind, token] of Object.entries(await unsoundTokens(world, link))) {
        const answer = await ask(target, { ...atHand, method, tenantId: world.victimId, token });
        record(target, method, kind, String(answer.status));
        expect([target.name, kind, answer.status]).toEqual([target.name, kind, 401]);
        seen.add(answer.visible);
      }
    }
    expect(seen.size).toBe(1);
  });

  it('gains nothing from it next to credentials of another caller', async () => {
    for (const [kind, headers] of Object.entries(await foreign(world))) {
      for (const [target, method, link] of linked()) {
        const token = await soundToken(world, link);
        const answer = await ask(target, { method, tenantId: world.victimId, headers, token });
        const expected = namesTenant(target) ? 404 : forStrangers[target.name];
        expect([kind, target.name, answer.status]).toEqual([kind, target.name, expected]);
      }
    }
  });
});

describe('a caller of another tenant', () => {
  it('gets the same answer for a tenant as for one that does not exist', async () => {
    for (const [kind, headers] of Object.entries(await foreign(world))) {
      for (const [target, method] of closed().filter(([each]) => namesTenant(each))) {
        const [theirs, missing] = [
          await ask(target, { method, tenantId: world.victimId, headers }),
          await ask(target, { method, tenantId: randomUUID(), headers }),
        ];
        record(target, method, kind, `${theirs.status}=${missing.status}`);
        expect([target.name, theirs.visible]).toEqual([target.name, missing.visible]);
        expect([target.name, [403, 404].includes(theirs.status)]).toEqual([target.name, true]);
      }
    }
  });

  it('gets the same answer for the domain of a tenant as for one that no tenant has', async () => {
    for (const [kind, headers] of Object.entries(await foreign(world))) {
      for (const [target, method] of closed().filter(([each]) => namesTenant(each))) {
        const [theirs, missing] = [
          await ask(target, { method, tenantId: domains.victim, headers }),
          await ask(target, { method, tenantId: 'absent.example', headers }),
        ];
        record(target, method, `${kind}, by domain`, `${theirs.status}=${missing.status}`);
        expect([target.name, theirs.visible]).toEqual([target.name, missing.visible]);
        expect([target.name, [403, 404].includes(theirs.status)]).toEqual([target.name, true]);
      }
    }
  });

  it('opens its own tenant by domain, where it may open it by ID', async () => {
    const headers = { 'x-api-key': await issueKey(world, world.strangerId) };
    for (const [target, method] of closed().filter(([each, at]) => namesTenant(each) && at === 'GET')) {
      const [byDomain, byId] = [
        await ask(target, { method, tenantId: domains.stranger.toUpperCase(), headers }),
        await ask(target, { method, tenantId: world.strangerId, headers }),
      ];
      record(target, method, 'own key, by domain', String(byDomain.status));
      expect([target.name, byDomain.status]).toEqual([target.name, byId.status]);
    }
  });

  it('gets nothing of other tenants where the path names no tenant', async () => {
    for (const [kind, headers] of Object.entries(await foreign(world))) {
      for (const [target, method] of closed().filter(([each]) => !namesTenant(each))) {
        const answer = await ask(target, { method, tenantId: world.victimId, headers });
        record(target, method, kind, String(answer.status));
        const expected = isOfSet(kind) ? forSets : forStrangers;
        expect([kind, target.name, answer.status]).toEqual([kind, target.name, expected[target.name]]);
        expect([target.name, answer.body.includes(world.victimId)]).toEqual([target.name, false]);
      }
    }
  });
});

describe('a caller of a set of tenants', () => {
  const routes = ['records?', 'records/summary?groupBy=tenantId&', 'posture?', 'roleHolders?', 'ingestion?'];

  it('gets its own tenants of an asterisk and of its tag, and none by the tag or the name of another', async () => {
    for (const [kind, headers] of Object.entries(await foreign(world))) {
      for (const route of routes) {
        const answerOf = async (tenants: string) => {
          const response = await fetch(`${app.baseUrl}/${route}tenants=${tenants}`, { headers });
          await expectDescribedResponse('GET', response);
          return { status: response.status, body: await response.text() };
        };
        for (const own of ['*', `tag:${tags.stranger}`, world.strangerId]) {
          const { status, body } = await answerOf(own);
          expect([kind, route, own, status]).toEqual([kind, route, own, 200]);
          expect([kind, route, body.includes(world.victimId)]).toEqual([kind, route, false]);
          expect([kind, route, body.includes(world.strangerId)]).toEqual([kind, route, true]);
        }
        const [named, missing] = [await answerOf(world.victimId), await answerOf(randomUUID())];
        expect([kind, route, named.body]).toEqual([kind, route, missing.body]);
        expect((await answerOf(`tag:${tags.victim}`)).status).toBe(404);
      }
    }
  });
});

describe('a caller without scopes', () => {
  it('has no permissions, even in its own tenant', async () => {
    for (const [kind, headers] of Object.entries(await unscoped(world))) {
      for (const [target, method] of closed()) {
        const answer = await ask(target, { method, tenantId: world.victimId, headers });
        record(target, method, kind, String(answer.status));
        expect([target.name, answer.status]).toEqual([target.name, forUnscoped[target.name] ?? 403]);
        if (answer.status === 403) expect([target.name, codeOf(answer)]).toEqual([target.name, 'Forbidden']);
        else expect(scopesIn(answer)).toEqual([]);
      }
    }
  });
});

describe('after all of that', () => {
  it('nothing has changed', async () => {
    const headers = { 'x-api-key': partnerKey };
    const key = await world.keys.get(keyId);
    expect([key?.revokedDateTime, key?.secretHashes.length]).toEqual([undefined, 1]);
    const response = await fetch(`${app.baseUrl}/tenants`, { headers });
    await expectDescribedResponse('GET', response);
    const { value } = z
      .object({ value: z.array(z.object({ displayName: z.string() })) })
      .parse(await response.json());
    expect(value.map(({ displayName }) => displayName).sort()).toEqual(['Stranger', 'Victim']);
  });

  it('each call of a caller has an entry in the access log, all others are counted, and no secret is in it', async () => {
    const log = createAccessLog(
      createTables({ kind: 'connectionString', connectionString: app.connectionString }),
    );
    const range = { from: new Date(Date.now() - 60 * 60_000), to: new Date(Date.now() + 60_000) };
    const entries: AccessLogEntry[] = [];
    const logged = new Map<string, string>();
    for (let after: string | undefined = ''; after !== undefined;) {
      const query = { ...range, onlyInsiders: false, top: 500, ...(after === '' ? {} : { after }) };
      const page = await log.list(query);
      for (const entry of page.entries) logged.set(entry.requestId, entry.action);
      entries.push(...page.entries);
      after = page.next;
    }
    const known = answers.filter(({ status }) => status !== 401);
    const unknown = answers.length - known.length;
    expect(known.filter(({ name, requestId }) => logged.get(requestId) !== name)).toEqual([]);
    const strangers = entries.filter(({ count }) => count !== undefined);
    const counted = strangers.reduce((sum, { count = 0 }) => sum + count, 0);
    expect(unknown).toBeGreaterThan(300);
    expect(counted * 2).toBeGreaterThanOrEqual(unknown);
    expect(strangers.length).toBeLessThan(60);
    expect(answers.length).toBeGreaterThan(300);
    expect(JSON.stringify(entries)).not.toContain(partnerKey.slice(20));
    expect(JSON.stringify(entries)).not.toContain('eyJ');
  });

  it('the table shows it', () => {
    console.log(shown());
    expect(routes()).toBe(closed().length);
  });
});
