/** The report on the posture compared with a plain computation, over random states and those of the invented companies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Posture } from '../../../../shared/enablement/posture.ts';
import { postureReport } from '../../../../shared/reports/kinds/posture/posture-report.ts';
import type { GivenInputs, Needed } from '../../../../shared/reports/report-inputs.ts';
import { demoTenants } from '../../../simulator/demo/demo-tenants.ts';
import { partlyAudited } from '../../../simulator/demo/partly-audited.ts';
import { driveKind, march, rowsOf } from '../driven-kind.ts';

type Given = GivenInputs<unknown> & Pick<Needed, 'postures' | 'collection'>;
/** Severity, what it is about, and what the text of the finding contains. */
type Expected = readonly [severity: string, about: string, text: string];

const hourMs = 60 * 60_000;
const severities = ['critical', 'warning', 'notice'];

const when = (isFound: boolean, ...one: Expected): readonly Expected[] => (isFound ? [one] : []);

function plainFindings(given: Given): readonly Expected[] {
  return [...ofAccess(given), ...ofAuditing(given), ...ofCollection(given), ...ofGaps(given)];
}

function ofAccess({ collection: { state, checks } }: Given): readonly Expected[] {
  const failed = checks.filter((check) => check.state === 'Failed').map(({ name }) => name);
  const severityOf = (name: string) => (name === 'consent' ? 'critical' : 'warning');
  return [
    ...when(state !== 'Active', 'critical', 'Access', `state of the tenant is ${state}`),
    ...failed.map((name): Expected => [severityOf(name), 'Access', `The check ${name} failed`]),
  ];
}

function ofAuditing({ postures: [newest], range, now }: Given): readonly Expected[] {
  const about = 'Auditing';
  if (newest === undefined) return [['warning', about, 'was not checked before the end of this range']];
  const { mailboxes, bypasses, unreadableBypasses = 0, subscriptionsMissing } = newest;
  const { total, asWanted, unknown = 0, lackingDefaults = [], unreadable = [] } = mailboxes;
  const wrong = total - asWanted - unknown;
  const days = (Math.min(range.to.getTime(), now.getTime()) - Date.parse(newest.takenAt)) / (24 * hourMs);
  const lacking = lackingDefaults.map(({ actions }) => `not audit ${actions.join(', ')} (`);
  const rows = unreadable.map((one) => `${one.total} rows of mailboxes cannot be read`);
  return [
    ...when(!newest.unifiedAuditLog, 'critical', about, 'The unified audit log is off.'),
    ...when(newest.mailboxAuditingDisabled, 'critical', about, 'Mailbox auditing is off'),
    ...when(wrong > 0, 'warning', about, `${wrong} of ${total} mailboxes are not audited`),
    ...[...lacking, ...rows].map((text): Expected => ['notice', about, text]),
    ...bypasses.map((name): Expected => ['warning', about, `What ${name} does in mailboxes`]),
    ...when(unreadableBypasses > 0, 'notice', about, `${unreadableBypasses} row`),
    ...subscriptionsMissing.map((type): Expected => ['critical', about, `no subscription to ${type}.`]),
    ...when(days > 3, 'warning', about, `last checked ${Math.floor(days)} days before`),
  ];
}

function ofCollection({ collection, completeness: { completeThrough }, now }: Given): readonly Expected[] {
  const about = 'Collection';
  const { lastError = '', rejected, pending, unindexedLandings } = collection;
  const hours = (now.getTime() - (completeThrough ?? now).getTime()) / hourMs;
  const late = hours > 5 * 24 ? 'critical' : 'warning';
  return [
    ...when(completeThrough === undefined, 'critical', about, 'nothing is complete'),
    ...when(hours > 24, late, about, `${Math.floor(hours)} hours before this report`),
    ...when(lastError !== '', 'warning', about, `The last poll failed: ${lastError}`),
    ...when(rejected > 0, 'warning', about, `Of ${rejected} content blobs, the body`),
    ...when(pending > 0, 'notice', about, `${pending} content blobs could not be fetched`),
    ...when(unindexedLandings > 0, 'notice', about, `${unindexedLandings} landings`),
  ];
}

function ofGaps({ completeness: { gaps } }: Given): readonly Expected[] {
  return [...new Set(gaps.map(({ reason }) => reason))].map((reason) => {
    const times = gaps.filter((gap) => gap.reason === reason).length;
    return ['warning', 'Gaps', times === 1 ? reason : `${times} times: ${reason}`];
  });
}

