import { describe, expect, it } from 'vitest';
import { checksOf, hasPassedAll, subscriptionsOf } from '../../../shared/tenants/tenant-checks.ts';
import type { SubscriptionState, Tenant, TenantCheck } from '../../../shared/tenants/tenant.ts';
import { tenantNamed } from '../../support/tenants.ts';

const earlier = '2026-03-10T11:00:00.000Z';
const now = '2026-03-10T12:00:00.000Z';

const check = (
  name: string,
  state: TenantCheck['state'],
  changes: Partial<TenantCheck> = {},
): TenantCheck => ({
  ...{ name, state, checkedDateTime: earlier },
  ...changes,
});
const running = (
  contentType: SubscriptionState['contentType'],
  checkedDateTime = now,
): SubscriptionState => ({
  ...{ contentType, enabled: true, checkedDateTime },
});
const refused = (
  contentType: SubscriptionState['contentType'],
  errorCode?: string,
  checkedDateTime = now,
): SubscriptionState => ({
  ...{ contentType, enabled: false, errorCode, checkedDateTime },
  errorMessage: errorCode === undefined ? undefined : `It answered ${errorCode}.`,
});
const fabrikam = (changes: Partial<Tenant>) =>
  tenantNamed('Fabrikam', { contentTypes: ['Audit.General'], ...changes });
const checkOf = (tenant: Tenant, name: string) => checksOf(tenant).find((one) => one.name === name);

describe('the check of a subscription', () => {
  const subscriptionOf = (...subscriptions: SubscriptionState[]) =>
    checkOf(fabrikam({ subscriptions }), 'subscription:Audit.General');

  it('has passed when it is running', () => {
    expect(subscriptionOf(running('Audit.General'))).toEqual(
      check('subscription:Audit.General', 'Passed', { checkedDateTime: now }),
    );
  });

  it.each([
    ['TenantDoesNotExist', 'Turn auditing on: start an enablement.'],
    ['AF20011', 'Turn auditing on: start an enablement.'],
    ['AF10001', expect.stringMatching(/Give admin consent/) as unknown],
    ['AF20012', expect.stringMatching(/license/) as unknown],
    ['AF20099', expect.stringMatching(/docs\/errors\.md/) as unknown],
    [undefined, 'Turn auditing on: start an enablement.'],
  ])('that does not run, because of %s, says how to fix it', (code, cure) => {
    expect(subscriptionOf(refused('Audit.General', code))).toEqual({
      name: 'subscription:Audit.General',
      state: 'Failed',
      code,
      message: code === undefined ? 'The subscription is not started.' : `It answered ${code}.`,
      cure,
      checkedDateTime: now,
    });
  });

  it('is the state of the subscription, whatever an earlier version stored as a check', () => {
    const checks = [
      check('consent', 'Passed'),
      check('subscription:Audit.General', 'Failed', { cure: 'Turn it on.' }),
    ];
    const tenant = fabrikam({ checks, subscriptions: [{ contentType: 'Audit.General', enabled: true }] });
    expect(checksOf(tenant).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'consent Passed',
      'subscription:Audit.General Passed',
    ]);
    expect(hasPassedAll(tenant)).toBe(true);
  });

  it('has the time of the last poll where an earlier version stored none', () => {
    const poll = { nextPollAt: new Date(0), quietPolls: 0, lastPollAt: new Date(now) };
    const tenant = fabrikam({ poll, subscriptions: [{ contentType: 'Audit.General', enabled: true }] });
    expect(checkOf(tenant, 'subscription:Audit.General')).toMatchObject({ checkedDateTime: now });
  });

  it('is none for a content type that is no longer collected', () => {
    const tenant = fabrikam({ subscriptions: [running('DLP.All'), running('Audit.General')] });
    expect(subscriptionsOf(tenant)).toEqual([running('Audit.General')]);
    expect(checksOf(tenant)).toHaveLength(1);
  });

  it('is unknown while consent is missing', () => {
    const checks = [check('consent', 'Failed', { checkedDateTime: now })];
    const tenant = fabrikam({ checks, subscriptions: [running('Audit.General', earlier)] });
    expect(checkOf(tenant, 'subscription:Audit.General')).toMatchObject({ state: 'NotChecked' });
  });
});

describe('the check of a grant', () => {
  const granted = ['consent', 'permission:ActivityFeed.Read', 'exchangeRole'];
  const statesOf = (tenant: Tenant) =>
    Object.fromEntries(checksOf(tenant).map(({ name, state }) => [name, state]));

  it('has passed once the feed answers, and the checks that the feed says nothing about stay', () => {
    const checks = granted.map((name) => check(name, 'Failed', { cure: 'Consent.' }));
    expect(statesOf(fabrikam({ checks, subscriptions: [running('Audit.General')] }))).toEqual({
      ...{ consent: 'Passed', 'permission:ActivityFeed.Read': 'Passed', exchangeRole: 'Failed' },
      'subscription:Audit.General': 'Passed',
    });
  });

  it('has failed once sign-in is refused to every poll', () => {
    const checks = granted.map((name) => check(name, 'Passed'));
    const tenant = fabrikam({
      checks,
      contentTypes: ['Audit.General', 'Audit.Exchange'],
      subscriptions: [refused('Audit.General', 'AADSTS7000229'), refused('Audit.Exchange', 'AADSTS7000229')],
    });
    expect(checkOf(tenant, 'consent')).toMatchObject({
      ...{
        state: 'Failed',
        code: 'AADSTS7000229',
        message: 'It answered AADSTS7000229.',
        checkedDateTime: now,
      },
      cure: expect.stringContaining('consent link') as unknown,
    });
    expect(statesOf(tenant)).toMatchObject({ exchangeRole: 'Passed' });
  });

  it('has failed once the feed lacks the permission, each permission by its content types', () => {
    const checks = [...granted, 'permission:ActivityFeed.ReadDlp'].map((name) => check(name, 'Passed'));
    const tenant = fabrikam({
      checks,
      contentTypes: ['Audit.General', 'DLP.All'],
      subscriptions: [running('Audit.General'), refused('DLP.All', 'AF10001')],
    });
    expect(statesOf(tenant)).toEqual({
      ...{ consent: 'Passed', 'permission:ActivityFeed.Read': 'Passed', exchangeRole: 'Passed' },
      ...{ 'permission:ActivityFeed.ReadDlp': 'Failed', 'subscription:Audit.General': 'Passed' },
      'subscription:DLP.All': 'Failed',
    });
  });

  it.each([
    ['an older answer', [running('Audit.General', '2026-03-10T10:00:00.000Z')]],
    ['an answer without a time', [{ contentType: 'Audit.General', enabled: true } as const]],
    ['an error of another kind', [refused('Audit.General', 'AF20012')]],
  ])('gives way to nothing like %s', (_what, subscriptions) => {
    const checks = [check('consent', 'Failed', { cure: 'Consent.' })];
    expect(checkOf(fabrikam({ checks, subscriptions }), 'consent')).toEqual(checks[0]);
  });

  it('that says the same keeps what it says', () => {
    const checks = [check('consent', 'Failed', { code: 'AADSTS65001', cure: 'Send the link.' })];
    const tenant = fabrikam({ checks, subscriptions: [refused('Audit.General', 'AADSTS7000229')] });
    expect(checkOf(tenant, 'consent')).toEqual(checks[0]);
  });
});
