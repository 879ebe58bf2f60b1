/** Thousands of mailboxes in the simulated Exchange: page by page, and in batches of ten. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fabrikam } from './simulator-client.ts';
import {
  commandOf,
  diagnosticsOf,
  partsOf,
  problemOf,
  resultOf,
  startExchange,
  type ExchangeClient,
  type Parameters,
  type Row,
} from './exchange-client.ts';

const counts = {
  UserMailbox: 4000,
  SharedMailbox: 600,
  RoomMailbox: 300,
  EquipmentMailbox: 90,
  GroupMailbox: 50,
  DiscoveryMailbox: 10,
};
const shown = 5000;
const everything = { ResultSize: 'Unlimited' };
const expiredText = '400 Expired or Invalid pagination request. Default Expiry time is 00:30:00';

let client: ExchangeClient;

beforeAll(async () => {
  client = await startExchange({ generate: { counts, unaudited: 0.5, trapped: 0.1, bypassed: 0.01 } });
});

afterAll(() => client.stop());

beforeEach(() => {
  client.simulator.counters.reset();
  client.simulator.faults.clear();
  client.simulator.changeSettings({ nextLinkLifetimeMs: 1_800_000 });
  client.simulator.moveClock(0);
});

const preferring = (size: number) => ({ headers: { Prefer: `odata.maxpagesize=${size}` } });

const readAll = async (parameters: Parameters, size: number): Promise<readonly (readonly Row[])[]> => {
  const pages: (readonly Row[])[] = [];
  let next: string | undefined = 'InvokeCommand';
  while (next !== undefined) {
    const answer = await client.send(next, commandOf('Get-Mailbox', parameters), preferring(size));
    const page = resultOf(answer);
    expect(page['@adminapi.warnings']).toEqual([]);
    pages.push(page.value);
    next = page['@odata.nextLink'];
  }
  return pages;
};

const identitiesOf = (pages: readonly (readonly Row[])[]): readonly string[] =>
  pages.flat().map(({ PrimarySmtpAddress: address }) => String(address));

const fives = { RecipientTypeDetails: 'DiscoveryMailbox', ...everything };

describe('paging', () => {
  it('returns every mailbox once', async () => {
    const pages = await readAll(everything, 1000);
    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(new Set(identitiesOf(pages)).size).toBe(shown);
  });

  it('keeps the result of the first page', async () => {
    const first = resultOf(await client.invoke('Get-Mailbox', fives, preferring(6)));
    const body = commandOf('Get-Mailbox', fives);
    client.simulator.exchange(fabrikam).addMailboxes({
      mailboxes: [{ primarySmtpAddress: 'late@fabrikam.example', displayName: 'Late', kind: 'GroupMailbox' }],
    });
    const second = resultOf(await client.send(first['@odata.nextLink'] ?? '', body, preferring(6)));
    expect([first.value.length, second.value.length]).toEqual([6, 4]);
  });

  it('keeps the selection', async () => {
    const path = 'InvokeCommand?$select=Alias';
    const first = resultOf(await client.send(path, commandOf('Get-Mailbox', fives), preferring(6)));
    const next = first['@odata.nextLink'] ?? '';
    const second = resultOf(await client.send(next, commandOf('Get-Mailbox', fives), preferring(6)));
    expect(Object.keys(second.value[0] ?? {})).toEqual(['Alias']);
    expect(next).toContain('%24skiptoken=');
  });

  it('ends when the link expires', async () => {
    const first = resultOf(await client.invoke('Get-Mailbox', fives, preferring(6)));
    const follow = () => client.send(first['@odata.nextLink'] ?? '', commandOf('Get-Mailbox', fives));
    client.simulator.moveClock(29 * 60_000);
    expect((await follow()).status).toBe(200);
    client.simulator.moveClock(31 * 60_000);
    expect(problemOf(await follow())).toBe(expiredText);
  });

  it('never works if links have no lifetime', async () => {
    client.simulator.changeSettings({ nextLinkLifetimeMs: 0 });
    const first = resultOf(await client.invoke('Get-Mailbox', fives, preferring(6)));
    const next = await client.send(first['@odata.nextLink'] ?? '', commandOf('Get-Mailbox', fives));
    expect(problemOf(next)).toBe(expiredText);
  });

  it.each(['made-up', ''])('refuses the token "%s"', async (token) => {
    const path = `InvokeCommand?$skiptoken=${token}`;
    expect(problemOf(await client.send(path, commandOf('Get-Mailbox', {})))).toBe(expiredText);
  });

  it('warns if fewer results were requested than exist', async () => {
    for (const parameters of [{}, { ResultSize: 10 }, { ResultSize: '10' }]) {
      const page = resultOf(await client.invoke('Get-Mailbox', parameters));
      expect(page.value).toHaveLength('ResultSize' in parameters ? 10 : 1000);
      expect(page['@adminapi.warnings']).toEqual([
        expect.stringContaining('increase the value for the ResultSize'),
      ]);
      expect(page['@odata.nextLink']).toBeDefined();
    }
  });
});

describe('a batch', () => {
  const on = (Identity: string) => ['Set-Mailbox', { Identity, AuditEnabled: true }] as const;

  it('answers each request with its own status and body', async () => {
    const answer = await client.batch([
      ['Set-Mailbox', { Identity: 'user00001', AuditEnabled: true }],
      ['Set-Mailbox', { Identity: 'unknown', AuditEnabled: true }],
      ['Format-Disk', {}],
      ['Get-Mailbox', { Identity: 'user00001' }],
    ]);
    const parts = partsOf(answer);
    expect(parts.map(({ id, status }) => [id, status])).toEqual([
      ['1', 200],
      ['2', 400],
      ['3', 403],
      ['4', 200],
    ]);
    expect(parts[0]?.body).toMatchObject({ value: [], '@adminapi.warnings': [] });
    expect(parts[1]?.body).toMatchObject({ error: { message: 'Invalid Operation' } });
    expect(parts[2]?.body).toMatch(/^\0+$/);
    expect(parts[3]?.body).toMatchObject({ value: [{ AuditEnabled: true }] });
    expect(client.simulator.counters.snapshot().exchange).toMatchObject({
      ...{ requests: 1, batchRequests: 1, writes: 1 },
    });
  });

  it('has at most ten requests, and at least one', async () => {
    expect(problemOf(await client.batch(Array.from({ length: 11 }, () => on('user00001'))))).toContain(
      'more than 10',
    );
    expect((await client.batch([])).status).toBe(400);
    expect(client.simulator.counters.snapshot().exchange.writes).toBe(0);
  });

  it('needs an anchor for each request and has no access to other tenants', async () => {
    const body = commandOf('Get-OrganizationConfig', {});
    const headers = { 'X-AnchorMailbox': 'user00001@fabrikam.example' };
    const url = `/adminapi/beta/${fabrikam}/InvokeCommand`;
    const answer = await client.send('$batch', {
      requests: [
        { id: 'a', method: 'POST', url, body },
        { id: 'b', method: 'POST', url: url.replace(fabrikam, 'elsewhere'), headers, body },
        { id: 'c', method: 'POST', url, headers, body },
      ],
    });
    expect(partsOf(answer).map(({ status }) => status)).toEqual([400, 400, 200]);
  });

  it('is forbidden as a whole without a directory role', async () => {
    const { directoryRoles } = client.simulator.changePolicy(fabrikam, {});
    client.simulator.changePolicy(fabrikam, { directoryRoles: [] });
    expect(diagnosticsOf(await client.batch([on('user00001')]))).toContain('directory role');
    client.simulator.changePolicy(fabrikam, { directoryRoles });
  });

  it('can have a fault in one of its requests', async () => {
    client.simulator.faults.add({
      match: { operation: 'exchange-item', cmdlet: 'Set-Mailbox', identity: 'user00002' },
      effect: { kind: 'throttled' },
    });
    const parts = partsOf(await client.batch([on('user00001'), on('user00002'), on('user00003')]));
    expect(parts.map(({ status }) => status)).toEqual([200, 429, 200]);
    expect(parts[1]?.body).toContain('maximum number of concurrent requests');
  });
});

describe('five thousand mailboxes', () => {
  const write = async (identities: readonly string[], AuditEnabled: boolean): Promise<void> => {
    for (let from = 0; from < identities.length; from += 10) {
      const ten = identities.slice(from, from + 10);
      await client.batch(ten.map((Identity) => ['Set-Mailbox', { Identity, AuditEnabled }]));
    }
  };

  it('are read and all fixed within seconds', async () => {
    // CPU time, as other processes may be using the machine.
    const begin = process.cpuUsage();
    const all = identitiesOf(await readAll(everything, 1000));
    const unfound = await readAll({ ...everything, Filter: 'AuditEnabled -eq $false' }, 1000);
    const trapped = identitiesOf([unfound.flat().filter(({ AuditEnabled: says }) => says === true)]);
    await write(trapped, false);
    await write(all, true);
    expect(await client.rows('Get-Mailbox', { Filter: 'AuditEnabled -eq $false' })).toEqual([]);
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(15_000);
    expect(client.simulator.counters.snapshot().exchange).toMatchObject({
      batchRequests: Math.ceil(trapped.length / 10) + shown / 10,
      mailboxWrites: { total: trapped.length + shown, mailboxes: shown, mostToOneMailbox: 2 },
    });
  });
});