/** What is wrong now and was not before; everyone who is not audited is named. */
function plainDrift({ postures: [after, before] }: Given): readonly string[] {
  if (after === undefined || before === undefined) return [];
  const isNew = <T>(of: (posture: Posture) => readonly T[]) =>
    of(after).filter((one) => !of(before).includes(one));
  const switches = ({ unifiedAuditLog, mailboxAuditingDisabled }: Posture) => [
    ...(unifiedAuditLog ? [] : ['The unified audit log is off.']),
    ...(mailboxAuditingDisabled ? ['Mailbox auditing is off for the whole organization.'] : []),
  ];
  const rows = (after.unreadableBypasses ?? 0) - (before.unreadableBypasses ?? 0);
  return [
    ...isNew(switches),
    ...isNew(({ bypasses }) => bypasses).map(
      (name) => `What ${name} does in mailboxes is not audited (bypass).`,
    ),
    ...isNew((one) => one.subscriptionsMissing).map((type) => `There is no subscription to ${type}.`),
    ...isNew(({ mailboxes }) => mailboxes.wrong).map(
      (name) => `The mailbox ${name} is not audited as wanted.`,
    ),
    ...(rows > 0 ? [`Exchange returned more bypasses in an unknown form (${rows}).`] : []),
  ];
}

