import { describe, expect, it } from 'vitest';
import type { Posture } from '../../../../shared/enablement/posture.ts';
import { postureReport } from '../../../../shared/reports/kinds/posture/posture-report.ts';
import type { TenantReport } from '../../../../shared/reports/document.ts';
import type { Needed } from '../../../../shared/reports/report-inputs.ts';
import { reportOfTenant } from '../../../../shared/reports/report-of-tenant.ts';
import type { ReportState } from '../../../../shared/reports/report.ts';
import { inventedReport, reportRange, reportStart } from '../../../support/reports.ts';

const sound: Posture = {
  takenAt: '2026-03-10T04:00:00.000Z',
  unifiedAuditLog: true,
  mailboxAuditingDisabled: false,
  mailboxes: { total: 12, asWanted: 12, wrong: [] },
  bypasses: [],
  subscriptionsMissing: [],
};
const fresh: Needed['collection'] = {
  state: 'Active',
  checks: [],
  contentTypes: [{ contentType: 'Audit.Exchange', completeThrough: reportStart }],
  pending: 0,
  rejected: 0,
  unindexedLandings: 0,
  lastPollAt: reportStart,
};
const complete: ReportState = { ...inventedReport().state, completeThrough: reportStart };

interface Given {
  readonly postures?: readonly Posture[];
  readonly collection?: Partial<Needed['collection']>;
  readonly completeness?: Partial<ReportState>;
  readonly now?: Date;
}

function reportOn({ postures = [sound], collection, completeness, now = reportStart }: Given) {
  const one = inventedReport({ state: { ...complete, ...completeness } });
  const inputs = {
    tenant: { tenantId: one.tenantId, displayName: 'Contoso' },
    range: reportRange,
    options: {},
    now,
    limits: { rows: 100, keys: 100 },
    completeness: one.state,
    postures,
    collection: { ...fresh, ...collection },
  };
  const collector = postureReport.open(inputs, undefined);
  expect(collector?.next()).toBeUndefined();
  const sections = collector?.sections() ?? [];
  return reportOfTenant(one, { sections, tables: postureReport.tables, limits: inputs.limits });
}

const tableIn = ({ sections }: TenantReport, name: string) =>
  sections.flatMap(({ tables }) => tables).find((table) => table.name === name);
const findingsIn = (given: Given) => tableIn(reportOn(given), 'findings')?.rows ?? [];

describe('the report on the posture of a tenant', () => {
  it('says that nothing is wrong, if so', () => {
    expect(findingsIn({})).toEqual([]);
    expect(reportOn({}).sections[0]?.paragraphs).toEqual(['Nothing is wrong.']);
  });

  it('lists what is wrong with what to do, the worst first', () => {
    const rows = findingsIn({
      postures: [
        {
          ...sound,
          unifiedAuditLog: false,
          bypasses: ['svc-backup'],
          mailboxes: { total: 12, asWanted: 10, wrong: ['a@contoso.example', 'b@contoso.example'] },
        },
      ],
      collection: { pending: 3, rejected: 1, lastError: 'Throttled' },
      completeness: {
        gaps: [
          { to: '2026-03-02T00:00:00.000Z', reason: 'Lost.' },
          { to: '2026-03-03T00:00:00.000Z', reason: 'Lost.' },
        ],
      },
    });
    expect(rows.map(([severity]) => severity)).toEqual([
      'critical',
      ...Array.from({ length: 5 }, () => 'warning'),
      'notice',
    ]);
    expect(rows[0]?.[2]).toBe('The unified audit log is off.');
    expect(rows.map(([, , finding]) => finding)).toContain('2 times: Lost.');
    for (const row of rows) expect(row[3]).not.toBe('');
  });

  it.each([
    ['a tenant that did not consent', { collection: { state: 'PendingConsent' } }, 'critical'],
    ['a tenant that was never checked', { postures: [] }, 'warning'],
    ['a posture of last week', { postures: [{ ...sound, takenAt: '2026-03-03T04:00:00.000Z' }] }, 'warning'],
    ['nothing complete', { completeness: { completeThrough: undefined } }, 'critical'],
    [
      'records that are two days behind',
      { completeness: { completeThrough: new Date('2026-03-08T12:00:00Z') } },
      'warning',
    ],
    [
      'records that are about to be lost',
      { completeness: { completeThrough: new Date('2026-03-05T11:00:00Z') } },
      'critical',
    ],
    [
      'consent that was withdrawn',
      {
        collection: {
          checks: [
            { name: 'consent', state: 'Failed', cure: 'Consent.', checkedDateTime: '2026-03-10T04:00:00Z' },
          ],
        },
      },
      'critical',
    ],
  ] as const)('reports %s', (_what, given: Given, severity) => {
    expect(findingsIn(given).map(([first]) => first)).toEqual([severity]);
  });

  it('measures the age of a posture at the end of the range, however much later it is requested', () => {
    const now = new Date('2026-06-01T00:00:00Z');
    const completeness = { completeThrough: now };
    const aged = (takenAt: string) => findingsIn({ postures: [{ ...sound, takenAt }], completeness, now });
    expect(aged('2026-03-05T00:00:00.000Z')).toEqual([]);
    expect(aged('2026-03-04T00:00:00.000Z').map(([, , finding]) => finding)).toEqual([
      'Auditing was last checked 4 days before the end of this range.',
    ]);
  });

  it('does not say that auditing was never checked where it only was not checked before the range ended', () => {
    const said = findingsIn({ postures: [] }).map(([, , finding]) => finding);
    expect(said).toEqual(['Whether auditing is on was not checked before the end of this range.']);
  });

  it('lists mailboxes, counts those that the posture does not name, and says what got worse', () => {
    const wrong = ['a@contoso.example'];
    const worse = { ...sound, mailboxes: { total: 12, asWanted: 5, wrong } };
    const report = reportOn({ postures: [{ ...worse, unifiedAuditLog: false }, sound] });
    expect(tableIn(report, 'mailboxes')).toMatchObject({ rows: [wrong], omitted: 6 });
    expect(tableIn(report, 'drift')?.rows).toContainEqual(['The unified audit log is off.']);
  });
});
