/** Watches, groups of matches, and findings in memory. */
import {
  isUnnotified,
  type Finding,
  type FindingStore,
  type StoredFinding,
} from '../../../shared/detection/finding.ts';
import type { GroupKey, GroupStateStore, StoredGroup } from '../../../shared/detection/group-state.ts';
import type { FindingMessage, NotificationQueue } from '../../../shared/detection/messages.ts';
import type { StoredWatch, WatchStore } from '../../../shared/detection/watch.ts';
import { timeOfId } from '../../../shared/timed-id.ts';

function createVersions() {
  let version = 0;
  return () => `v${++version}`;
}

export function createFakeWatchStore(): WatchStore {
  const [rows, nextTag] = [new Map<string, StoredWatch>(), createVersions()];
  return {
    get: async (id) => await Promise.resolve(rows.get(id)),
    list: async () =>
      await Promise.resolve([...rows.values()].sort((a, b) => (a.watchId < b.watchId ? -1 : 1))),
    create: async (watch) => {
      if (rows.has(watch.watchId)) throw new Error('There is a watch with this ID.');
      rows.set(watch.watchId, { ...watch, etag: nextTag() });
      await Promise.resolve();
    },
    update: async (before, changes) => {
      if (rows.get(before.watchId)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(before.watchId, changed);
      return await Promise.resolve(changed);
    },
    remove: async (id) => {
      rows.delete(id);
      await Promise.resolve();
    },
  };
}

export interface FakeGroupStates extends GroupStateStore {
  readonly all: () => readonly StoredGroup[];
}

export function createFakeGroupStates(): FakeGroupStates {
  const [rows, nextTag] = [new Map<string, StoredGroup>(), createVersions()];
  const nameOf = ({ tenantId, key }: GroupKey) => `${tenantId} ${key}`;
  return {
    all: () => [...rows.values()],
    get: async (key) => await Promise.resolve(rows.get(nameOf(key))),
    create: async (key, state) => {
      if (rows.has(nameOf(key))) return false;
      rows.set(nameOf(key), { ...key, state, etag: nextTag() });
      return await Promise.resolve(true);
    },
    replace: async ({ etag, ...key }, state) => {
      if (rows.get(nameOf(key))?.etag !== etag) return false;
      rows.set(nameOf(key), { ...key, state, etag: nextTag() });
      return await Promise.resolve(true);
    },
    writeAll: async (changes) => {
      const isSame = changes.every((one) => rows.get(nameOf(one))?.etag === one.before?.etag);
      for (const { tenantId, key, state } of isSame ? changes : [])
        rows.set(nameOf({ tenantId, key }), { tenantId, key, state, etag: nextTag() });
      return await Promise.resolve(isSame);
    },
  };
}

export function createFakeFindingStore(): FindingStore {
  const [rows, nextTag] = [new Map<string, StoredFinding>(), createVersions()];
  const isNewer = (one: Finding, other: Finding) =>
    timeOfId(other.findingId).getTime() - timeOfId(one.findingId).getTime() ||
    (one.findingId < other.findingId ? -1 : 1);
  return {
    get: async (tenantId, id) => {
      const found = rows.get(id);
      return await Promise.resolve(found?.tenantId === tenantId ? found : undefined);
    },
    create: async (finding) => {
      if (rows.has(finding.findingId)) return undefined;
      const created = { ...finding, etag: nextTag() };
      rows.set(finding.findingId, created);
      return await Promise.resolve(created);
    },
    update: async (before, changes) => {
      if (rows.get(before.findingId)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(before.findingId, changed);
      return await Promise.resolve(changed);
    },
    list: async (tenantId, { from, to, after, states, severities, watchId }, limit) => {
      const sorted = [...rows.values()].sort(isNewer);
      const start = after === undefined ? 0 : sorted.findIndex(({ findingId }) => findingId === after) + 1;
      const isWanted = (one: Finding) =>
        (tenantId === undefined || one.tenantId === tenantId) &&
        isMadeIn(one, from, to) &&
        (states?.includes(one.state) ?? true) &&
        (severities?.includes(one.severity) ?? true) &&
        (watchId === undefined || one.watchId === watchId);
      return await Promise.resolve(sorted.slice(start).filter(isWanted).slice(0, limit));
    },
    unnotified: async (from, to, limit) =>
      await Promise.resolve(
        [...rows.values()]
          .sort(isNewer)
          .filter((one) => isMadeIn(one, from, to))
          .filter(isUnnotified)
          .slice(0, limit),
      ),
    removeBefore: async (tenantId, before) => {
      const old = [...rows.values()].filter(
        (one) => one.tenantId === tenantId && timeOfId(one.findingId) < before && one.lastDateTime < before,
      );
      for (const { findingId } of old) rows.delete(findingId);
      return await Promise.resolve(old.length);
    },
  };
}

function isMadeIn({ findingId }: Finding, from = new Date(0), to = new Date(8.64e15)): boolean {
  const made = timeOfId(findingId);
  return from <= made && made < to;
}

export interface FakeNotificationQueue extends NotificationQueue {
  readonly messages: readonly FindingMessage[];
}

export function createFakeNotificationQueue(): FakeNotificationQueue {
  const messages: FindingMessage[] = [];
  return {
    messages,
    requestNotification: async (message) => {
      messages.push(message);
      await Promise.resolve();
    },
  };
}
