/** What the pack finds in four weeks of companies where little happens apart from a few stories. */
import { expect, test } from 'vitest';
import { isObject, parseJson } from '../../../../shared/json.ts';
import { packRules } from '../../../../shared/detection/pack/pack.ts';
import { demoTenants } from '../../../simulator/demo/demo-tenants.ts';
import { firedGroups } from '../../../support/detection/fired.ts';

test('the demo tenants have few findings, and those that their stories call for', () => {
  const found = demoTenants(new Date('2026-09-15T13:20:00Z')).map(({ records }) => {
    const fields = records.map(({ text }) => parseJson(text)).filter(isObject);
    const counts = new Map<string, number>();
    for (const { rule, firings } of firedGroups(packRules, fields, []))
      counts.set(rule.id, (counts.get(rule.id) ?? 0) + firings);
    return Object.fromEntries([...counts].sort());
  });
  expect(found).toMatchInlineSnapshot(`
    [
      {
        "accountIntervention": 11,
        "applicationSecretAdded": 18,
        "auditingSwitchedOff": 1,
        "dlpOverridden": 6,
        "mailboxPermissionGranted": 7,
        "microsoftAlert": 21,
        "privilegedRoleGiven": 1,
      },
      {
        "accountIntervention": 4,
        "applicationSecretAdded": 9,
        "dlpOverridden": 2,
        "inboxRuleForwards": 1,
        "inboxRuleHides": 1,
        "inboxRuleNameless": 1,
        "mailboxForwards": 1,
        "mailboxPermissionGranted": 2,
        "microsoftAlert": 7,
        "passwordGuessing": 1,
        "signInAfterGuessing": 1,
      },
      {
        "accountIntervention": 2,
        "applicationSecretAdded": 5,
        "consentGiven": 1,
        "dlpOverridden": 2,
        "mailboxPermissionGranted": 2,
        "microsoftAlert": 3,
      },
    ]
  `);
});
