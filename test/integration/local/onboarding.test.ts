/** How a local run onboards its tenants, against a scripted API. */
import { describe, expect, test } from 'vitest';
import { countChanges, describeEnabled } from '../../local/enablement-report.ts';
import type { Enablement, OnboardingApi } from '../../local/onboarding-api.ts';
import { onboard } from '../../local/onboarding.ts';
import { exitCodeOf } from '../../local/report.ts';

const consentUrl = 'https://login.example/adminconsent?state=once';
const tenant = { tenantId: 'id-of-fabrikam', displayName: 'Fabrikam', domain: 'fabrikam.example' };

const running: Enablement = {
  status: 'Running',
  percentComplete: 29,
  steps: [
    { name: 'customization', status: 'AlreadyDone', changes: [] },
    { name: 'mailboxes', status: 'Running', changes: [] },
  ],
};

const fixed: Enablement = {
  status: 'Succeeded',
  percentComplete: 100,
  steps: [
    {
      ...{ name: 'customization', status: 'AlreadyDone', changes: [] },
      ...{ before: { isDehydrated: false }, after: { isDehydrated: false } },
    },
    {
      ...{ name: 'unifiedAuditLog', status: 'Succeeded', changes: ['Set-AdminAuditLogConfig'] },
      before: { unifiedAuditLogIngestionEnabled: false },
      after: { unifiedAuditLogIngestionEnabled: true },
    },
    {
      ...{ name: 'mailboxes', status: 'Succeeded', changes: ['Set-Mailbox a', 'Set-Mailbox b'] },
      ...{ before: { mailboxes: 9, toChange: 2 }, after: { mailboxes: 9, toChange: 0 } },
    },
    { name: 'bypasses', status: 'Skipped', changes: [] },
    {
      ...{ name: 'subscriptions', status: 'Succeeded', changes: ['subscriptions/start Audit.General'] },
      ...{ before: { enabled: [] }, after: { enabled: ['Audit.General'] } },
    },
  ],
};

const broken: Enablement = {
  status: 'Failed',
  percentComplete: 100,
  steps: [{ name: 'customization', status: 'Failed', changes: [], errorMessage: 'Exchange refuses.' }],
};

interface World {
  /** The requests, in order. */
  readonly calls: string[];
  readonly api: OnboardingApi;
}

function createWorld(options: {
  readonly consented?: boolean;
  readonly answers?: readonly Enablement[];
}): World {
  const calls: string[] = [];
  const answers = [...(options.answers ?? [running, fixed])];
  const api: OnboardingApi = {
    listTenantIds: () => Promise.resolve([]),
    registerTenant: ({ tenantId }) => {
      calls.push('register');
      return Promise.resolve(
        options.consented === true
          ? { tenantId, state: 'Active' }
          : { tenantId, state: 'PendingConsent', consentUrl },
      );
    },
    startEnablement: () => {
      calls.push('enable');
      return Promise.resolve(new URL('https://auditkeep.example/status'));
    },
    getEnablement: () => Promise.resolve(answers.shift() ?? fixed),
    listProblems: () => Promise.resolve([]),
    listPostures: () => Promise.resolve([]),
  };
  return { calls, api };
}

