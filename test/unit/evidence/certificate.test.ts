/** Certificates over HTTP: what they prove, and that they never claim what was not checked. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkpointOf } from '../../../shared/evidence/checkpoint.ts';
import { faultOfChain } from '../../../shared/evidence/check-chain.ts';
import { rootOfPath } from '../../../shared/evidence/hash-tree.ts';
import { leadsTo, placeOf } from '../../../shared/evidence/place-tree.ts';
import { gapOf } from '../../../shared/landing/ledger.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { createFaults } from '../../support/faults.ts';
import { readPdf } from '../../support/pdf-reader.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { createIngestionWorld } from '../landing/ingestion-world.ts';
import {
  at,
  createWorld,
  from,
  otherHeads,
  query,
  statementSha256,
  to,
  type World,
} from './certificate-world.ts';

describe('a certificate', () => {
  it('has what was listed and landed, the chain, and the checkpoints of the range', async () => {
    const world = await createWorld();
    await world.settle('one', 5);
    await world.settle('two', 6);
    await world.settle('before', -1);
    await world.settle('after', 24 * 60);
    for (const minutes of [-10, 10, 20, 25 * 60]) await world.land(minutes);
    const first = await world.take(new Date(from.getTime() + 41 * minuteMs));
    await world.take(new Date(to.getTime() + 41 * minuteMs), first);
    const certificate = await world.certificate();
    expect(certificate).toMatchObject({
      ...{ format: 'auditkeep-certificate-1', isComplete: true, incompleteReasons: [], gaps: [] },
      ...{ from: from.toISOString(), to: to.toISOString(), issuedDateTime: world.clock.now().toISOString() },
      content: { listed: 2, landed: 2, pending: 0, gone: 0, records: 4, bytes: 200 },
      landings: { landed: 2, indexed: 2, linked: 2, records: 4, bytes: 180, hashedAtIndexing: 0 },
      chain: { isIntact: true, firstNumber: 2, lastNumber: 3 },
      daysWithoutCheckpoint: [],
    });
    const links = await world.landings.links(world.tenantId, 2, 2);
    expect(certificate.chain).toMatchObject({ previous: links[0]?.previous, lastHash: links[1]?.hash });
    expect(certificate.chain.links).toMatchObject(
      links.map(({ number, hash, landingId }) => ({ number, hash, landingId, textSha256: 'cd'.repeat(32) })),
    );
  });

  it('proves that the chain of the tenant is in each checkpoint, and names no other tenant', async () => {
    const world = await createWorld();
    await world.land(10);
    await world.take(new Date(from.getTime() + 41 * minuteMs));
    const certificate = await world.certificate();
    const [checkpoint] = certificate.checkpoints;
    expect(checkpoint).toMatchObject({ number: 1, matchesChain: true, statementHolds: true });
    expect(checkpoint).not.toHaveProperty('chains');
    expect(leadsTo(checkpoint?.path ?? [], placeOf(world.tenantId))).toBe(true);
    expect(rootOfPath(checkpoint?.leaf ?? '', checkpoint?.path ?? [])).toBe(checkpoint?.root);
    expect(JSON.stringify(certificate)).not.toContain(adatumId);
    expect(certificate).toMatchObject({ daysWithoutCheckpoint: ['2026-03-10'] });
  });

  it('of a range in which nothing happened is complete and has no chain', async () => {
    const { certificate } = await createWorld();
    expect(await certificate()).toMatchObject({ isComplete: true, chain: { isIntact: true, links: [] } });
  });
});

const reasons: readonly (readonly [string, string, (world: World) => Promise<unknown>])[] = [
  [
    'notYetComplete',
    'the range is not listed to its end',
    (world) => world.listed(new Date(to.getTime() - 1)),
  ],
  [
    'notYetComplete',
    'content of it is pending',
    ({ ledger, tenantId }) =>
      ledger.defer(tenantId, [
        {
          content: contentNamed('late', at(9)),
          state: 'pending',
          attempts: 1,
          nextAttemptAt: to,
          code: 'AF429',
        },
      ]),
  ],
  [
    'gaps',
    'a content blob of it is lost',
    ({ ledger, tenantId }) => {
      const why = { reason: 'contentGone', code: 'AF404', recordedAt: to } as const;
      return ledger.recordGaps(tenantId, [gapOf(contentNamed('lost', at(9)), why)]);
    },
  ],
  [
    'rejectedContent',
    'a body of it cannot be read',
    ({ ledger, tenantId }) =>
      ledger.defer(tenantId, [
        { content: contentNamed('odd', at(9)), state: 'rejected', attempts: 1, nextAttemptAt: to, code: 'X' },
      ]),
  ],
  [
    'deletedByRetention',
    'older records are deleted',
    ({ ledger, tenantId }) => ledger.markRetained(tenantId, at(1)),
  ],
  [
    'deletedByRetention',
    'records are deleted that were published in it, up to seven days late',
    ({ ledger, tenantId }) => ledger.markRetained(tenantId, new Date(from.getTime() - 7 * dayMs + 1)),
  ],
  ['beforeCollection', 'collection began later', (world) => world.listed(new Date(to.getTime() + 1), at(1))],
  [
    'landingsNotIndexed',
    'a landing is not indexed',
    ({ landings, landingAt, tenantId }) =>
      landings.open(tenantId, landingAt(9, { oldestContent: new Date(to.getTime() + minuteMs) })),
  ],
];

describe('completeness', () => {
  it.each(reasons)('is not claimed (%s) when %s', async (reason, _, happen) => {
    const world = await createWorld();
    await happen(world);
    const { isComplete, incompleteReasons } = await world.certificate();
    expect(isComplete).toBe(false);
    expect(incompleteReasons).toContain(reason);
  });

  it('is claimed when what was deleted cannot have been published in it', async () => {
    const world = await createWorld();
    await world.ledger.markRetained(world.tenantId, new Date(from.getTime() - 7 * dayMs));
    expect(await world.certificate()).toMatchObject({ isComplete: true });
  });

  it('is not claimed when no one knows when collection began', async () => {
    const world = await createIngestionWorld({ tenant: { contentTypes: ['Audit.Exchange'] } });
    const { ledger, tenantId } = world;
    await ledger.advance(tenantId, {
      contentType: 'Audit.Exchange',
      listedThrough: new Date(to.getTime() + 1),
    });
    const { jsonBody } = await world.get('evidence', query);
    expect(jsonBody).toMatchObject({ isComplete: false, incompleteReasons: ['collectionStartUnknown'] });
  });

  it('is not claimed for a landing of an earlier release that has no link', async () => {
    const faults = createFaults();
    const world = await createWorld(faults);
    const { landings, landingAt, tenantId } = world;
    await landings.open(tenantId, landingAt(9, { oldestContent: new Date(to.getTime() + minuteMs) }));
    landings.placed = async () =>
      await Promise.resolve([{ landingId: 'a', isIndexed: true, records: 2, bytes: 90 }]);
    const { incompleteReasons, landings: counted } = await world.certificate();
    expect(incompleteReasons).toEqual(['landingsNotLinked']);
    expect(counted).toMatchObject({ landed: 1, indexed: 1, linked: 0 });
  });

  it.each([
    [
      'altered',
      (links: readonly object[]) => links.map((link, at) => (at === 1 ? { ...link, records: 3 } : link)),
    ],
    ['missing', (links: readonly object[]) => links.filter((_, at) => at !== 1)],
    [
      'disconnected',
      (links: readonly object[]) => links.map((link, at) => (at === 1 ? { ...link, previous: 'x' } : link)),
    ],
  ])('is not claimed when a link is %s', async (fault, change) => {
    const world = await createWorld();
    for (const minutes of [10, 20, 30]) await world.land(minutes);
    const links = await world.landings.links(world.tenantId, 1, 3);
    world.landings.links = async () => {
      const changed: readonly object[] = await Promise.resolve(change(links));
      return changed.map((link) => Object.assign({}, linkShape, link));
    };
    const certificate = await world.certificate();
    expect(certificate).toMatchObject({
      ...{ isComplete: false, incompleteReasons: ['chainBroken'] },
      chain: { isIntact: false, fault, faultNumber: 2 },
    });
  });

  it('is not claimed when the chain was computed again after a checkpoint', async () => {
    const world = await createWorld();
    await world.land(10);
    const others = await createWorld();
    await others.land(10, { records: 3 });
    const head = await others.landings.head(world.tenantId);
    if (head === undefined) throw new Error('It has a chain.');
    const taken = checkpointOf(
      new Map([[world.tenantId, { ...head, statementSha256 }]]),
      new Date(from.getTime() + hourMs),
      undefined,
    );
    await world.checkpoints.create(taken);
    const certificate = await world.certificate();
    expect(certificate.incompleteReasons).toEqual(['checkpointDiffers']);
    expect(certificate.checkpoints).toMatchObject([{ matchesChain: false }]);
  });

  it('is not claimed when a checkpoint was changed', async () => {
    const world = await createWorld();
    const taken = checkpointOf(new Map(otherHeads), new Date(from.getTime() + hourMs), undefined);
    await world.checkpoints.create({ ...taken, missedDays: 0, takenDateTime: new Date(from.getTime() + 1) });
    expect((await world.certificate()).incompleteReasons).toEqual(['checkpointDiffers']);
  });

  it('has no checkpoint that was taken before its range, such as one of a chain that was purged since', async () => {
    const world = await createWorld();
    await world.land(90);
    const purged = { number: 7, hash: '34'.repeat(32), statementSha256 };
    const early = checkpointOf(new Map([[world.tenantId, purged]]), at(41), undefined);
    await world.checkpoints.create(early);
    await world.take(new Date(to.getTime() + 41 * minuteMs), early);
    const certificate = await world.certificate(`?from=${at(60).toISOString()}&to=${to.toISOString()}`);
    expect(certificate).toMatchObject({ isComplete: true, daysWithoutCheckpoint: [] });
    expect(certificate.checkpoints).toMatchObject([{ date: '2026-03-10', matchesChain: true }]);
    expect((await world.certificate()).incompleteReasons).toEqual(['checkpointDiffers']);
  });

  it('has a checkpoint that says so only because it was changed', async () => {
    const world = await createWorld();
    await world.checkpoints.create({
      ...checkpointOf(new Map(otherHeads), at(90), undefined),
      takenDateTime: at(41),
    });
    const certificate = await world.certificate(`?from=${at(60).toISOString()}&to=${to.toISOString()}`);
    expect(certificate.incompleteReasons).toEqual(['checkpointDiffers']);
  });

  it('is read first, so that whatever it covers is in the counts', async () => {
    const faults = createFaults();
    const world = await createWorld(faults);
    await world.certificate();
    expect(faults.steps[0]).toBe('ledger.checkpoints');
    expect(faults.steps.indexOf('landings.unindexed')).toBeLessThan(faults.steps.indexOf('ledger.settled'));
  });
});

const linkShape = {
  ...{ number: 0, previous: '', hash: '', landingId: '', blobName: '', landedAt: from, linkedAt: from },
  ...{ contentBlobs: 0, records: 0, bytes: 0 },
};

describe('a certificate as PDF', () => {
  const accepting = async (accept: string) => {
    const world = await createWorld();
    await world.land(10);
    const answer = await world.ask('evidence', query, { accept });
    const { jsonBody } = await world.get('evidence', query);
    return { answer: documentSchema.parse(answer), jsonBody };
  };

  it.each(['application/pdf', 'text/html, application/pdf;q=0.9, */*;q=0.1'])(
    'is the answer to Accept: %s, with exactly the JSON attached',
    async (accept) => {
      const { answer, jsonBody } = await accepting(accept);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="certificate-${fabrikamId}.pdf"`,
        vary: 'Accept',
      });
      const { attachment, rows } = readPdf(answer.body ?? Buffer.alloc(0));
      expect(attachment.toString()).toBe(JSON.stringify(jsonBody));
      expect(rows).toContainEqual({ label: 'tenant', value: 'Fabrikam' });
    },
  );

  it.each(['*/*', 'application/json, application/pdf', 'application/*'])(
    'is not the answer to Accept: %s',
    async (accept) => {
      const { answer, jsonBody } = await accepting(accept);
      expect(answer.headers).toMatchObject({ vary: 'Accept' });
      expect(answer.jsonBody).toMatchObject(z.record(z.string(), z.unknown()).parse(jsonBody));
    },
  );

  it('is offered where Accept names nothing that is served', async () => {
    const { answer } = await accepting('text/csv');
    expect(answer.status).toBe(406);
    expect(JSON.stringify(answer.jsonBody)).toContain('application/json, application/pdf');
  });
});

const documentSchema = z.object({
  status: z.number().default(200),
  headers: z.record(z.string(), z.string()),
  body: z.instanceof(Buffer).optional(),
  jsonBody: z.unknown().optional(),
});

describe('the range of a certificate', () => {
  it.each([
    ['', 'from'],
    [`?from=${from.toISOString()}`, 'to'],
    [`?from=${to.toISOString()}&to=${from.toISOString()}`, 'to'],
    [`?from=${from.toISOString()}&to=${new Date(from.getTime() + 32 * dayMs).toISOString()}`, 'to'],
  ])('%s is refused, naming %s', async (sent, target) => {
    const world = await createWorld();
    const { status, jsonBody } = await world.get('evidence', sent);
    expect(status).toBe(400);
    expect(jsonBody).toMatchObject({ error: { target } });
  });

  it('is refused when it has more landings than one certificate can have', async () => {
    const world = await createWorld();
    const one = { landingId: 'a', isIndexed: true, link: 1, records: 1, bytes: 1 };
    world.landings.placed = async (_tenantId, _range, limit) =>
      await Promise.resolve(Array.from({ length: limit }, () => one));
    const { status, jsonBody } = await world.get('evidence', query);
    expect(status).toBe(400);
    expect(jsonBody).toMatchObject({ error: { code: 'RangeTooLarge' } });
  });
});

describe('checking links', () => {
  it('accepts those of a sound chain from any place on, and the beginning only from the first', async () => {
    const world = await createWorld();
    for (const minutes of [10, 20, 30]) await world.land(minutes);
    const { tenantId } = world;
    const links = await world.landings.links(tenantId, 1, 3);
    expect(faultOfChain(tenantId, links, { first: 1, last: 3 })).toBeUndefined();
    expect(faultOfChain(tenantId, links.slice(1), { first: 2, last: 3 })).toBeUndefined();
    expect(faultOfChain(tenantId, links, { first: 1, last: 4 })).toEqual({ number: 4, fault: 'missing' });
    expect(faultOfChain(adatumId, links, { first: 1, last: 3 })).toEqual({ number: 1, fault: 'altered' });
  });
});
