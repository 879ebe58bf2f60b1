/** Replaying a file of records and counting distinct ones. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnreadableFileError } from '../../../shared/imports/errors.ts';
import { countDistinct } from '../../simulator/count-distinct.ts';
import { readReplayTenant } from '../../simulator/replay.ts';
import type { SimulatedTenant } from '../../simulator/tenant.ts';

const tenantId = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';
const now = new Date('2026-03-10T12:00:00Z');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-test-'));
});

afterAll(() => rm(folder, { recursive: true }));

const replay = async (content: string | Buffer, dlpContent = false): Promise<SimulatedTenant> => {
  const file = join(folder, 'records.ndjson');
  await writeFile(file, content);
  return readReplayTenant(file, { now, dlpContent });
};

describe('replaying a file', () => {
  it('keeps the exact text of every line', async () => {
    const texts = ['{"Id":"1", "Big":12345678901234567890 }', '{"Id":"2","Separator":"\u2028"}'];
    const { records } = await replay(`\uFEFF${texts.join('\r\n')}\n\n`);
    expect(records.map(({ text }) => text)).toEqual(texts);
  });

  it.each([
    ['no JSON', '{"Id":"1"}\n\n{"Id":'],
    ['no object', '{"Id":"1"}\n\n[]'],
    [
      'no UTF-8',
      Buffer.concat([Buffer.from('{"Id":"1"}\n\n{"Id":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
  ])('refuses a line that is %s', async (_case, content) => {
    await expect(replay(content)).rejects.toThrow(UnreadableFileError);
  });

  it('uses the most frequent organization and person', async () => {
    const lines = [
      { OrganizationId: '00000000-0000-0000-0000-000000000000', UserId: 'app@sharepoint' },
      { OrganizationId: '00000000-0000-0000-0000-000000000000', UserId: 'app@sharepoint' },
      { OrganizationId: tenantId.toUpperCase(), UserId: 'ada@fabrikam.example' },
      { OrganizationId: 'fabrikam', UserId: 'app@sharepoint' },
    ];
    const tenant = await replay(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(tenant).toMatchObject({ tenantId, domain: 'fabrikam.example', auditingEnabled: true });
    const [administrator] = tenant.directory.users;
    expect(administrator?.userPrincipalName).toBe('ada@fabrikam.example');
    expect(tenant.directory.globalAdministratorIds).toEqual([administrator?.id]);
  });

  it('generates a tenant if the file names none', async () => {
    expect((await replay('{"Id":"1"}')).tenantId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [{ Workload: 'AzureActiveDirectory' }, 'Audit.AzureActiveDirectory'],
    [{ Workload: 'Exchange' }, 'Audit.Exchange'],
    [{ Workload: 'SharePoint' }, 'Audit.SharePoint'],
    [{ Workload: 'OneDrive' }, 'Audit.SharePoint'],
    [{ Workload: 'MicrosoftTeams' }, 'Audit.General'],
    [{ RecordType: 15 }, 'Audit.AzureActiveDirectory'],
    [{ RecordType: '6' }, 'Audit.SharePoint'],
    [{ RecordType: 9999 }, 'Audit.General'],
    [{ Workload: 'Exchange', RecordType: 13 }, 'Audit.Exchange'],
  ])('puts %j into %s', async (line, expected) => {
    const { records } = await replay(JSON.stringify({ Id: '1', ...line }));
    expect(records.map(({ contentType }) => contentType)).toEqual([expected]);
  });

  it('puts DLP records into DLP.All on request', async () => {
    const { records } = await replay('{"Id":"1","Workload":"Exchange","RecordType":13}', true);
    expect(records.map(({ contentType }) => contentType)).toEqual(['DLP.All']);
  });

  it('spreads the records over 6 days', async () => {
    const { records } = await replay('{"Id":"1"}\n{"Id":"2"}\n{"Id":"3"}');
    const days = records.map(({ availableAt }) => (now.getTime() - availableAt.getTime()) / 86_400_000);
    expect(days).toEqual([4, 2, 0]);
  });
});

describe('counting distinct records', () => {
  it('ignores key order and whitespace at every depth', () => {
    expect(
      countDistinct(['{"a":{"b":1,"c":[2]}}', '{ "a" : {"c":[2],"b":1} }', '{"a":{"b":1,"c":[3]}}']),
    ).toBe(2);
  });

  it('compares invalid JSON as text', () => {
    expect(countDistinct(['{', '{', '[', '"{"'])).toBe(3);
  });
});
