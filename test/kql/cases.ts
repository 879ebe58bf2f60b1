/** When each rule over logs must fire, and when not. Keys of gauges are minutes ago. */
import type { Case, Reported } from './evaluator/fire.ts';
import { event, gauge } from './evaluator/reported.ts';
import { silenceCases } from './silence-cases.ts';

const contoso = { tenantId: 'contoso' };
const fabrikam = { tenantId: 'fabrikam' };
const exchange = { ...contoso, contentType: 'Audit.Exchange' };
const general = { ...contoso, contentType: 'Audit.General' };
const second = 1 / 60;

function lag(values: Readonly<Record<number, number>>, fields = exchange): readonly Reported[] {
  return gauge('auditkeep.lag', fields, values);
}

function behind(values: Readonly<Record<number, number>>, destinationId = 'siem'): readonly Reported[] {
  return gauge('auditkeep.destinationLag', { destinationId, kind: 'splunk' }, values);
}

function gaps(values: Readonly<Record<number, number>>, fields = contoso): readonly Reported[] {
  return gauge('auditkeep.gaps', fields, values);
}

function refused(values: Readonly<Record<number, number>>, fields = contoso): readonly Reported[] {
  return gauge('auditkeep.refused', fields, values);
}

function poison(values: Readonly<Record<number, number>>, queue = 'raw-blobs-poison'): readonly Reported[] {
  return gauge('auditkeep.poison', { queue }, values);
}

function unmeasured(values: Readonly<Record<number, number>>): readonly Reported[] {
  return gauge('auditkeep.unmeasured', {}, values);
}

function overdue(seconds: number, from: number, fields = contoso): readonly Reported[] {
  const minutes = Array.from({ length: 9 }, (_, at) => from + 15 * at);
  return gauge('auditkeep.overdue', fields, Object.fromEntries(minutes.map((ago) => [ago, seconds])));
}

function drift(minutesAgo: number, fields = contoso): Reported {
  return event('enablement.drift.found', minutesAgo, { ...fields, drift: '1' });
}

function switchedOff(minutesAgo: number, fields = contoso): Reported {
  return event('index.record.switchedAuditingOff', minutesAgo, { ...fields, cmdlet: 'Set-Mailbox' });
}

function expiring(credential: string, daysLeft: number, minutesAgo: number): Reported {
  return event('watch.credential.expiring', minutesAgo, { credential, daysLeft: String(daysLeft) });
}

