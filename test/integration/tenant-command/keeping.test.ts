/** The commands that say how long data is kept: legal holds and retention. */
import { describe, expect, it } from 'vitest';
import { errorOf, fabrikamId, tenantOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const tenant = `/api/tenants/${fabrikamId}`;
const placed = { placedDateTime: '2026-02-20T10:00:00.000Z', placedBy: 'key-1', reason: 'Claim 17' };
const event = { action: 'placed', atDateTime: placed.placedDateTime, by: 'key-1', reason: 'Claim 17' };
const held = { tenantId: fabrikamId, isHeld: true, ...placed, history: [event] };
const lifted = {
  ...{ tenantId: fabrikamId, isHeld: false },
  history: [{ ...event, action: 'lifted', by: 'key-2', reason: 'Settled' }, event],
};

describe('hold', () => {
  it('shows whether a hold is in force, who placed and lifted each one, when, and why', async () => {
    stage.reply(`GET ${tenant}/legalHold`, { body: lifted });
    const { exitCode, output } = await stage.run(['hold', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toContain(`${fabrikamId} is not under legal hold.`);
    expect(output).toMatch(/lifted │ 2026-02-20 10:00 UTC │ key-2 │ Settled/);
    expect(output).toMatch(/placed │ 2026-02-20 10:00 UTC │ key-1 │ Claim 17/);
    expect(stage.requests.map(({ target }) => target)).toEqual([`GET ${tenant}/legalHold`]);
  });

  it('with a reason places one', async () => {
    stage.reply(`PUT ${tenant}/legalHold`, { body: held });
    const { exitCode, output } = await stage.run(['hold', fabrikamId, '--reason', 'Claim 17']);
    expect(exitCode).toBe(0);
    expect(stage.requests[0]?.body).toEqual({ reason: 'Claim 17' });
    expect(output).toContain(`${fabrikamId} is under legal hold: nothing of it is deleted.`);
    expect(output).toContain(`npm run tenant -- lift-hold ${fabrikamId} --reason`);
  });

  it('as JSON is the answer', async () => {
    stage.reply(`GET ${tenant}/legalHold`, { body: held });
    expect(JSON.parse((await stage.run(['hold', fabrikamId, '--json'])).output)).toEqual(held);
  });
});

describe('lift-hold', () => {
  it('lifts the hold for a reason', async () => {
    stage.reply(`POST ${tenant}/legalHold/lift`, { body: lifted });
    const { exitCode, output } = await stage.run(['lift-hold', fabrikamId, '--reason', 'Settled']);
    expect(exitCode).toBe(0);
    expect(stage.requests[0]?.body).toEqual({ reason: 'Settled' });
    expect(output).toContain('is not under legal hold');
  });

  it('requires the reason', async () => {
    const { exitCode, errors } = await stage.run(['lift-hold', fabrikamId]);
    expect(exitCode).toBe(2);
    expect(errors).toContain('--reason');
    expect(stage.requests).toEqual([]);
  });

  it('says so where none is in force', async () => {
    const body = errorOf('LegalHoldNotFound', 'No legal hold is in force for this tenant.');
    stage.reply(`POST ${tenant}/legalHold/lift`, { status: 404, body });
    const { exitCode, errors } = await stage.run(['lift-hold', fabrikamId, '--reason', 'x']);
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: `${body.error.message}\n` });
  });
});

describe('retention', () => {
  const retention = { indexMonths: 12, rawDays: 403 };

  it('shows how long data is kept, and what keeps it longer', async () => {
    stage.reply(`GET ${tenant}`, {
      body: tenantOf({ retention, retainedFromDateTime: '2025-03-01T00:00:00.000Z', legalHold: placed }),
    });
    const { exitCode, output } = await stage.run(['retention', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(output).toContain(
      'keeps records for 12 months before the current one, and raw blobs for 403 days',
    );
    expect(output).toContain('Records before 2025-03-01 00:00 UTC are deleted, or about to be.');
    expect(output).toContain('legal hold');
  });

  it.each([
    [undefined, 'as the settings of the app say'],
    [{}, 'keeps records forever, and raw blobs forever'],
  ])('of %j says "%s"', async (its, said) => {
    stage.reply(`GET ${tenant}`, { body: tenantOf({ retention: its }) });
    expect((await stage.run(['retention', fabrikamId])).output).toContain(said);
  });

  it('with a limit says what it would delete, and does nothing without --yes', async () => {
    stage.reply(`GET ${tenant}`, { body: tenantOf() });
    const options = ['--index-months', '12', '--raw-days', '403'];
    const { exitCode, output } = await stage.run(['retention', fabrikamId, ...options]);
    expect(exitCode).toBe(2);
    expect(output).toContain(
      'permanently delete its records before 2025-03-01 00:00 UTC, every day from tomorrow on',
    );
    expect(output).toContain('add --yes');
    expect(stage.requests.every(({ target }) => target.startsWith('GET '))).toBe(true);
  });

  it('with --yes sets the limits', async () => {
    stage.reply(`GET ${tenant}`, { body: tenantOf() });
    stage.reply('POST /api/tenants', { body: tenantOf({ retention }) });
    const options = ['--index-months', '12', '--raw-days', '403', '--yes'];
    const { exitCode, output } = await stage.run(['retention', fabrikamId, ...options]);
    expect(exitCode).toBe(0);
    expect(stage.requests.at(-1)?.body).toEqual({ tenantId: fabrikamId, retention });
    expect(output).toContain('keeps records for 12 months');
  });

  it('with --forever keeps everything, without --yes', async () => {
    stage.reply(`GET ${tenant}`, { body: tenantOf({ retention }) });
    stage.reply('POST /api/tenants', { body: tenantOf({ retention: {} }) });
    const { exitCode } = await stage.run(['retention', fabrikamId, '--forever']);
    expect(exitCode).toBe(0);
    expect(stage.requests.at(-1)?.body).toEqual({ tenantId: fabrikamId, retention: {} });
  });

  it.each([
    [['--index-months', '2'], 'Must be a whole number from 3 to 1200.'],
    [['--raw-days', '400'], 'requires a limit for the index as well'],
    [['--index-months', '12', '--raw-days', '400'], 'must be at least 403'],
    [['--forever', '--index-months', '12'], 'cannot be used with'],
  ])('refuses %j', async (options, message) => {
    const { exitCode, errors } = await stage.run(['retention', fabrikamId, ...options, '--yes']);
    expect(exitCode).toBe(2);
    expect(errors).toContain(message);
    expect(stage.requests).toEqual([]);
  });

  it('registers no tenant that is not registered', async () => {
    stage.reply(`GET ${tenant}`, {
      status: 404,
      body: errorOf('TenantNotFound', 'There is no such tenant.'),
    });
    expect((await stage.run(['retention', fabrikamId, '--forever'])).exitCode).toBe(1);
    expect(stage.requests).toHaveLength(1);
  });
});

it('tenant --help names the scope of every command', async () => {
  const { output } = await stage.run(['--help'], { env: {} });
  const scopes = output.slice(output.indexOf('Scopes:'));
  for (const scope of ['records.read', 'auditing.enable', 'tenants.manage', 'tenants.purge'])
    expect(scopes).toContain(scope);
});
