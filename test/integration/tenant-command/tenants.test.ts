import { describe, expect, it } from 'vitest';
import {
  adatumId,
  consentUrl,
  errorOf,
  fabrikamId,
  failed,
  passed,
  postureOf,
  tenantOf,
} from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const tenant = `/api/tenants/${fabrikamId}`;
const removals = '/api/removals/d6f81a23-4e5f-4293-8daf-c13f4e5d6c74';

const removalOf = (status: string, changes: object = {}) => ({
  id: 'd6f81a23-4e5f-4293-8daf-c13f4e5d6c74',
  tenantId: fabrikamId,
  purge: true,
  status,
  deleted: { blobs: 0, tables: 0, rows: 0 },
  ...changes,
});

const hold = { placedDateTime: '2026-02-20T10:00:00.000Z', placedBy: 'key-1', reason: 'Claim 17' };
const kept =
  `What is kept can be read after npm run tenant -- add ${fabrikamId} registers it again; ` +
  `npm run tenant -- remove ${fabrikamId} --purge deletes it. No retention does until then.`;

describe('check', () => {
  it('exits with 0 where all checks passed and auditing has no problems', async () => {
    stage.reply(`POST ${tenant}/checks`, {
      body: tenantOf({ checks: [passed('consent'), passed('exchangeRole')] }),
    });
    stage.reply(`GET ${tenant}/posture`, {
      body: { value: [postureOf(), postureOf({ problems: ['Old.'] })] },
    });
    const { exitCode, output } = await stage.run(['check', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/exchangeRole │ Passed/);
    expect(output).toContain('Auditing has no problems, as of 2026-03-01 04:23 UTC.');
    expect(output).not.toContain('Old.');
  });

  it.each([
    ['a check that failed', { checks: [failed('consent', 'It is missing.', 'Open the link.')] }, {}],
    ['a tenant that is not active', { state: 'PendingConsent' }, {}],
    ['a problem with auditing', {}, { problems: ['The unified audit log is off.'] }],
  ])('exits with 1 for %s', async (_what, tenantChanges, postureChanges) => {
    stage.reply(`POST ${tenant}/checks`, { body: tenantOf(tenantChanges) });
    stage.reply(`GET ${tenant}/posture`, { body: { value: [postureOf(postureChanges)] } });
    expect((await stage.run(['check', fabrikamId])).exitCode).toBe(1);
  });

  it('shows what to do about each check, and which problems are new', async () => {
    const drift = ['The unified audit log is off.'];
    const problems = [...drift, 'There is no subscription to DLP.All.'];
    stage.reply(`POST ${tenant}/checks`, {
      body: tenantOf({
        checks: [failed('consent', 'It is missing.', 'Open the link.')],
        lastError: 'AF20023',
      }),
    });
    stage.reply(`GET ${tenant}/posture`, { body: { value: [postureOf({ problems, drift })] } });
    const { output } = await stage.run(['check', fabrikamId]);
    expect(output).toMatch(/consent │ Failed │ It is missing\. .*\n.*Open the link\./);
    expect(output).toMatch(/The unified audit log is off\. +│ yes │/);
    expect(output).toMatch(/There is no subscription to DLP\.All\. │ {5}│/);
    expect(output).toContain('The last poll failed: AF20023');
  });

  it('exits with 0 before the first posture', async () => {
    stage.reply(`POST ${tenant}/checks`, { body: tenantOf() });
    stage.reply(`GET ${tenant}/posture`, { body: { value: [] } });
    const { exitCode, output } = await stage.run(['check', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toContain('not known yet');
    const { output: json } = await stage.run(['check', fabrikamId, '--json']);
    expect(JSON.parse(json)).toEqual({ tenant: tenantOf(), posture: null });
  });

  it('as JSON prints both answers, complete', async () => {
    stage.reply(`POST ${tenant}/checks`, { body: tenantOf({ unknown: 1 }) });
    stage.reply(`GET ${tenant}/posture`, { body: { value: [postureOf({ unknown: 2 }), postureOf()] } });
    const { output } = await stage.run(['check', fabrikamId, '--json']);
    expect(JSON.parse(output)).toEqual({
      tenant: tenantOf({ unknown: 1 }),
      posture: postureOf({ unknown: 2 }),
    });
  });
});

describe('list', () => {
  it('is a table of all tenants that no name can disturb', async () => {
    const other = tenantOf({
      tenantId: adatumId,
      displayName: 'Ada\u001b[2J\ntum │',
      domain: undefined,
      lastPollDateTime: undefined,
      checks: [failed('consent', 'a', 'b'), passed('exchangeRole'), failed('subscription:DLP.All', 'a', 'b')],
    });
    stage.reply('GET /api/tenants', { body: { value: [tenantOf(), other] } });
    const { exitCode, output } = await stage.run(['list']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      new RegExp(`Fabrikam +│ ${fabrikamId} │ fabrikam.example │ +│ Active │ +│ 2026-03-01 11:58 UTC │`),
    );
    expect(output).toMatch(new RegExp(`Ada\\[2J tum │ │ ${adatumId} │ +│ +│ Active │ consent `));
    expect(output.trimEnd().split('\n')).toHaveLength(7);
    const { output: json } = await stage.run(['list', '--json']);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value: [tenantOf(), other] })));
  });

  it('says so when there are none', async () => {
    stage.reply('GET /api/tenants', { body: { value: [] } });
    expect((await stage.run(['list'])).output).toContain('There are no tenants yet');
  });
});