/** By the name of the rule. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  silence: silenceCases,
  'completeness-behind': [
    ['one second less than six hours', lag({ 5: 21_599, 20: 21_599 }), []],
    ['six hours', lag({ 5: 21_600, 20: 21_600 }), []],
    ['one second more', lag({ 5: 21_601, 20: 21_601 }), ['contoso Audit.Exchange']],
    ['more, once between two good ones', lag({ 5: 60, 20: 90_000, 35: 60 }), []],
    ['more, seen once only', lag({ 5: 90_000 }), []],
    ['more, three times', lag({ 5: 90_000, 20: 89_000, 35: 88_000 }), ['contoso Audit.Exchange']],
    ['good before the window', lag({ 5: 90_000, 20: 89_000, 46: 60 }), ['contoso Audit.Exchange']],
    ['good at the edge of the window', lag({ 5: 90_000, 20: 89_000, 45: 60 }), []],
    [
      'one content type of two',
      [...lag({ 5: 60, 20: 60 }), ...lag({ 5: 90_000, 20: 90_000 }, general)],
      ['contoso Audit.General'],
    ],
    [
      'two tenants of two',
      [...lag({ 5: 90_000, 20: 90_000 }), ...lag({ 5: 90_000, 20: 90_000 }, { ...exchange, ...fabrikam })],
      ['contoso Audit.Exchange', 'fabrikam Audit.Exchange'],
    ],
    ['another gauge', gauge('auditkeep.pending', exchange, { 5: 90_000, 20: 90_000 }), []],
    ['nothing', [], []],
  ],
  'destination-behind': [
    ['six hours', behind({ 5: 21_600, 20: 21_600 }), []],
    ['one second more', behind({ 5: 21_601, 20: 21_601 }), ['siem splunk']],
    ['more, and good at the edge of the window', behind({ 5: 90_000, 20: 89_000, 45: 60 }), []],
    ['more, and good before the window', behind({ 5: 90_000, 20: 89_000, 46: 60 }), ['siem splunk']],
    ['more, seen once only', behind({ 5: 90_000 }), []],
    [
      'one of two destinations',
      [...behind({ 5: 0, 20: 0 }), ...behind({ 5: 90_000, 20: 90_000 }, 'lake')],
      ['lake splunk'],
    ],
    ['another gauge', lag({ 5: 90_000, 20: 90_000 }, exchange), []],
  ],
  'gap-recorded': [
    ['none, as before', gaps({ 5: 0, 20: 0 }), []],
    ['the first', gaps({ 5: 1, 20: 0 }), ['contoso']],
    ['one more', gaps({ 5: 8, 20: 7 }), ['contoso']],
    ['as many as before', gaps({ 5: 7, 20: 7 }), []],
    ['fewer than before', gaps({ 5: 6, 20: 7 }), []],
    ['one, hours ago', gaps({ 5: 1, 600: 1, 615: 0 }), ['contoso']],
    ['one, after hours without a measurement', gaps({ 5: 1, 900: 0 }), ['contoso']],
    ['one, a day ago', gaps({ 5: 1, 1440: 0 }), ['contoso']],
    ['one, longer ago', gaps({ 5: 1, 1440: 1, [1440 + second]: 0 }), []],
    ['the first measurement of a tenant that has some', gaps({ 5: 3 }), []],
    ['one of two tenants', [...gaps({ 5: 1, 20: 0 }), ...gaps({ 5: 1, 20: 1 }, fabrikam)], ['contoso']],
    ['another gauge', gauge('auditkeep.pending', contoso, { 5: 1, 20: 0 }), []],
    ['nothing', [], []],
  ],
  poison: [
    ['none', poison({ 5: 0, 20: 0 }), []],
    ['one', poison({ 5: 1, 20: 0 }), ['raw-blobs-poison']],
    ['many', poison({ 5: 40, 20: 40 }), ['raw-blobs-poison']],
    ['none now', poison({ 5: 0, 20: 3 }), []],
    ['one, at the edge of the window', poison({ 60: 1 }), ['raw-blobs-poison']],
    [
      'one of two queues',
      [...poison({ 5: 0 }), ...poison({ 5: 2 }, 'operations-poison')],
      ['operations-poison'],
    ],
    ['another gauge', gauge('auditkeep.pending', { queue: 'raw-blobs-poison' }, { 5: 1 }), []],
    ['nothing', [], []],
  ],
  'posture-drift': [
    ['drift', [drift(5)], ['contoso']],
    ['of two tenants', [drift(5), drift(6, fabrikam)], ['contoso', 'fabrikam']],
    ['at the edge of the window', [drift(120)], ['contoso']],
    ['longer ago', [drift(120 + second)], []],
    ['a check without drift', [event('enablement.posture.checked', 5, contoso)], []],
  ],
  'auditing-switched-off': [
    ['a record', [switchedOff(5)], ['contoso']],
    ['of two tenants', [switchedOff(5), switchedOff(6, fabrikam)], ['contoso', 'fabrikam']],
    ['at the edge of the window', [switchedOff(30)], ['contoso']],
    ['longer ago', [switchedOff(30 + second)], []],
    ['another record', [event('index.record.notUnderstood', 5, contoso)], []],
  ],
  'credential-expiry': [
    ['31 days', [expiring('certificate', 31, 60)], []],
    ['30 days', [expiring('certificate', 30, 60)], ['certificate']],
    ['29 days', [expiring('certificate', 29, 60)], ['certificate']],
    ['the last day', [expiring('secret', 0, 60)], ['secret']],
    ['ended', [expiring('secret', -3, 60)], ['secret']],
    ['replaced', [expiring('secret', 700, 60), expiring('secret', 3, 1500)], []],
    ['nearer than yesterday', [expiring('secret', 30, 60), expiring('secret', 31, 1500)], ['secret']],
    ['at the edge of the window', [expiring('secret', 3, 2880)], ['secret']],
    ['longer ago', [expiring('secret', 3, 2880 + second)], []],
    ['another event', [event('watch.tenant.failed', 60, { credential: 'secret', daysLeft: '3' })], []],
  ],
  'consent-lost': [
    ['polls are not refused', refused({ 5: 0, 20: 0 }), []],
    ['polls are refused', refused({ 5: 1, 20: 1 }), ['contoso']],
    ['they were not before', refused({ 5: 1, 20: 0 }), ['contoso']],
    ['they are no longer refused', refused({ 5: 0, 20: 1 }), []],
    ['refused at the edge of the window', refused({ 60: 1 }), ['contoso']],
    ['refused before the window', refused({ [60 + second]: 1 }), []],
    ['one of two tenants', [...refused({ 5: 0 }), ...refused({ 5: 1 }, fabrikam)], ['fabrikam']],
    ['another gauge', gauge('auditkeep.pending', contoso, { 5: 1 }), []],
  ],
  'retention-behind': [
    ['a week', overdue(604_800, 5), []],
    ['one second more', overdue(604_801, 5), ['contoso']],
    ['more, in the first measurements only', overdue(604_801, 5).slice(1), []],
    ['more, and settled within the window', [...overdue(604_801, 5), ...overdue(60, 200)], []],
    ['more, and settled before it', [...overdue(604_801, 5), ...overdue(60, 361)], ['contoso']],
    ['one of two tenants', [...overdue(60, 5), ...overdue(604_801, 5, fabrikam)], ['fabrikam']],
    ['another gauge', gauge('auditkeep.lag', contoso, { 5: 700_000, 20: 700_000 }), []],
  ],
  'tenant-unmeasured': [
    ['none', unmeasured({ 5: 0, 20: 0 }), []],
    ['one, twice', unmeasured({ 5: 1, 20: 1 }), ['']],
    ['one, and none a moment ago', unmeasured({ 5: 0, 20: 1 }), []],
    ['one, and none before', unmeasured({ 5: 1, 20: 0 }), []],
    ['one, seen once only', unmeasured({ 5: 1 }), []],
    ['all for long', unmeasured({ 5: 9, 20: 9, 35: 9 }), ['']],
    ['none before the window', unmeasured({ 5: 1, 20: 1, 46: 0 }), ['']],
    ['another gauge', gauge('auditkeep.pending', {}, { 5: 1, 20: 1 }), []],
    ['nothing', [], []],
  ],
};
