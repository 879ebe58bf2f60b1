/** Findings and groups of matches, made up. */
import { randomUUID } from 'node:crypto';
import type { Finding } from '../../../shared/detection/finding.ts';
import type { GroupState } from '../../../shared/detection/group-state.ts';
import { digestOf } from '../../../shared/detection/window/window-match.ts';
import { newTimedId } from '../../../shared/timed-id.ts';

const at = new Date(Date.UTC(2026, 2, 2, 8));

/** A finding of one record. */
export function findingOf(more: Partial<Finding> = {}): Finding {
  const sentence = 'Anna created the inbox rule “ü”, which forwards email to bo@contoso.example.';
  return {
    tenantId: randomUUID(),
    findingId: newTimedId(at),
    watchId: randomUUID(),
    rule: { id: 'test', title: 'Inbox rule forwards', nextSteps: 'Ask Anna.', author: 'Auditkeep' },
    severity: 'medium',
    sentence,
    group: [{ member: 'userId', value: 'anna@fabrikam.example' }],
    firstDateTime: at,
    lastDateTime: at,
    count: 1,
    countIsExact: true,
    records: [{ id: randomUUID(), createdDateTime: at, sentence }],
    notification: 'due',
    revision: 1,
    state: 'new',
    notifiedRevision: 0,
    notifiedState: 'new',
    ...more,
  };
}

/** A group of so many matches, and of one finding. */
export function groupStateOf(matches: number): GroupState {
  const told = Array.from({ length: matches }, (_, index) => ({
    time: at.getTime() + index * 1000,
    record: digestOf(`record ${index}`),
    id: `${digestOf(`a ${index}`)}-${digestOf(`b ${index}`)}`,
  }));
  return {
    watchId: 'w',
    ruleId: 'test',
    group: [{ member: 'userId', value: 'anna@fabrikam.example' }],
    matches: told.map(({ time, record }) => [time, time, record, digestOf(record)] as const),
    heads: told.map(({ time, record, id }) => ({
      record,
      id,
      createdDateTime: new Date(time),
      sentence: `Anna downloaded ü ${record} from https://fabrikam.sharepoint.example/sites/${id}.`,
      severity: 'high',
    })),
    findings: [
      {
        findingId: '019d0000-0000-7000-8000-000000000000',
        from: at.getTime(),
        to: at.getTime() + matches * 1000,
        count: matches,
        countIsExact: true,
        severity: 'high',
        named: digestOf('records'),
        revision: 3,
        isDue: true,
      },
    ],
  };
}
