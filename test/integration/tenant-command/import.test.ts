/** `import`: the file, what is sent, what is written, and what it comes to. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, fabrikamId } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const id = '01970000-0000-7000-8000-000000000001';
const path = `/api/onboardings/${id}`;
const registered = { row: 1, status: 'Registered', domain: 'a.example', tenantId: fabrikamId };
const refused = {
  row: 2,
  status: 'Refused',
  domain: 'b.example',
  errorCode: 'UnknownDomain',
  errorMessage: 'Check it.',
};
const onboarding = (changes: object = {}) => ({
  ...{ id, status: 'Running', consent: 'link', tenantCount: 2, doneCount: 0 },
  tenants: [{ ...registered, tenantState: 'PendingConsent' }],
  ...changes,
});
const done = (...tenants: readonly object[]) =>
  onboarding({ status: 'Succeeded', doneCount: tenants.length, tenants });
const link = {
  ...{ row: 1, tenantId: fabrikamId, domain: 'a.example', displayName: '=A' },
  ...{ url: 'https://login.example/?state=x', expiresDateTime: '2026-03-08T12:00:00.000Z' },
  ...{ mailSubject: 'Consent', mailText: 'Open https://login.example/?state=x' },
};

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auditkeep-import-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name));
  file = join(folder, 'customers.csv');
  await writeFile(file, '\uFEFFdomain;name;tags\r\na.example;A;"gold;emea"\r\n\r\nb.example;;\r\n');
});

function replyDone(...tenants: readonly object[]): void {
  stage.reply('POST /api/onboardings', {
    status: 202,
    headers: { 'operation-location': `${stage.baseUrl()}${path}`, 'retry-after': '10' },
    body: onboarding(),
  });
  stage.reply(`GET ${path}`, { body: onboarding({ doneCount: 1 }) }, { body: done(...tenants) });
  stage.reply(`POST ${path}/consentLinks`, { body: { value: [link] } });
}

describe('import', () => {
  it('sends the tenants of the file, follows the onboarding, and writes the links for its owner only', async () => {
    replyDone({ ...registered, tenantState: 'PendingConsent' });
    const { exitCode, output, errors } = await stage.run(['import', file]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '1 of 2 tenants done\n' });
    expect(stage.requests[0]?.body).toEqual({
      tenants: [{ domain: 'a.example', displayName: 'A', tags: ['emea', 'gold'] }, { domain: 'b.example' }],
      consent: 'link',
      dryRun: false,
    });
    const csv = join(folder, 'customers.consent.csv');
    expect(await readFile(csv, 'utf8')).toBe(
      `\uFEFFdomain,name,tenantId,link,expires\r\na.example,'=A,${fabrikamId},${link.url},${link.expiresDateTime}\r\n`,
    );
    expect((await stat(csv)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['customers.consent.csv', 'customers.csv']);
    expect(output).toContain('1 tenant: 1 registered. 0 of them are Active.');
    expect(output).toContain(`1 consent link to send: ${csv}`);
    expect(output).not.toContain(link.url);
  });

  it('names lines that were refused, and exits with 1', async () => {
    replyDone({ ...registered, tenantState: 'Active' }, refused);
    const { exitCode, output } = await stage.run(['import', file]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/ 4 │ b\.example │ Refused +│ UnknownDomain/);
    expect(output).toContain('2 tenants: 1 registered, 1 refused. 1 of them is Active.');
  });

  it('also writes mails, signed with a name', async () => {
    replyDone(registered);
    expect((await stage.run(['import', file, '--mails', 'Northwind IT'])).exitCode).toBe(0);
    expect(stage.requests.at(-1)?.body).toEqual({ partnerName: 'Northwind IT' });
    expect(await readFile(join(folder, 'customers.consent.txt'), 'utf8')).toBe(
      `To: an administrator of =A (a.example)\nSubject: Consent\n\n${link.mailText}\n`,
    );
  });

  it('requests consent by relationship', async () => {
    replyDone(registered);
    await stage.run(['import', file, '--relationship']);
    expect(stage.requests[0]?.body).toMatchObject({ consent: 'relationship' });
  });

  it('with --dry-run says what would become of each line, and writes nothing', async () => {
    const twice = { errorCode: 'DuplicateTenant', errorMessage: 'Row 1 …', sameTenantAsRow: 1 };
    replyDone(
      { ...registered, displayName: 'A' },
      { ...registered, row: 2, domain: 'b.example', status: 'Refused', ...twice },
    );
    const { exitCode, output } = await stage.run(['import', file, '--dry-run']);
    expect(exitCode).toBe(1);
    expect(stage.requests[0]?.body).toMatchObject({ dryRun: true });
    expect(output).toMatch(/ 2 │ a\.example │ A +│ emea gold │ new/);
    expect(output).toMatch(/ 4 │ b\.example │ +│ +│ refused/);
    expect(output).toContain('Line 2 has the same tenant, and counts. Remove one of them.');
    expect(output).not.toContain('Row 1');
    expect(output).toContain('Nothing was changed. Without --dry-run, 1 tenant would be imported.');
    expect(stage.requests.some(({ target }) => target.includes('consentLinks'))).toBe(false);
    expect(await readdir(folder)).toEqual(['customers.csv']);
  });

  it('names lines of the file where rows have the same tenant', async () => {
    const twice = { errorCode: 'DuplicateTenant', errorMessage: 'Row 1 …', sameTenantAsRow: 1 };
    replyDone(registered, { ...refused, ...twice });
    const { output } = await stage.run(['import', file]);
    expect(output).toMatch(/ 4 │ b\.example │ Refused +│ DuplicateTenant/);
    expect(output).toContain('Line 2 has the same tenant');
  });

  it('changes nothing while a line of the file is wrong', async () => {
    await writeFile(file, 'domain,tags\nno domain,\na.example,a b\n');
    const { exitCode, errors } = await stage.run(['import', file]);
    expect(exitCode).toBe(1);
    expect(errors).toContain(
      '2 errors, and nothing was imported.\nLine 2: domain must be a domain name.\nLine 3: tags',
    );
    expect(stage.requests).toEqual([]);
  });

  it.each([
    ['is missing', undefined, 'cannot be read'],
    ['is not UTF-8', Buffer.from('domain,name\na.example,\xe9', 'latin1'), 'is not UTF-8'],
    ['has no tenants', 'domain\n', 'has no tenants below its header'],
    ['has too many', `domain\n${'a.example\n'.repeat(1001)}`, 'Split it: one import takes 1000'],
  ])('says that the file %s', async (_, content, message) => {
    if (content === undefined) await rm(file);
    else await writeFile(file, content);
    const { exitCode, errors } = await stage.run(['import', file]);
    expect(exitCode).toBe(1);
    expect(errors).toContain(message);
  });

  it('says what to do while another onboarding is running', async () => {
    const body = errorOf(
      'OnboardingInProgress',
      'The onboarding x is still running. Wait for it or cancel it.',
    );
    stage.reply('POST /api/onboardings', { status: 409, body });
    const { exitCode, errors } = await stage.run(['import', file]);
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: `${body.error.message}\n` });
  });

  it('of one that was canceled writes the links, and exits with 1', async () => {
    replyDone();
    stage.reply(`GET ${path}`, {
      body: onboarding({ status: 'Canceled', tenants: [{ row: 1, status: 'NotStarted' }] }),
    });
    const { exitCode, output } = await stage.run(['import', file]);
    expect(exitCode).toBe(1);
    expect(output).toContain('The onboarding ended: Canceled. Run the command again to continue.');
  });
});
