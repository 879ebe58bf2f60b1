/** The routes of onboardings, and the links to send. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sha256Of } from '../../../shared/sha256.ts';
import { createPartner, createRoutes, domainOf, idOf, root } from './onboarding-world.ts';

const weekMs = 7 * 24 * 60 * 60_000;
const listIn = ({ jsonBody }: { readonly jsonBody?: unknown }) =>
  z
    .object({ value: z.array(z.looseObject({ id: z.string() })), nextLink: z.string().optional() })
    .parse(jsonBody);
const idIn = (answer: { readonly jsonBody?: unknown }) =>
  z.object({ id: z.string() }).parse(answer.jsonBody).id;
const errorOf = (answer: { readonly jsonBody?: unknown }) =>
  z
    .object({ error: z.object({ code: z.string(), target: z.string().optional(), message: z.string() }) })
    .parse(answer.jsonBody).error;
const tenants = [
  { domain: domainOf(1), displayName: '=Évil; "Co"' },
  { domain: 'unknown.example' },
  { tenantId: idOf(2), displayName: 'Two\r\nBcc: all@example.com' },
];

async function onboarded() {
  const partner = createPartner();
  const routes = await createRoutes(partner);
  const started = await routes.start({ tenants });
  await partner.settle();
  return { partner, routes, id: idIn(started), started };
}

const linksSchema = z.object({
  value: z.array(
    z.looseObject({ row: z.number(), url: z.string(), expiresDateTime: z.string(), mailText: z.string() }),
  ),
});

describe('POST /onboardings', () => {
  it('answers where the status and the result will be', async () => {
    const { id, started, routes } = await onboarded();
    expect(started).toMatchObject({ status: 202, jsonBody: { id, status: 'NotStarted', tenantCount: 3 } });
    expect(started.headers).toMatchObject({
      'operation-location': `${root}/onboardings/${id}`,
      location: `${root}/onboardings/${id}/result`,
    });
    const shown = { status: 200, jsonBody: { id, status: 'Succeeded', registeredCount: 2, refusedCount: 1 } };
    expect(await routes.get(id)).toMatchObject(shown);
    expect(await routes.result(id)).toMatchObject(shown);
  });

  it.each([
    ['a row without a tenant', { tenants: [{ tenantId: idOf(1) }, {}] }, 'tenants.1.tenantId'],
    ['a domain that is none', { tenants: [{ domain: 'no domain' }] }, 'tenants.0.domain'],
    ['no rows', { tenants: [] }, 'tenants'],
    [
      'too many rows',
      { tenants: Array.from({ length: 1001 }, (_, at) => ({ tenantId: idOf(at) })) },
      'tenants',
    ],
    ['another way', { tenants: [{ tenantId: idOf(1) }], consent: 'fax' }, 'consent'],
  ])('refuses %s before anything starts', async (_, body, target) => {
    const partner = createPartner();
    const routes = await createRoutes(partner);
    expect(errorOf(await routes.start(body))).toMatchObject({ code: 'InvalidParameter', target });
    expect(partner.queues.operations).toEqual([]);
  });

  it('takes a thousand rows, also with an idempotency key, and refuses a longer body', async () => {
    const partner = createPartner();
    const routes = await createRoutes(partner);
    const many = (name: string) =>
      Array.from({ length: 1000 }, (_, at) => ({
        tenantId: idOf(at),
        displayName: name,
        tags: ['gold', 'emea'],
      }));
    const body = { tenants: many('x'.repeat(200)) };
    const first = await routes.start(body, 'my-key');
    expect(first).toMatchObject({ status: 202, jsonBody: { tenantCount: 1000 } });
    expect(idIn(await routes.start(body, 'my-key'))).toBe(idIn(first));
    const long = await routes.start({ tenants: many('é'.repeat(250)) });
    expect({ status: long.status, code: errorOf(long).code }).toEqual({ status: 413, code: 'BodyTooLarge' });
  });

  it('are listed newest first, in pages, with how many rows came to what, and without the rows', async () => {
    const partner = createPartner();
    const routes = await createRoutes(partner);
    const ids: string[] = [];
    for (const customer of [1, 2]) {
      ids.unshift(idIn(await routes.start({ tenants: [{ tenantId: idOf(customer) }] })));
      await partner.settle();
      partner.clock.advance(1000);
    }
    const first = listIn(await routes.list('?top=1'));
    const second = listIn(await routes.list(new URL(first.nextLink ?? root).search));
    expect([...first.value, ...second.value].map(({ id }) => id)).toEqual(ids);
    expect(first.value[0]).toMatchObject({ status: 'Succeeded', tenantCount: 1, registeredCount: 1 });
    expect(first.value[0]).not.toHaveProperty('tenants');
    expect(second.nextLink).toBeUndefined();
  });

  it('refuses another one while one is running, and says where that is', async () => {
    const routes = await createRoutes(createPartner());
    const id = idIn(await routes.start({ tenants }));
    expect(idIn(await routes.start({ tenants }))).toBe(id);
    const other = await routes.start({ tenants: [{ tenantId: idOf(5) }] });
    expect({ status: other.status, code: errorOf(other).code }).toEqual({
      status: 409,
      code: 'OnboardingInProgress',
    });
    expect(other.headers['location']).toBe(`${root}/onboardings/${id}`);
    expect(await routes.cancel(id)).toMatchObject({ status: 202, jsonBody: { status: 'Canceled' } });
    const canceled = await routes.result(id);
    expect({ status: canceled.status, code: errorOf(canceled).code }).toEqual({
      status: 422,
      code: 'OnboardingCanceled',
    });
  });

  it.each([
    ['a caller without the scope', ['records.read'] as const, '*'],
    ['a caller of some tenants', ['tenants.manage'] as const, idOf(1)],
  ])('and every other route is closed to %s', async (_, scopes, bound) => {
    const { partner, id } = await onboarded();
    const stranger = await createRoutes(partner, scopes, bound);
    const calls = [
      stranger.start({ tenants }),
      stranger.get(id),
      stranger.result(id),
      stranger.links(id),
      stranger.cancel(id),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(403);
  });

  it('and others do not find an onboarding that does not exist', async () => {
    const routes = await createRoutes(createPartner());
    for (const answer of [
      await routes.get(idOf(1)),
      await routes.result(idOf(1)),
      await routes.links(idOf(1)),
    ])
      expect([answer.status, errorOf(answer).code]).toEqual([404, 'OnboardingNotFound']);
  });
});

describe('POST /onboardings/{id}/consentLinks', () => {
  it('answers a link of seven days for each tenant that needs one, in order, and new ones each time', async () => {
    const { partner, routes, id } = await onboarded();
    const { value } = linksSchema.parse((await routes.links(id)).jsonBody);
    expect(value).toMatchObject([
      { row: 1, tenantId: idOf(1), domain: domainOf(1) },
      { row: 3, tenantId: idOf(2) },
    ]);
    const expires = new Date(partner.clock.now().getTime() + weekMs).toISOString();
    for (const { url, expiresDateTime, mailText } of value) {
      expect(expiresDateTime).toBe(expires);
      expect(mailText).toContain(`\n\n${url}\n`);
      expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${root}/consent/callback`);
      const state = new URL(url).searchParams.get('state') ?? '';
      expect(await partner.consents.take(sha256Of(state))).toBeDefined();
    }
    const again = linksSchema.parse((await routes.links(id)).jsonBody);
    expect(again.value.map(({ url }) => url)).not.toEqual(value.map(({ url }) => url));
  });

  it.each(['application/json', 'text/csv', 'text/plain'])(
    'answers the same links as %s to a request that is sent again with its idempotency key',
    async (accept) => {
      const { routes, id } = await onboarded();
      const sent = { accept, idempotencyKey: 'links', body: { partnerName: 'Contoso IT' } };
      const shown = ({ headers, body, jsonBody }: Awaited<ReturnType<typeof routes.links>>) => ({
        ...{ type: headers['content-type'], body, jsonBody },
      });
      const first = shown(await routes.links(id, sent));
      expect(JSON.stringify(first)).toContain('redirect_uri');
      expect(shown(await routes.links(id, sent))).toEqual(first);
      expect(shown(await routes.links(id, { ...sent, idempotencyKey: 'other' }))).not.toEqual(first);
      const other = await routes.links(id, {
        ...sent,
        accept: accept === 'text/csv' ? 'text/plain' : 'text/csv',
      });
      expect([other.status, errorOf(other).code]).toEqual([422, 'IdempotencyKeyReused']);
    },
  );

  it('leaves out tenants that have consented meanwhile, or are gone', async () => {
    const { partner, routes, id } = await onboarded();
    await partner.tenants.update(idOf(1), { state: 'Active', checks: [] });
    await partner.tenants.remove(await partner.stored(idOf(2)));
    expect((await routes.links(id)).jsonBody).toEqual({ value: [] });
  });

  it('stores no link in the onboarding, and logs none', async () => {
    const { partner, routes, id } = await onboarded();
    const { value } = linksSchema.parse((await routes.links(id)).jsonBody);
    const kept = JSON.stringify([partner.onboardings.all(), partner.telemetry.reported, routes.entries]);
    for (const { url } of value) {
      expect(kept).not.toContain(url);
      expect(kept).not.toContain(new URL(url).searchParams.get('state'));
    }
  });

  it('answers a table, in which no cell is a formula', async () => {
    const { routes, id } = await onboarded();
    const { headers, body = '' } = await routes.links(id, { accept: 'text/csv' });
    expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', vary: 'Accept' });
    expect(body.startsWith('\uFEFFdomain,name,tenantId,link,expires\r\n')).toBe(true);
    const rows = z.array(z.record(z.string(), z.string())).parse(parse(body, { columns: true, bom: true }));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ domain: domainOf(1), name: '\'=Évil; "Co"', tenantId: idOf(1) });
    expect(URL.canParse(rows[0]?.['link'] ?? '')).toBe(true);
  });

  it('answers a mail for each customer, with the name of the partner, and nothing added to its head', async () => {
    const { routes, id } = await onboarded();
    const { headers, body = '' } = await routes.links(id, {
      accept: 'text/plain',
      body: { partnerName: ' Contoso IT ' },
    });
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' });
    const mails = body.split(/\n-{72}\n\n/);
    expect(mails).toHaveLength(2);
    expect(mails[1]?.split('\n').slice(0, 3)).toEqual([
      `To: an administrator of Two Bcc: all@example.com (${idOf(2)})`,
      'Subject: Audit trail of Two Bcc: all@example.com: your consent is needed',
      '',
    ]);
    expect(body).not.toMatch(/^Bcc:/m);
    for (const mail of mails) expect(mail.trimEnd().endsWith('\n\nContoso IT')).toBe(true);
    expect((await routes.links(id, { accept: 'text/plain' })).body).not.toContain('Contoso');
  });

  it('waits for the end of the onboarding', async () => {
    const routes = await createRoutes(createPartner());
    const id = idIn(await routes.start({ tenants }));
    const answer = await routes.links(id);
    expect({ status: answer.status, code: errorOf(answer).code }).toEqual({
      status: 409,
      code: 'OnboardingNotReady',
    });
  });
});
