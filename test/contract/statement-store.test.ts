/** The promises about statements, kept in memory and on Blob Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createStatementStore } from '../../shared/adapters/blobs/statement-store.ts';
import { sha256Of } from '../../shared/sha256.ts';
import { createFakeStatementStore } from '../support/fakes/statement-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const text = '["collectedFrom","Audit.General",null]\n';
const sha256 = sha256Of(text);

describe.each([
  { where: 'in memory', open: createFakeStatementStore },
  { where: 'on Blob Storage', open: () => createStatementStore(storage()) },
])('statements $where', ({ open }) => {
  it('are read as they were written, each by its tenant', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.get(tenantId, sha256)).toBeUndefined();
    await store.put(tenantId, sha256, text);
    await store.put(tenantId, sha256Of(''), '');
    expect(await store.get(tenantId, sha256)).toBe(text);
    expect(await store.get(tenantId, sha256Of(''))).toBe('');
    expect(await store.get(randomUUID(), sha256)).toBeUndefined();
  });

  it('are written once: what is there stays as it is', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    await store.put(tenantId, sha256, text);
    await store.put(tenantId, sha256, 'another');
    expect(await store.get(tenantId, sha256)).toBe(text);
  });
});

describe('unreachable statements', () => {
  it('fail, and never look missing', async () => {
    const store = createStatementStore(lockedOut(storage()));
    await expect(store.get('tenant', sha256)).rejects.toThrow();
    await expect(store.put('tenant', sha256, text)).rejects.toThrow();
  });
});