describe('consent', () => {
  it('finds the tenant by its domain or name and gives a new link', async () => {
    stage.reply('GET /api/tenants', {
      body: { value: [tenantOf({ tenantId: adatumId, displayName: 'A' }), tenantOf()] },
    });
    stage.reply(`POST /api/tenants/${adatumId}/consentLinks`, {
      body: { url: consentUrl, expiresDateTime: '2026-03-02T12:00:00Z' },
    });
    const { exitCode, output } = await stage.run(['consent', 'a']);
    expect(exitCode).toBe(0);
    expect(output.split('\n')).toContain(consentUrl);
  });

  it('fails for a tenant that does not exist, or is not the only one of its name', async () => {
    const namesake = tenantOf({ tenantId: adatumId, domain: 'adatum.example' });
    stage.reply('GET /api/tenants', { body: { value: [tenantOf(), namesake] } });
    const missing = await stage.run(['consent', 'Tailspin']);
    expect(missing).toMatchObject({ exitCode: 1, output: '' });
    expect(missing.errors).toMatch(/^Tenant Tailspin does not exist, .*list shows the tenants.*ID\.\n$/);
    const several = await stage.run(['consent', 'fabrikam']);
    expect(several.exitCode).toBe(1);
    expect(several.errors).toContain(`${fabrikamId}, ${adatumId}`);
    expect(stage.requests.every(({ target }) => target === 'GET /api/tenants')).toBe(true);
  });
});

