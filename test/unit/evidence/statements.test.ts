/** What checkpoints hold a certificate to: that the tenant is in them, and what was missing when they were taken. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { checkpointOf } from '../../../shared/evidence/checkpoint.ts';
import { factsOf, statementText, type Fact } from '../../../shared/evidence/statement.ts';
import { gapOf, type Gap } from '../../../shared/landing/ledger.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { at, createWorld, from, otherHeads, to, type World } from './certificate-world.ts';

const content = contentNamed('lost', new Date(from.getTime() - dayMs));
const open = { content, state: 'pending', attempts: 1, nextAttemptAt: to, code: 'AF429' } as const;
const why = { reason: 'contentGone', code: 'AF404', recordedAt: from } as const;
const receipt = { records: 2, bytes: 100, sha256: 'ab'.repeat(32) };
const window = { start: new Date(from.getTime() - 3 * dayMs), end: new Date(from.getTime() - 2 * dayMs) };
const range: Gap = {
  contentType: 'Audit.Exchange',
  window,
  reason: 'feedExpired',
  code: 'X',
  recordedAt: from,
};

describe('a checkpoint without the tenant', () => {
  it('is a reason once the chain had begun, even if it is sound', async () => {
    const world = await createWorld();
    await world.land(10);
    await world.checkpoints.create(checkpointOf(new Map(otherHeads), at(41), undefined));
    const { incompleteReasons, checkpoints } = await world.certificate();
    expect(incompleteReasons).toEqual(['notInCheckpoint']);
    expect(checkpoints).toMatchObject([{ matchesChain: false }]);
  });

  it.each([
    ['later than it', 1],
    ['within the hour before it, as times of links are those of hosts', -59],
  ])('is none if the chain began %s', async (_, minutes) => {
    const world = await createWorld();
    await world.land(10);
    const [first] = await world.landings.links(world.tenantId, 1, 1);
    if (first === undefined) throw new Error('It has a chain.');
    world.landings.links = () => Promise.resolve([{ ...first, linkedAt: at(200 + minutes) }]);
    await world.checkpoints.create(checkpointOf(new Map(otherHeads), at(200), undefined));
    const { incompleteReasons, checkpoints } = await world.certificate();
    expect(incompleteReasons).not.toContain('notInCheckpoint');
    expect(checkpoints).toMatchObject([{ matchesChain: true }]);
  });

  it('is none for a tenant without a chain', async () => {
    const world = await createWorld();
    await world.checkpoints.create(checkpointOf(new Map(otherHeads), at(200), undefined));
    expect(await world.certificate()).toMatchObject({ isComplete: true });
  });
});

/** What was missing at the checkpoint, which may be of another range, and what happened since. */
const histories: readonly (readonly [string, boolean, Change, Change])[] = [
  ['a gap is still there', true, loseContent, () => Promise.resolve()],
  ['a gap was closed, as its content landed', true, loseContent, landLost],
  ['a gap was deleted', false, loseContent, ({ ledger, tenantId }) => ledger.closeGaps(tenantId, [content])],
  ['content is still open', true, openContent, () => Promise.resolve()],
  ['open content was lost, with a gap', true, openContent, loseOpen],
  ['open content landed', true, openContent, landLost],
  [
    'open content was deleted',
    false,
    openContent,
    ({ ledger, tenantId }) => ledger.close(tenantId, [content]),
  ],
  ['a range is still lost', true, loseRange, () => Promise.resolve()],
  ['the gap of a range was deleted', false, loseRange, forgetGaps],
  ['a range is lost with more, as a poll that was killed records it again', true, loseRange, loseMore],
  ['a range is lost, but for its end', false, loseRange, loseLess],
  ['a landing that was given up is still missing', true, giveUp, () => Promise.resolve()],
  ['a landing that was given up was indexed', true, giveUp, ({ land }) => land(-60)],
  ['a landing that was given up was deleted', false, giveUp, forgetLandings],
];

type Change = (world: World) => Promise<unknown>;

