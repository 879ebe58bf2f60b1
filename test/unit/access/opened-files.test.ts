/** Files of several tenants in the access log: many calls for parts of one. */
import { describe, expect, it } from 'vitest';
import { createCallLog } from '../../../shared/access/call-log.ts';
import { callerWith } from '../../../shared/access/caller.ts';
import type { FileOfTenants } from '../../../shared/access/opened.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFaults, type Fault } from '../../support/faults.ts';

const tenantIds = Array.from({ length: 40 }, (_, at) => `tenant-${at}`);
const clock = createClock();
const file: FileOfTenants = { id: 'file', createdDateTime: clock.now(), tenantIds };
const caller = (id: string) => callerWith(id, { tenants: '*', scopes: ['records.read'] });

interface Part {
  readonly by?: string;
  readonly of?: FileOfTenants;
  readonly action?: string;
}

function createWorld(faultAt?: (step: string, index: number) => Fault) {
  const log = createFakeAccessLog();
  const port = createFaults(faultAt).inject('log', log);
  let calls = 0;
  const begun = (action: string) => {
    const call = { at: clock.now(), requestId: `request-${calls++}`, action, tenantId: undefined };
    return createCallLog(port, { ...call, parameters: [], clientAddress: '192.0.2.1' });
  };
  return {
    entries: () => log.entries.map(({ tenantId, outcome }) => ({ tenantId, outcome })),
    tenantsLogged: () => log.entries.flatMap((entry) => entry.tenantId ?? []),
    /** A call that answers part of a file. */
    read: ({ by = 'key', of = file, action = 'content' }: Part = {}) =>
      begun(action).accept(caller(by), { tenantIds: [], files: [of] }),
    refuse: (error: unknown) => begun('content').refuse(error, caller('key'), []),
  };
}

describe('parts of a file of several tenants', () => {
  it('name its tenants once, and then each call has one entry', async () => {
    const { read, entries, tenantsLogged } = createWorld();
    for (let part = 0; part < 25; part++) await read();
    expect(tenantsLogged()).toEqual(tenantIds);
    expect(entries()).toHaveLength(tenantIds.length + 24);
  });

  it('name them again for another caller, another file, and another operation', async () => {
    const { read, tenantsLogged } = createWorld();
    const parts: readonly Part[] = [
      {},
      { by: 'other' },
      { of: { ...file, id: 'other' } },
      { action: 'manifest' },
    ];
    for (const part of [...parts, ...parts]) await read(part);
    expect(tenantsLogged()).toHaveLength(parts.length * tenantIds.length);
  });

  it('name them with the next call when the entry of one of them could not be written', async () => {
    let failures = 0;
    const { read, tenantsLogged } = createWorld((step, index) =>
      step === 'log.append' && index === 20 ? new Error(`storage failed ${++failures}`) : undefined,
    );
    await expect(read()).rejects.toThrow('storage failed');
    await read();
    expect(failures).toBe(1);
    expect(new Set(tenantsLogged())).toEqual(new Set(tenantIds));
    const before = tenantsLogged().length;
    await read();
    expect(tenantsLogged()).toHaveLength(before);
  });

  it('name them again when only the mark could not be written', async () => {
    let failures = 0;
    const { read, tenantsLogged } = createWorld((step) =>
      step === 'log.markFile' && failures++ === 0 ? new Error('storage failed') : undefined,
    );
    await expect(read()).rejects.toThrow('storage failed');
    await read();
    await read();
    expect(tenantsLogged()).toEqual([...tenantIds, ...tenantIds]);
  });

  it('are not named by calls that were refused, and then by the first that was not', async () => {
    const { read, refuse, entries, tenantsLogged } = createWorld();
    await refuse(new Error('storage failed'));
    expect(entries()).toEqual([{ tenantId: undefined, outcome: 'failed' }]);
    await read();
    expect(tenantsLogged()).toEqual(tenantIds);
  });

  it('are named again when the mark is deleted with the entries of its day', async () => {
    const { read, tenantsLogged } = createWorld();
    await read();
    await read({ of: { ...file, createdDateTime: new Date(clock.now().getTime() + 24 * hourMs) } });
    expect(tenantsLogged()).toHaveLength(2 * tenantIds.length);
  });
});