describe('remove', () => {
  it('without --yes only shows what it would do', async () => {
    stage.reply(`GET ${tenant}`, { body: tenantOf() });
    const keep = await stage.run(['remove', fabrikamId]);
    expect(keep.exitCode).toBe(2);
    expect(keep.output).toContain(
      `stop collecting from Fabrikam (${fabrikamId}) and keep what was collected`,
    );
    const purge = await stage.run(['remove', fabrikamId, '--purge']);
    expect(purge.exitCode).toBe(2);
    expect(purge.output).toContain('permanently delete all of its records and settings');
    expect(stage.requests.every(({ target }) => target.startsWith('GET '))).toBe(true);
  });

  it('says before a purge when it would begin, and the legal hold that refuses it', async () => {
    stage.reply(`GET ${tenant}`, { body: tenantOf({ legalHold: hold }) });
    const { exitCode, output } = await stage.run(['remove', fabrikamId, '--purge']);
    expect(exitCode).toBe(2);
    expect(output).toContain('begins 72 hours after the request, or after AUDITKEEP_PURGE_DELAY_HOURS');
    expect(output).toContain('cancel-removal calls it back');
    expect(output).toContain(`legal hold since ${hold.placedDateTime} by key-1 (Claim 17)`);
    expect(output).toContain('npm run tenant -- lift-hold');
    const keep = (await stage.run(['remove', fabrikamId])).output;
    expect(keep).not.toMatch(/hours|legal hold/);
  });

  it('says before it asks which removal is in progress', async () => {
    const removal = {
      ...{ id: removalOf('Running').id, purge: true, status: 'Running', createdBy: 'key-1' },
      ...{ createdDateTime: '2026-03-01T09:00:00Z', effectiveDateTime: '2026-03-04T09:00:00Z' },
    };
    stage.reply(`GET ${tenant}`, { body: tenantOf({ state: 'Removing', removal }) });
    const { output } = await stage.run(['remove', fabrikamId]);
    expect(output).toContain(
      `It is being removed already: key-1 requested a purge at ${removal.createdDateTime}`,
    );
    expect(output).toContain(`which begins at ${removal.effectiveDateTime}`);
    expect(output).toContain(`npm run tenant -- cancel-removal ${removal.id}`);
  });

  it('says what is left of a tenant that was removed before, and how to delete it or have it back', async () => {
    const missing = errorOf('TenantNotFound', 'There is no such tenant.');
    stage.reply(`GET ${tenant}`, { status: 404, body: missing });
    stage.reply(`GET ${tenant}/legalHold`, {
      body: { tenantId: fabrikamId, isHeld: true, ...hold, history: [] },
    });
    const keep = await stage.run(['remove', fabrikamId]);
    expect(keep.exitCode).toBe(2);
    expect(keep.output).toContain(`${fabrikamId} is not a managed tenant: nothing to remove.`);
    expect(keep.output).toContain(`npm run tenant -- remove ${fabrikamId} --purge`);
    expect(keep.output).toContain(`npm run tenant -- add ${fabrikamId}`);
    const purge = await stage.run(['remove', fabrikamId, '--purge']);
    expect(purge.exitCode).toBe(2);
    expect(purge.output).toContain(`permanently delete everything that was kept of ${fabrikamId}`);
    expect(purge.output).toContain('72 hours');
    expect(purge.output).toContain('by key-1 (Claim 17)');
  });

  it('with --yes is followed to its end', async () => {
    stage.reply(`DELETE ${tenant}?purge=true`, {
      status: 202,
      body: removalOf('NotStarted'),
      headers: { 'operation-location': `http://elsewhere.example${removals}`, 'retry-after': '5' },
    });
    const deleted = { blobs: 12, tables: 0, rows: 340 };
    stage.reply(
      `GET ${removals}`,
      { body: removalOf('Running', { deleted: { blobs: 12, tables: 0, rows: 0 } }) },
      { body: removalOf('Succeeded', { deleted }) },
    );
    const { exitCode, output, errors, waits } = await stage.run(['remove', fabrikamId, '--purge', '--yes']);
    expect({ exitCode, waits }).toEqual({ exitCode: 0, waits: [5000, 5000] });
    expect(errors).toContain('Running (12 blobs)');
    expect(output).toBe(`${fabrikamId} is removed; its data is deleted (12 blobs, 340 rows).\n`);
  });

  it('does not wait for a purge that begins later, and says how to call it back', async () => {
    const effectiveDateTime = new Date(Date.now() + 72 * 60 * 60_000).toISOString();
    const body = removalOf('NotStarted', { effectiveDateTime });
    const headers = { 'operation-location': removals };
    stage.reply(`DELETE ${tenant}?purge=true`, { status: 202, headers, body });
    stage.reply(`GET ${removals}`, { body });
    const { exitCode, output } = await stage.run(['remove', fabrikamId, '--purge', '--yes']);
    expect(exitCode).toBe(0);
    expect(output).toContain(`will be deleted from ${effectiveDateTime}`);
    expect(output).toContain(`cancel-removal ${body.id}`);
  });

  it('is called back by cancel-removal', async () => {
    const body = removalOf('Running', { deleted: { blobs: 0, tables: 0, rows: 0 } });
    stage.reply(`POST ${removals}/cancel`, { status: 202, body });
    const { exitCode, output } = await stage.run(['cancel-removal', body.id]);
    expect(exitCode).toBe(0);
    expect(output).toContain('is called back. The tenant is collected again.');
  });

  it('says why it failed', async () => {
    const headers = { 'operation-location': removals };
    stage.reply(`DELETE ${tenant}?purge=false`, { status: 202, headers, body: removalOf('NotStarted') });
    stage.reply(`GET ${removals}`, {
      body: removalOf('Failed', { purge: false, errorCode: 'AF10001', errorMessage: 'Give consent.' }),
    });
    const { exitCode, output } = await stage.run(['remove', fabrikamId, '--yes']);
    expect(exitCode).toBe(1);
    expect(output).toContain('could not be removed: Failed.\nAF10001: Give consent.');
  });

  it('fails on a status that this version does not know', async () => {
    const headers = { 'operation-location': removals };
    stage.reply(`DELETE ${tenant}?purge=false`, { status: 202, headers, body: removalOf('NotStarted') });
    stage.reply(`GET ${removals}`, { body: removalOf('Paused', { purge: false }) });
    const { exitCode, errors } = await stage.run(['remove', fabrikamId, '--yes']);
    expect(exitCode).toBe(1);
    expect(errors).toContain('(status): this command and the deployment are of different versions.');
  });

  it('shows what went wrong along the way to success', async () => {
    const headers = { 'operation-location': removals };
    stage.reply(`DELETE ${tenant}?purge=false`, { status: 202, headers, body: removalOf('NotStarted') });
    const body = removalOf('Succeeded', { purge: false, errorCode: 'AF10001', errorMessage: 'No consent.' });
    stage.reply(`GET ${removals}`, { body });
    const { exitCode, output } = await stage.run(['remove', fabrikamId, '--yes']);
    expect(exitCode).toBe(0);
    expect(output).toBe(`${fabrikamId} is removed; its data is kept.\n${kept}\nAF10001: No consent.\n`);
  });

  it('succeeds for a tenant that was removed before', async () => {
    stage.reply(`DELETE ${tenant}?purge=false`, { status: 204, body: '' });
    const { exitCode, output } = await stage.run(['remove', fabrikamId, '--yes']);
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: `${fabrikamId} is not a managed tenant: nothing to remove.\n${kept}\n`,
    });
  });

  it('fails for a tenant that does not exist', async () => {
    const body = errorOf('TenantNotFound', 'There is no such tenant, or this key has no access to it.');
    stage.reply(`DELETE ${tenant}?purge=false`, { status: 404, body });
    const { exitCode, output, errors } = await stage.run(['remove', fabrikamId, '--yes']);
    expect({ exitCode, output, errors }).toEqual({
      exitCode: 1,
      output: '',
      errors: `${body.error.message}\n`,
    });
  });
});