describe('onboarding', () => {
  test('obtains consent before it turns auditing on, and waits until that finishes', async () => {
    const { calls, api } = createWorld({});
    const lines: string[] = [];
    const consent = (url: string): Promise<void> => {
      calls.push(url);
      return Promise.resolve();
    };
    const enabled = await onboard({ api, tenants: [tenant], consent }, (line) => lines.push(line));
    expect(calls).toEqual(['register', consentUrl, 'enable']);
    expect(enabled).toEqual([{ tenant, enablement: fixed, problems: [] }]);
    expect(lines).toEqual([
      'Fabrikam is registered as fabrikam.example: PendingConsent',
      'Fabrikam: an administrator opened the link and consented',
      'Fabrikam: 29% enabled, mailboxes Running',
      'Fabrikam: 100% enabled, Succeeded',
    ]);
  });

  test('ends with the reason when consent fails', async () => {
    const { calls, api } = createWorld({});
    const consent = () => Promise.reject(new Error('The consent callback returned 400'));
    await expect(onboard({ api, tenants: [tenant], consent }, () => undefined)).rejects.toThrow('400');
    expect(calls).toEqual(['register']);
  });

  test('only registers the tenant if there is no administrator, and reports that consent is missing', async () => {
    const [standing, missing] = [createWorld({ consented: true }), createWorld({})];
    const lines: string[] = [];
    for (const { api } of [standing, missing]) {
      const run = { api, tenants: [tenant], consent: undefined };
      expect(await onboard(run, (line) => lines.push(line))).toEqual([]);
    }
    expect([...standing.calls, ...missing.calls]).toEqual(['register', 'register']);
    expect(lines).toEqual([
      'Fabrikam is registered as fabrikam.example: Active',
      'Fabrikam is registered as fabrikam.example: PendingConsent',
      `An administrator of the tenant must consent: ${consentUrl}`,
    ]);
  });

  test('turns auditing on without consent if it was granted in an earlier run', async () => {
    const { calls, api } = createWorld({ consented: true });
    const consent = () => Promise.reject(new Error('not needed'));
    expect(await onboard({ api, tenants: [tenant], consent }, () => undefined)).toHaveLength(1);
    expect(calls).toEqual(['register', 'enable']);
  });
});

describe('the table of an enablement', () => {
  test('shows each step before and after, in a word or two', () => {
    const text = describeEnabled({ tenant, enablement: fixed, problems: [] });
    const rows = text.split('\n').filter((line) => line.startsWith('│'));
    expect(rows.map((row) => row.split('│').map((cell) => cell.trim()))).toEqual([
      ['', 'Step', 'Status', 'Before', 'After', 'Changes', ''],
      ['', 'Organization', 'AlreadyDone', 'customized', 'customized', '', ''],
      ['', 'Unified audit log', 'Succeeded', 'off', 'on', '1', ''],
      ['', 'Mailboxes', 'Succeeded', '2 of 9 to change', '0 of 9 to change', '2', ''],
      ['', 'Subscriptions', 'Succeeded', 'none', '1', '1', ''],
    ]);
    expect(text).toMatch(/^Auditing of Fabrikam: Succeeded, 4 changes\n/);
    expect(text).toMatch(/\nNo problems remain\.$/);
  });

  test('reports why a step failed and which problems remain', () => {
    const text = describeEnabled({ tenant, enablement: broken, problems: ['The unified audit log is off.'] });
    expect(text).toContain('customization: Exchange refuses.');
    expect(text).toContain('Remaining problems:\n  The unified audit log is off.');
    expect(describeEnabled({ tenant, enablement: broken, problems: [] })).not.toContain('No problems');
  });

  test('counts the changes of all steps', () => {
    expect([fixed, broken].map(countChanges)).toEqual([4, 0]);
  });
});

describe('the exit code', () => {
  const whole = { ending: 'complete' } as const;
  const enabledWith = (...all: readonly Enablement[]) =>
    all.map((enablement) => ({ tenant, enablement, problems: [] }));

  test.each([
    ['everything is on and nothing was lost', enabledWith(fixed), whole, 0],
    ['there was nothing to turn on', [], whole, 0],
    ['one tenant could not be enabled', enabledWith(fixed, broken), whole, 1],
    ['one was not finished', enabledWith(running), whole, 1],
    ['something was lost', enabledWith(fixed), { ending: 'lost' } as const, 1],
  ])('when %s', (_what, enabled, collected, expected) => {
    expect(exitCodeOf({ enabled, collected, sent: undefined })).toBe(expected);
  });

  test('when not everything was sent', () => {
    const outcome = { enabled: enabledWith(fixed), collected: whole };
    expect([true, false].map((isCurrent) => exitCodeOf({ ...outcome, sent: { isCurrent } }))).toEqual([0, 1]);
  });
});
