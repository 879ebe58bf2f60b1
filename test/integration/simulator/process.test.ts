/** The simulator in its own process. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bundleScript } from '../../support/run/bundle.ts';

const script = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const tenantId = '0a0b0c0d-1111-4222-8333-abcdefabcdef';
const readySchema = z.object({
  baseUrl: z.url(),
  controlUrl: z.url(),
  identityEndpoint: z.url(),
  identityHeader: z.string(),
  caFile: z.string(),
  clientId: z.guid(),
  clientSecret: z.string(),
  tenants: z.array(z.object({ tenantId: z.guid() })),
});

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const start = async (args: readonly string[], options: unknown = {}) => {
  const child = spawn(process.execPath, [await bundleScript(script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, SIMULATOR_OPTIONS: JSON.stringify(options) },
  });
  children.push(child);
  const { stdout } = child;
  if (stdout === null) throw new Error('The process has no output.');
  const lines = createInterface({ input: stdout });
  const [line] = z.tuple([z.string()]).parse(await once(lines, 'line'));
  const exited = once(child, 'exit').then(([code]) => z.int().parse(code));
  return { child, exited, ready: readySchema.parse(JSON.parse(line)) };
};

describe('the simulator as a process', () => {
  it('takes options from environment and command line, and cleans up after SIGTERM', async () => {
    const generate = JSON.stringify({ tenantId, blobs: 3, recordsPerBlob: 4 });
    const { child, exited, ready } = await start(['--generate', generate, '--page-size', '7'], {
      latencyMs: 1,
    });
    const settings = await axios.get<unknown>(`${ready.controlUrl}/settings`, { proxy: false });
    expect(settings.data).toMatchObject({ latencyMs: 1, pageSize: 7 });
    const { data } = await axios.get<unknown>(`${ready.controlUrl}/tenants/${tenantId}/delivered`, {
      proxy: false,
    });
    expect(data).toEqual({ contentBlobs: 3, records: 12, distinctRecords: 12 });
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    await expect(access(ready.caFile)).rejects.toThrow(/ENOENT/);
  });

  it('serves the demo tenants and ends when its parent disconnects', async () => {
    const { child, exited, ready } = await start(['--demo']);
    expect(ready.tenants.length).toBeGreaterThan(0);
    child.disconnect();
    expect(await exited).toBe(0);
  });

  it('serves the demo tenants without consent and with auditing partly off', async () => {
    const { child, exited, ready } = await start(['--demo', '--partly-audited', '--no-consent']);
    const policies = await Promise.all(
      ready.tenants.map(async ({ tenantId: id }) => {
        const url = `${ready.controlUrl}/tenants/${id}`;
        return (await axios.patch<unknown>(url, {}, { proxy: false })).data;
      }),
    );
    const policy = { auditingEnabled: false, consented: false, grantedRoles: [], directoryRoles: [] };
    expect(policies).toMatchObject(ready.tenants.map(() => policy));
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('ends when the pipe on its standard input closes', async () => {
    const { child, exited } = await start([]);
    child.stdin?.end();
    expect(await exited).toBe(0);
  });
});
