import { describe, expect, it } from 'vitest';
import { enablementOf, enablementPath, errorOf, fabrikamId, stepOf } from '../../support/made-up-answers.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const start = `POST /api/tenants/${fabrikamId}/enablements`;
const monitor = `GET ${enablementPath}`;

const accepted = {
  status: 202,
  body: enablementOf('NotStarted'),
  headers: { 'operation-location': enablementPath, 'retry-after': '7' },
};

const switched = stepOf('unifiedAuditLog', {
  status: 'Succeeded',
  changes: ['Set-AdminAuditLogConfig'],
  before: { enabled: false },
  after: { enabled: true },
});

describe('enable', () => {
  it('follows the operation at its pace and shows before and after', async () => {
    stage.reply(start, accepted);
    const running = enablementOf('Running', { steps: [stepOf('unifiedAuditLog', { status: 'Running' })] });
    const done = enablementOf('Succeeded', { percentComplete: 100, steps: [switched] });
    stage.reply(
      monitor,
      { body: running, headers: { 'retry-after': '2' } },
      { body: running },
      { body: done },
    );
    const { exitCode, output, errors, waits } = await stage.run(['enable', fabrikamId, '--age-days', '90']);
    expect(exitCode).toBe(0);
    expect(waits).toEqual([7000, 2000, 7000]);
    expect(errors).toBe('  0 %  unifiedAuditLog: Running\n100 %  Succeeded\n');
    expect(output).toMatch(/unifiedAuditLog │ Succeeded │ enabled: false → true │ 1 /);
    expect(output).toContain('The enablement ended: Succeeded.');
    expect(stage.requests[0]?.body).toEqual({ auditLogAgeDays: 90 });
  });

  it('shows an unchanged value once, counts long lists, and accepts any value', async () => {
    stage.reply(start, accepted);
    const step = stepOf('verification', {
      before: { enabled: ['Audit.Exchange'], names: ['a', 'b', 'c', 'd', 'e'], mailboxes: 3 },
      after: { enabled: ['Audit.Exchange'], names: [], mailboxes: { total: 3, wrong: [] }, odd: null },
    });
    stage.reply(monitor, { body: enablementOf('Succeeded', { steps: [step] }) });
    const { output } = await stage.run(['enable', fabrikamId]);
    const cells = output.split('\n').map((line) => line.split('│')[3]?.trim());
    expect(cells).toEqual(
      expect.arrayContaining([
        ...['enabled: Audit.Exchange', 'names: 5 → none'],
        ...['mailboxes: 3 → total 3, wrong none', 'odd: null'],
      ]),
    );
  });

  it('shows no progress where standard error is not a terminal', async () => {
    stage.reply(start, accepted);
    stage.reply(monitor, { body: enablementOf('Running') }, { body: enablementOf('Succeeded') });
    const { exitCode, errors } = await stage.run(['enable', fabrikamId], { isInteractive: false });
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  });

  it('lists every change that a dry run would make', async () => {
    stage.reply(start, accepted);
    const changes = Array.from({ length: 60 }, (_, at) => `user${at}@fabrikam.example: AuditEnabled True`);
    const steps = [
      stepOf('mailboxes', { status: 'Succeeded', changes }),
      stepOf('subscriptions', { status: 'Skipped' }),
    ];
    stage.reply(monitor, { body: enablementOf('Succeeded', { dryRun: true, steps }) });
    const { exitCode, output } = await stage.run(['enable', fabrikamId, '--dry-run']);
    expect(exitCode).toBe(0);
    for (const change of changes) expect(output).toContain(`\n  mailboxes: ${change}\n`);
    expect(output).toContain('It would make 60 changes:');
    expect(output).not.toContain('Skipped');
  });

  it('shows until when a step waits, and why', async () => {
    stage.reply(start, accepted);
    const waiting = stepOf('unifiedAuditLog', {
      status: 'Waiting',
      nextAttemptDateTime: '2026-03-01T12:30:00Z',
      errorCode: 'NotInEffectYet',
      errorMessage: 'It was requested.\nBy hand:\nSet-Something',
    });
    stage.reply(
      monitor,
      { body: enablementOf('Running', { steps: [waiting] }) },
      { body: enablementOf('Succeeded') },
    );
    const { errors } = await stage.run(['enable', fabrikamId]);
    expect(errors).toContain('unifiedAuditLog: Waiting until 2026-03-01 12:30 UTC: It was requested.\n');
  });

  it.each(['Failed', 'PartiallySucceeded', 'Canceled'])(
    'that ends %s exits with 1 and says what to do',
    async (status) => {
      stage.reply(start, accepted);
      const step = stepOf('mailboxes', {
        status: 'Failed',
        errorCode: 'ExchangeForbidden',
        errorMessage: 'Assign Exchange Administrator.\nBy hand:\nSet-Mailbox \u001b[2Jx',
      });
      stage.reply(monitor, { body: enablementOf(status, { steps: [step] }) });
      const { exitCode, output } = await stage.run(['enable', fabrikamId]);
      expect(exitCode).toBe(1);
      expect(output).toContain(
        'mailboxes: ExchangeForbidden\n  Assign Exchange Administrator.\n  By hand:\n  Set-Mailbox [2Jx\n',
      );
      expect(output).toContain(`ended: ${status}.`);
    },
  );

  it('follows an enablement that is already running, and says so', async () => {
    const location = `http://elsewhere.example${enablementPath}`;
    const body = errorOf('EnablementInProgress', 'One is still running.');
    stage.reply(start, { status: 409, headers: { location }, body });
    stage.reply(monitor, { body: enablementOf('Succeeded', { steps: [switched] }) });
    const { exitCode, output, errors } = await stage.run(['enable', fabrikamId]);
    expect(exitCode).toBe(0);
    expect(errors).toContain('An enablement is already running in this tenant: following that one\n');
    expect(output).toContain('This enablement was already running');
  });

  it("does not mistake another caller's dry run for the requested enablement", async () => {
    const body = errorOf('EnablementInProgress', 'One is still running.');
    stage.reply(start, { status: 409, headers: { location: enablementPath }, body });
    stage.reply(monitor, { body: enablementOf('Succeeded', { dryRun: true }) });
    const { exitCode, output } = await stage.run(['enable', fabrikamId]);
    expect(exitCode).toBe(1);
    expect(output).toContain('differs from the one that you requested: run the command again.');
  });

  it('requests cancellation at the first Ctrl-C, once, and follows until it is Canceled', async () => {
    stage.reply(start, accepted);
    stage.reply(`POST ${enablementPath}/cancel`, { status: 202, body: enablementOf('Running') });
    const running = { body: enablementOf('Running') };
    stage.reply(monitor, running, running, running, { body: enablementOf('Canceled') });
    const { exitCode, output, errors } = await stage.run(['enable', fabrikamId], { interruptAt: 2 });
    expect(exitCode).toBe(1);
    expect(errors).toContain('Canceling; changes already made remain.');
    expect(output).toContain('ended: Canceled.');
    const targets = stage.requests.map(({ target }) => target);
    expect(targets).toEqual([start, monitor, `POST ${enablementPath}/cancel`, monitor, monitor, monitor]);
  });

  it('continues to follow when cancellation is refused', async () => {
    stage.reply(start, accepted);
    stage.reply(`POST ${enablementPath}/cancel`, {
      status: 403,
      body: errorOf('Forbidden', 'Not this key.'),
    });
    stage.reply(monitor, { body: enablementOf('Succeeded') });
    const { exitCode, errors } = await stage.run(['enable', fabrikamId], { interruptAt: 1 });
    expect(exitCode).toBe(0);
    expect(errors).toContain('The enablement could not be canceled: Not this key.');
  });

  it('as JSON is the last answer alone, without characters that a terminal would act on', async () => {
    stage.reply(start, accepted);
    const answer = enablementOf('Succeeded', { unknown: '\u009b2J', steps: [{ ...switched, unknown: 1 }] });
    stage.reply(monitor, { body: answer });
    const { exitCode, output } = await stage.run(['enable', fabrikamId, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual(answer);
    expect(output).not.toContain('\u009b');
  });
});