describe('a statement', () => {
  it.each(histories)('if %s: it holds: %s', async (_, holds, before, since) => {
    const world = await createWorld();
    await world.land(-200);
    await before(world);
    await world.take(at(41));
    await since(world);
    const { incompleteReasons, checkpoints } = await world.certificate();
    expect(incompleteReasons.includes('statementDiffers')).toBe(!holds);
    expect(checkpoints).toMatchObject([{ matchesChain: true, statementHolds: holds }]);
  });

  it('holds while open content is being lost, whichever is read first', async () => {
    const world = await createWorld();
    await world.land(-200);
    await openContent(world);
    await world.take(at(41));
    const readOpen = world.ledger.open.bind(world.ledger);
    let reads = 0;
    // The completeness of the tenant is read before its statements are compared.
    world.ledger.open = async (tenantId) => {
      if (++reads === 2) {
        await setImmediate();
        await loseOpen(world);
      }
      return await readOpen(tenantId);
    };
    expect((await world.certificate()).incompleteReasons).not.toContain('statementDiffers');
  });

  it.each([
    ['earlier than it was said', at(-60), at(-61), false],
    ['later than it was said', at(-60), at(-59), true],
    ['earlier, as a wrong clock had it in the future', at(60), at(-60), true],
  ])('if collection is said to have begun %s', async (_, then, now, holds) => {
    const world = await createWorld();
    await world.land(-200);
    await world.listed(new Date(to.getTime() + hourMs), then);
    await world.take(at(41));
    await world.listed(new Date(to.getTime() + hourMs), now);
    const { checkpoints } = await world.certificate();
    expect(checkpoints).toMatchObject([{ statementHolds: holds }]);
  });

  it.each([
    ['is gone', () => Promise.resolve(undefined)],
    ['was altered', () => Promise.resolve('')],
  ])('does not hold if its text %s', async (_, get) => {
    const world = await createWorld();
    await world.land(-200);
    await world.take(at(41));
    world.statements.get = get;
    expect((await world.certificate()).incompleteReasons).toEqual(['statementDiffers']);
  });

  it('has in memory once what several of them say', () => {
    const [one, more] = [[range], [range, gapOf(content, why)]].map((gaps) =>
      statementText({ checkpoints: [], gaps, open: [] }),
    );
    const known = new Map<string, Fact>();
    const [shared] = factsOf(one ?? '', known);
    const facts = factsOf(more ?? '', known);
    expect(facts.map(({ text }) => text).join('')).toBe(more);
    expect(facts[0]).toBe(shared);
    expect(known.size).toBe(2);
  });

  it('is lines of JSON, sorted, each once', () => {
    const checkpoints = [
      { contentType: 'Audit.General', collectedFrom: undefined },
      { contentType: 'Audit.Exchange', collectedFrom: from },
    ] as const;
    const gaps = [range, gapOf(content, why), { ...range, landingId: 'landing' }];
    const text = statementText({ checkpoints, gaps, open: [open] });
    const lost = '"missing","Audit.Exchange","2026-03-06T00:00:00.000Z","2026-03-07T00:00:00.000Z"';
    expect(text).toBe(
      `["collectedFrom","Audit.Exchange","2026-03-09T00:00:00.000Z"]
["collectedFrom","Audit.General",null]
[${lost},null,"landing"]
[${lost},null,null]
["missing","Audit.Exchange","2026-03-08T00:00:00.000Z","2026-03-08T00:00:00.001Z","${content.contentId}",null]
`,
    );
  });
});

function loseContent({ ledger, tenantId }: World) {
  return ledger.recordGaps(tenantId, [gapOf(content, why)]);
}

function openContent({ ledger, tenantId }: World) {
  return ledger.defer(tenantId, [open]);
}

async function loseOpen(world: World) {
  await loseContent(world);
  await world.ledger.close(world.tenantId, [content]);
}

async function landLost({ ledger, tenantId }: World) {
  await ledger.closeGaps(tenantId, [content]);
  await ledger.settle(tenantId, [{ content, state: 'landed', attempts: 1, receipt }]);
  await ledger.close(tenantId, [content]);
}

function loseRange({ ledger, tenantId }: World) {
  return ledger.recordGaps(tenantId, [range]);
}

/** A poll that is killed before it moves its checkpoint leaves a gap; the next one records what is lost by then. */
function loseMore({ ledger, tenantId }: World) {
  const longer = { start: window.start, end: new Date(window.end.getTime() + 5 * minuteMs) };
  return ledger.recordGaps(tenantId, [{ ...range, window: longer }]);
}

function loseLess({ ledger, tenantId }: World) {
  const shorter = { start: window.start, end: new Date(window.end.getTime() - 1) };
  return ledger.recordGaps(tenantId, [{ ...range, window: shorter }]);
}

async function forgetGaps({ ledger }: World) {
  ledger.gaps = async () => await Promise.resolve([]);
  await Promise.resolve();
}

async function giveUp({ landings, landingAt, tenantId }: World) {
  const landing = landingAt(-60);
  await landings.open(tenantId, landing);
  const hole = {
    contentType: content.contentType,
    start: at(-60),
    end: new Date(at(-60).getTime() + minuteMs),
  };
  const decision = { at: at(-30), by: 'Operator', reason: 'It is damaged.', holes: [hole] } as const;
  await landings.giveUp(tenantId, landing.landingId, decision);
}

async function forgetLandings({ landings }: World) {
  landings.notIndexed = async () => await Promise.resolve({ unindexed: [], givenUp: [] });
  await Promise.resolve();
}
