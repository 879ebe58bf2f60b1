/** Names that callers chose, resolved over real UDP. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNameResolver } from '../../../shared/adapters/resolve-name.ts';
import { createWebhookSender } from '../../../shared/adapters/webhook-sender.ts';
import { startNameServer, type NameServer } from '../../support/name-server.ts';

let server: NameServer;

beforeAll(async () => {
  server = await startNameServer({
    'public.example': ['2.2.2.2', '3.3.3.3'],
    'private.example': ['10.0.0.7'],
    'mixed.example': ['2.2.2.2', '169.254.169.254'],
    'slow.example': 'silent',
  });
});
afterAll(() => server.stop());

const resolverOf = (timeoutMs: number) => createNameResolver({ servers: [server.address], timeoutMs });

describe('a name', () => {
  it('is resolved to all of its addresses', async () => {
    expect(await resolverOf(5000)('public.example')).toEqual([
      { address: '2.2.2.2', family: 4 },
      { address: '3.3.3.3', family: 4 },
    ]);
    await expect(resolverOf(5000)('none.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('whose name server never answers ends at the deadline, and does not hold up decompression', async () => {
    const slow = resolverOf(3000);
    const ended: string[] = [];
    const names = Array.from({ length: 16 }, () =>
      slow('slow.example').catch(() => {
        ended.push('name');
      }),
    );
    await promisify(gzip)('text');
    ended.push('gzip');
    await Promise.all(names);
    expect(ended).toEqual(['gzip', ...names.map(() => 'name')]);
  });

  it('that is private, partly private, unknown, or slow looks the same to callers, but not to operators', async () => {
    const resolveName = (name: string) => resolverOf(name === 'slow.example' ? 300 : 5000)(name);
    const sender = createWebhookSender({ resolveName });
    const send = (name: string) => sender.send({ url: `https://${name}/`, headers: {}, body: '{}' });
    const outcomes = await Promise.all(
      ['private', 'mixed', 'none', 'slow'].map((name) => send(`${name}.example`)),
    );
    expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.kind))).toEqual(
      outcomes.map(() => 'Unreachable'),
    );
    expect(outcomes.map((outcome) => ('detail' in outcome ? outcome.detail : undefined))).toEqual([
      'AddressRefused',
      'AddressRefused',
      'ENOTFOUND',
      expect.stringMatching(/^E(CANCEL|TIMEOUT)/),
    ]);
  });
});
