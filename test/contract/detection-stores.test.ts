/** The promises about watches, groups of matches, and findings, kept in memory and on Table Storage. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFindingStore } from '../../shared/adapters/tables/finding-store.ts';
import { createGroupStateStore } from '../../shared/adapters/tables/group-state-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createWatchStore } from '../../shared/adapters/tables/watch-store.ts';
import type { StoredFinding } from '../../shared/detection/finding.ts';
import { groupKeyOf } from '../../shared/detection/group-state.ts';
import { newTimedId } from '../../shared/timed-id.ts';
import { findingOf, groupStateOf } from '../support/detection/findings.ts';
import { watchOf } from '../support/detection/watches.ts';
import {
  createFakeFindingStore,
  createFakeGroupStates,
  createFakeWatchStore,
} from '../support/fakes/detection.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const azurite = useStorage('azurite');
const longWatch = () =>
  watchOf({ source: { kind: 'sigma', text: `title: ü\n${'# long\n'.repeat(5000)}` }, severity: 'high' });
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 8, minute));

describe.each([
  { where: 'in memory', open: createFakeWatchStore },
  { where: 'on Table Storage', open: () => createWatchStore(createTables(storage())) },
])('watches $where', ({ open }) => {
  it('are found as created, listed, and removed', async () => {
    const [store, watch] = [open(), longWatch()];
    expect(await store.get(watch.watchId)).toBeUndefined();
    await store.create(watch);
    const stored = await store.get(watch.watchId);
    expect(stored).toEqual({ ...watch, etag: stored?.etag });
    expect(await store.list()).toContainEqual(stored);
    await expect(store.create({ ...watch, displayName: 'Another' })).rejects.toThrow();
    await store.remove(watch.watchId);
    await store.remove(watch.watchId);
    expect(await store.get(watch.watchId)).toBeUndefined();
  });

  it('are changed only as they were read, and undefined members are removed', async () => {
    const [store, watch] = [open(), longWatch()];
    await store.create(watch);
    const first = await store.get(watch.watchId);
    if (first === undefined) throw new Error('It was not stored.');
    const changes = { enabled: false, severity: undefined, failure: { since: at(2), cause: 'No.' } };
    const second = await store.update(first, changes);
    expect(second).toEqual({ ...first, ...changes, etag: second?.etag });
    expect(await store.update(first, { enabled: true })).toBeUndefined();
    const { severity, failure, enabled } = (await store.get(watch.watchId)) ?? {};
    expect({ severity, failure, enabled }).toEqual(changes);
  });
});

it('a watch that a newer release stored is passed over and named, so that the others are applied', async () => {
  const tables = createTables(storage());
  const unreadable: string[] = [];
  const store = createWatchStore(tables, (watchId) => unreadable.push(watchId));
  const [known, newer] = [longWatch(), longWatch()];
  for (const watch of [known, newer]) await store.create(watch);
  const key = { partitionKey: 'watches', rowKey: newer.watchId };
  await tables.write('Watches', (client) =>
    client.updateEntity({ ...key, severity: 'apocalyptic' }, 'Merge'),
  );
  const ids = (await store.list()).map(({ watchId }) => watchId);
  expect(ids).toContain(known.watchId);
  expect(ids).not.toContain(newer.watchId);
  expect(unreadable).toEqual([newer.watchId]);
  await store.remove(newer.watchId);
});

describe.each([
  { where: 'in memory', open: createFakeGroupStates },
  { where: 'on Table Storage', open: () => createGroupStateStore(createTables(storage())) },
])('groups of matches $where', ({ open }) => {
  const keyIn = (tenantId: string) => ({ tenantId, key: groupKeyOf(randomUUID(), 'rule', 'group') });

  it('are created once, and changed only as they were read', async () => {
    const [store, key] = [open(), keyIn(randomUUID())];
    expect(await store.get(key)).toBeUndefined();
    expect(await store.create(key, groupStateOf(2), at(0))).toBe(true);
    expect(await store.create(key, groupStateOf(3), at(0))).toBe(false);
    const stored = await store.get(key);
    expect(stored).toEqual({ ...key, state: groupStateOf(2), etag: stored?.etag });
    if (stored === undefined) throw new Error('It was not stored.');
    expect(await store.replace(stored, groupStateOf(4), at(1))).toBe(true);
    expect(await store.replace(stored, groupStateOf(5), at(2))).toBe(false);
    expect((await store.get(key))?.state).toEqual(groupStateOf(4));
  });

  it('are written together, or none of them if another host changed one', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [known, made] = [keyIn(tenantId), keyIn(tenantId)];
    await store.create(known, groupStateOf(1), at(0));
    const before = await store.get(known);
    const changes = [
      { ...known, before, state: groupStateOf(2) },
      { ...made, before: undefined, state: groupStateOf(3) },
    ];
    expect(await store.writeAll(changes, at(1))).toBe(true);
    expect((await store.get(known))?.state).toEqual(groupStateOf(2));
    const stored = await store.get(made);
    expect(stored?.state).toEqual(groupStateOf(3));
    expect(await store.writeAll(changes, at(2))).toBe(false);
    const outdated = [
      { ...known, before, state: groupStateOf(4) },
      { ...made, before: stored, state: groupStateOf(4) },
    ];
    expect(await store.writeAll(outdated, at(3))).toBe(false);
    expect((await store.get(made))?.state).toEqual(groupStateOf(3));
  });

  it('hold a thousand matches, however long and varied their sentences are', async () => {
    const [store, key] = [open(), { tenantId: randomUUID(), key: randomUUID() }];
    const state = groupStateOf(1000);
    const varied = () => randomBytes(1000).toString('utf16le');
    const heads = state.heads.map((head) => ({ ...head, sentence: varied() }));
    expect(await store.create(key, { ...state, heads }, at(0))).toBe(true);
    const stored = await store.get(key);
    expect(stored?.state.matches).toEqual(state.matches);
    expect(stored?.state.heads.map(({ sentence }) => sentence.slice(0, 50))).toEqual(
      heads.map(({ sentence }) => sentence.slice(0, 50)),
    );
  });

  it('hold a thousand matches with their sentences', async () => {
    const [store, key] = [open(), keyIn(randomUUID())];
    await store.create(key, groupStateOf(1000), at(0));
    expect((await store.get(key))?.state).toEqual(groupStateOf(1000));
  });
});

describe.each([
  { where: 'in memory', open: createFakeFindingStore },
  { where: 'on Table Storage', open: () => createFindingStore(createTables(storage())) },
  { where: 'on Azurite', open: () => createFindingStore(createTables(azurite())) },
])('findings $where', ({ open }) => {
  const made = (minute: number) => newTimedId(at(minute));

  it('are created once, and found by their tenant only', async () => {
    const [store, finding] = [open(), findingOf({ findingId: made(0) })];
    const created = await store.create(finding);
    expect(created).toEqual({ ...finding, etag: created?.etag });
    expect(await store.create({ ...finding, count: 9 })).toBeUndefined();
    expect(await store.get(finding.tenantId, finding.findingId)).toEqual(created);
    expect(await store.get(randomUUID(), finding.findingId)).toBeUndefined();
    expect(await store.get(finding.tenantId, made(0))).toBeUndefined();
  });

  it('are changed only as they were read, in every list', async () => {
    const [store, finding] = [open(), findingOf({ findingId: made(1) })];
    const first = await store.create(finding);
    if (first === undefined) throw new Error('It was not created.');
    const changes = { state: 'closed', changedBy: 'key', changedDateTime: at(3), reason: 'ü' } as const;
    const second = await store.update(first, changes);
    expect(second).toEqual({ ...first, ...changes, etag: second?.etag });
    expect(await store.update(first, { state: 'seen' })).toBeUndefined();
    expect(await store.get(finding.tenantId, finding.findingId)).toEqual(second);
    const bare = (one: StoredFinding | undefined) => ({ ...one, etag: undefined });
    const [listed] = await store.list(finding.tenantId, {}, 10);
    expect(bare(listed)).toEqual(bare(second));
    if (second !== undefined) await store.update(second, { state: 'new', reason: undefined });
    expect((await store.get(finding.tenantId, finding.findingId))?.reason).toBeUndefined();
  });

  it('are listed newest first, of one tenant or all, by time, state, severity, and watch', async () => {
    const store = open();
    const [tenantId, other, watchId] = [randomUUID(), randomUUID(), randomUUID()];
    const ids = [10, 11, 12, 13].map(made);
    const tell = (index: number, more: object) =>
      store.create(findingOf({ findingId: ids[index] ?? '', watchId, tenantId, ...more }));
    await tell(2, { severity: 'high' });
    await tell(0, {});
    await tell(3, { tenantId: other, state: 'seen' });
    await tell(1, { state: 'closed', watchId: randomUUID() });
    const listed = async (...args: Parameters<typeof store.list>) =>
      (await store.list(...args)).map(({ findingId }) => ids.indexOf(findingId));
    expect(await listed(tenantId, {}, 10)).toEqual([2, 1, 0]);
    expect(await listed(tenantId, {}, 2)).toEqual([2, 1]);
    expect(await listed(tenantId, { after: ids[1] }, 10)).toEqual([0]);
    expect(await listed(undefined, { from: at(10), to: at(14) }, 10)).toEqual([3, 2, 1, 0]);
    expect(await listed(undefined, { from: at(11), to: at(13) }, 10)).toEqual([2, 1]);
    expect(await listed(undefined, { from: at(10), to: at(14), after: ids[2] }, 10)).toEqual([1, 0]);
    const states = ['seen', 'closed'] as const;
    expect(await listed(undefined, { from: at(10), to: at(14), states }, 10)).toEqual([3, 1]);
    expect(await listed(tenantId, { severities: ['high', 'critical'] }, 10)).toEqual([2]);
    expect(await listed(undefined, { watchId }, 10)).toEqual([3, 2, 0]);
    expect(await listed(randomUUID(), {}, 10)).toEqual([]);
  });

  it('that channels do not know yet are found, those included that changed since', async () => {
    const store = open();
    const ids = [20, 21, 22, 23].map(made);
    const tell = (index: number, more: object) =>
      store.create(findingOf({ findingId: ids[index] ?? '', ...more }));
    const known = await tell(0, { notifiedRevision: 1 });
    await tell(1, { notification: 'tooOld' });
    await tell(2, {});
    await tell(3, {});
    const unknown = async () =>
      (await store.unnotified(at(20), at(23), 10)).map(({ findingId }) => ids.indexOf(findingId));
    expect(await unknown()).toEqual([2]);
    if (known !== undefined) await store.update(known, { revision: 2, count: 2 });
    expect(await unknown()).toEqual([2, 0]);
  });

  it('are deleted when they are old and have no later record', async () => {
    const store = open();
    const tenantId = randomUUID();
    const tell = (minute: number, last: number) =>
      store.create(findingOf({ findingId: made(minute), tenantId, lastDateTime: at(last) }));
    await tell(30, 29);
    await tell(31, 45);
    await tell(40, 29);
    await store.create(findingOf({ findingId: made(30), lastDateTime: at(29) }));
    expect(await store.removeBefore(tenantId, at(35))).toBe(1);
    expect(await store.removeBefore(tenantId, at(35))).toBe(0);
    expect(await store.list(tenantId, {}, 10)).toHaveLength(2);
    expect(await store.list(undefined, { from: at(30), to: at(31) }, 10)).toHaveLength(1);
  });
});

it('an outage is an error, and not an absence', async () => {
  const tables = createTables(lockedOut(storage()));
  await expect(createFindingStore(tables).get(randomUUID(), newTimedId(at(0)))).rejects.toThrow();
  await expect(createWatchStore(tables).list()).rejects.toThrow();
  await expect(createGroupStateStore(tables).get({ tenantId: randomUUID(), key: 'k' })).rejects.toThrow();
});