function expectPlain(given: Given): readonly Expected[] {
  const { sections } = driveKind(postureReport, given, []);
  const expected = plainFindings(given);
  const rows = rowsOf(sections, 'findings').map((row): Expected => {
    return [String(row['severity']), String(row['about']), String(row['finding'])];
  });
  const rest = [...rows];
  const missing = expected.filter(([severity, about, text]) => {
    const at = rest.findIndex((row) => row[0] === severity && row[1] === about && row[2].includes(text));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  expect({ missing, tooMany: rest }).toEqual({ missing: [], tooMany: [] });
  const ranks = rows.map(([severity]) => severities.indexOf(severity));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  const words = ['critical', 'to be fixed', 'to be known'];
  const counts = severities.map((severity) => expected.filter(([one]) => one === severity).length);
  const parts = counts.flatMap((count, at) => (count === 0 ? [] : [`${count} ${words[at] ?? ''}`]));
  const summary = parts.length === 0 ? 'Nothing is wrong.' : `Findings: ${parts.join(', ')}.`;
  expect(sections[0]?.paragraphs).toEqual([summary]);
  const freshness = given.collection.contentTypes.map(({ contentType, ...moments }) => [
    contentType,
    ...[moments.collectedFrom, moments.listedThrough, moments.completeThrough].map(
      (moment) => moment?.toISOString() ?? null,
    ),
  ]);
  expect(rowsOf(sections, 'freshness').map((row) => Object.values(row))).toEqual(freshness);
  const { wrong = [], total = 0, asWanted = 0, unknown = 0 } = given.postures[0]?.mailboxes ?? {};
  expect(rowsOf(sections, 'mailboxes').map(({ mailbox }) => mailbox)).toEqual(wrong);
  const mailboxes = sections.flatMap(({ tables }) => tables).find(({ name }) => name === 'mailboxes');
  expect(wrong.length + (mailboxes?.omitted ?? 0)).toBe(total - asWanted - unknown);
  const drift = rowsOf(sections, 'drift').map(({ change }) => String(change));
  expect(drift.toSorted()).toEqual([...plainDrift(given)].toSorted());
  return expected;
}

const names = ['ada', 'ben', 'cleo', 'dora', 'emil', 'finn'].map((name) => `${name}@contoso.example`);
const contentTypes = ['Audit.Exchange', 'Audit.SharePoint', 'Audit.AzureActiveDirectory'];
const some = (values: readonly string[]) => fc.subarray([...values]);
/** Days and hours around the end of the report's range, and exactly at limits. */
const moment = fc
  .record({ days: fc.integer({ min: -40, max: 1 }), hours: fc.constantFrom(0, 0, 1, 23) })
  .map(({ days, hours }) => new Date(march.now.getTime() + days * 24 * hourMs + hours * hourMs));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const few = fc.constantFrom(0, 0, 1, 2, 50);

const posture = fc
  .record({
    takenAt: moment.map((at) => at.toISOString()),
    unifiedAuditLog: fc.boolean(),
    mailboxAuditingDisabled: fc.boolean(),
    ...{ wrong: some(names), asWanted: few, unknown: few, unreadableBypasses: few },
    ...{ bypasses: some(names), subscriptionsMissing: some(contentTypes) },
  })
  .map(({ wrong, asWanted, unknown, ...others }): Posture => ({
    ...others,
    mailboxes: { total: wrong.length + asWanted + unknown, asWanted, unknown, wrong, lackingDefaults: [] },
  }));
const check = fc.record({
  name: fc.constantFrom('consent', 'exchangeRole', 'permission:ActivityFeed.Read'),
  state: fc.constantFrom('Passed' as const, 'Failed' as const, 'NotChecked' as const),
  message: maybe(fc.constant('Refused.')),
  cure: maybe(fc.constant('Consent.')),
  checkedDateTime: fc.constant('2026-03-10T04:00:00.000Z'),
});
const freshness = fc.record({
  contentType: fc.constantFrom(...contentTypes),
  ...{ collectedFrom: maybe(moment), listedThrough: maybe(moment), completeThrough: maybe(moment) },
});
const collection = fc.record({
  state: fc.constantFrom('Active' as const, 'PendingConsent' as const, 'Removing' as const),
  checks: fc.uniqueArray(check, { selector: ({ name }) => name, maxLength: 3 }),
  contentTypes: fc.uniqueArray(freshness, { selector: (one) => one.contentType, maxLength: 3 }),
  ...{ pending: few, rejected: few, unindexedLandings: few, lastPollAt: maybe(moment) },
  lastError: maybe(fc.constant('Throttled')),
});
const gap = fc.record({
  to: fc.constant('2026-03-02T00:00:00.000Z'),
  reason: fc.constantFrom('Lost.', 'Audit.Exchange: Expired.', 'Not collected.'),
});
const given = fc
  .record({
    postures: fc.array(posture, { maxLength: 3 }),
    ...{ collection, completeThrough: maybe(moment), gaps: fc.array(gap, { maxLength: 5 }), to: moment },
  })
  .map(({ postures, completeThrough, gaps, to, ...others }): Given => {
    const range = { from: new Date('2026-02-01T00:00:00Z'), to };
    return {
      ...march,
      ...others,
      range,
      postures,
      completeness: { ...march.completeness, completeThrough, gaps },
    };
  });

describe('the posture of random states', () => {
  it('is what a plain computation lists, in order of severity', () => {
    fc.assert(
      fc.property(given, (inputs) => {
        expectPlain(inputs);
      }),
      { numRuns: 500 },
    );
  });

  it('has the details of mailboxes that lack actions, or that cannot be read', () => {
    const [newest] = fc.sample(posture, { numRuns: 1, seed: 1 });
    if (newest === undefined) throw new Error('There is a sample.');
    const actions = ['MailItemsAccessed'];
    const lackingDefaults = [{ logonType: 'owner' as const, actions, total: 1, mailboxes: ['ada'] }];
    const unreadable = [{ what: 'row' as const, total: 2, mailboxes: [] }];
    const detailed = { ...newest, mailboxes: { ...newest.mailboxes, lackingDefaults, unreadable } };
    const [inputs] = fc.sample(given, { numRuns: 1, seed: 1 });
    if (inputs === undefined) throw new Error('There is a sample.');
    const expected = expectPlain({ ...inputs, postures: [detailed] });
    expect(expected.filter(([severity]) => severity === 'notice').length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(partlyAudited(demoTenants(march.now)))(
  'the posture of $displayName',
  ({ exchange, directory }) => {
    const mailboxes = exchange?.mailboxes ?? [];
    const nameOf = (at: number) => directory.users[at]?.userPrincipalName ?? '';
    const found = (is: (mailbox: (typeof mailboxes)[number]) => boolean) =>
      mailboxes.flatMap((mailbox, at) => (is(mailbox) ? [nameOf(at)] : []));
    const wrong = found(
      ({ auditEnabled, auditLogAgeLimit }) => auditEnabled === false || auditLogAgeLimit !== undefined,
    );
    const before: Posture = {
      ...{ takenAt: '2026-03-30T04:00:00.000Z', unifiedAuditLog: true, mailboxAuditingDisabled: false },
      mailboxes: { total: mailboxes.length, asWanted: mailboxes.length, wrong: [], lackingDefaults: [] },
      ...{ bypasses: [], subscriptionsMissing: [] },
    };
    const after: Posture = {
      ...before,
      takenAt: '2026-03-31T04:00:00.000Z',
      unifiedAuditLog: exchange?.unifiedAuditLog ?? true,
      mailboxAuditingDisabled: exchange?.auditDisabled ?? false,
      mailboxes: { ...before.mailboxes, asWanted: mailboxes.length - wrong.length, wrong },
      bypasses: found(({ bypassed }) => bypassed === true),
      subscriptionsMissing: ['Audit.General'],
    };
    const whole: Needed['collection'] = {
      ...{ state: 'Active', checks: [], contentTypes: [], pending: 0, rejected: 0, unindexedLandings: 0 },
    };
    const inputs: Given = {
      ...{ ...march, collection: whole, completeness: { ...march.completeness, completeThrough: march.now } },
      postures: [after, before],
    };

    it('is what a plain computation lists of its mailboxes', () => {
      const expected = expectPlain(inputs);
      expect(expected.map(([, , text]) => text)).toContain('The unified audit log is off.');
      expect(expected.length).toBeGreaterThan(3);
    });

    it('lists nothing while everything is as wanted', () => {
      expect(expectPlain({ ...inputs, postures: [before] })).toEqual([]);
    });
  },
);
