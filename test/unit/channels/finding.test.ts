/** Findings reach channels, and note which revision and which state did. */
import { describe, expect, it } from 'vitest';
import { runNotification } from '../../../shared/channels/run-notification.ts';
import { messageOfFinding } from '../../../shared/channels/sources/finding.ts';
import type { Finding } from '../../../shared/detection/finding.ts';
import { createChannelWorld } from '../../support/channels/channel-world.ts';
import { findingOf } from '../../support/detection/findings.ts';
import { createFakeFindingStore } from '../../support/fakes/detection.ts';
import { failNext } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';

async function createWorld(more: Partial<Finding> = {}) {
  const world = createChannelWorld();
  const findings = createFakeFindingStore();
  for (const kind of ['mail', 'ticket']) await world.addChannel(kind);
  const { findingId } = findingOf();
  await findings.create(findingOf({ findingId, tenantId: fabrikamId, ...more }));
  const found = () => findings.get(fabrikamId, findingId);
  const change = async (changes: Partial<Finding>) => {
    const stored = await found();
    if (stored !== undefined) await findings.update(stored, changes);
  };
  const deps = { ...world.deps, findings };
  const notify = (host: Partial<typeof deps> = {}) =>
    runNotification(
      { ...deps, ...host },
      { version: 1, tenantId: fabrikamId, findingId, revision: 1 },
      world.clock.startBudget(60_000),
    );
  const revisionsAt = (kind: string) =>
    world.received
      .filter(({ channelId }) => channelId === kind)
      .map(({ outgoing }) => outgoing.message.revision);
  return { ...world, deps, findings, found, change, notify, revisionsAt };
}

describe('a finding', () => {
  it('reaches channels once, and says so', async () => {
    const world = await createWorld();
    await world.notify();
    await world.notify();
    await world.settle();
    expect(world.revisionsAt('mail')).toEqual([2]);
    expect(await world.found()).toMatchObject({ notifiedRevision: 1, notifiedState: 'new' });
  });

  it('reaches channels once when storage fails before it can say so', async () => {
    const world = await createWorld();
    const failing = failNext('findings.update', new Error('Storage is away.'));
    await expect(world.notify({ findings: failing.inject('findings', world.findings) })).rejects.toThrow();
    await world.notify();
    await world.settle();
    expect([world.revisionsAt('mail'), world.revisionsAt('ticket')]).toEqual([[2], [2]]);
  });

  it('that is closed closes its ticket, and sends no second mail', async () => {
    const world = await createWorld();
    await world.notify();
    await world.settle();
    await world.change({ state: 'closed', reason: 'A test of the backup.' });
    await world.notify();
    await world.settle();
    expect([world.revisionsAt('mail'), world.revisionsAt('ticket')]).toEqual([[2], [2, 3]]);
    const { message } = world.received.at(-1)?.outgoing ?? {};
    expect(message).toMatchObject({ closed: true });
    expect(message?.facts).toContainEqual({ name: 'Closed because', value: 'A test of the backup.' });
  });

  it.each([{ notification: 'tooOld' }, { notifiedRevision: 1 }] as const)(
    'that needs no notification is not sent: %j',
    async (more) => {
      const world = await createWorld(more);
      await world.notify();
      await world.settle();
      expect(world.received).toEqual([]);
    },
  );

  it('of a tenant that is being removed is not sent', async () => {
    const world = await createWorld();
    await world.tenants.update(fabrikamId, { state: 'Removing' });
    await world.notify();
    await world.settle();
    expect(world.received).toEqual([]);
  });

  it('shows who wrote its rule, and leads to its page in the console', () => {
    const finding = { ...findingOf({ tenantId: fabrikamId }), etag: 'v1' };
    const named = { ...finding.rule, author: 'Jane Doe', license: 'DRL 1.1' };
    const message = messageOfFinding(
      { ...finding, rule: named },
      { tenantId: fabrikamId, displayName: 'Fabrikam' },
    );
    expect(message.facts).toContainEqual({ name: 'Rule by', value: 'Jane Doe (DRL 1.1)' });
    expect(message.path).toBe(`/findings/${fabrikamId}/${finding.findingId}`);
  });
});
