/**
 * Real records, which are next to the project and do not belong to it; without them, this test says so and does
 * nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../../../shared/json.ts';
import { packRules } from '../../../../shared/detection/pack/pack.ts';
import { fired } from '../../../support/detection/fired.ts';

const file = fileURLToPath(new URL('../../../../../shared/data/records-dev.ndjson', import.meta.url));
const isPresent = existsSync(file);
if (!isPresent) console.warn(`SKIPPED: ${file} does not exist, so no rule is tried on real records.`);

/** Attacks on the tenants that the records are of. */
const known = [
  ...['inboxRuleForwards', 'inboxRuleHides', 'inboxRuleNameless', 'transportRuleChanged'],
  ...['mailboxPermissionGranted', 'privilegedRoleGiven', 'consentGiven', 'applicationPermissionGiven'],
  ...['applicationSecretAdded', 'accountIntervention', 'sharingWidened', 'microsoftAlert'],
];

describe.skipIf(!isPresent)('real records', () => {
  it('fire the rules whose operations they hold, as they are spelled', () => {
    const lines = isPresent ? readFileSync(file, 'utf8').split('\n') : [];
    const found = fired(packRules, lines.map(parseJson).filter(isObject), []);
    expect([...found.keys()]).toEqual(expect.arrayContaining(known));
    expect(found.get('transportRuleChanged')).toBe('high');
    expect(found.get('privilegedRoleGiven')).toBe('high');
    expect(found.has('conditionalAccessChanged')).toBe(false);
  });
});
