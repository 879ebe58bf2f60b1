/** What Sigma's fields and log sources are in audit records. */
import { joinedBy, type Comparison, type Condition } from '../conditions/condition.ts';
import { whyUnknown } from '../conditions/known-members.ts';
import { wholeRecord } from '../../query/filter-language/filter-members.ts';
import type { Place } from './sigma-error.ts';

/** The same comparison with a member. */
export type Compare = (member: string) => Condition;

/** Operations of alerts, whose event is the alert's policy. */
const alertOperations: Comparison = {
  op: 'equals',
  member: 'operation',
  values: ['AlertTriggered', 'AlertEntityGenerated'],
};

interface Field {
  /** The member that groups are made by; absent if there is none. */
  readonly member?: string;
  readonly condition: (compare: Compare) => Condition;
}

/** Names that published rules use and records do not have. */
const aliases: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['eventSource', plain('service')],
  [
    'eventName',
    {
      member: 'operation',
      condition: (compare) => ({
        op: 'any',
        conditions: [{ op: 'all', conditions: [alertOperations, compare('Name')] }, compare('operation')],
      }),
    },
  ],
  ['status', plain('resultStatus')],
  ['eventData', plain('Parameters')],
  ['Payload', { condition: (compare) => compare(wholeRecord) }],
  [
    'RequestType',
    {
      member: 'ExtendedProperties.RequestType',
      condition: (compare) => ({
        op: 'any',
        conditions: [compare('ExtendedProperties.RequestType'), compare('RequestType')],
      }),
    },
  ],
]);

function plain(member: string): Field {
  return { member, condition: (compare) => compare(member) };
}

/** @throws SigmaError for a name that no record has */
export function fieldOf(name: string, place: Place): Field {
  const known = aliases.get(name);
  if (known !== undefined) return known;
  const wrong = whyUnknown(name);
  if (wrong !== undefined)
    throw place.refused(name, `is not a field of Microsoft 365's records: it ${wrong}`);
  return plain(name);
}

/** @throws SigmaError for a field that is a text of everything */
export function memberOf(name: string, place: Place): string {
  const { member } = fieldOf(name, place);
  if (member === undefined) throw place.refused(name, 'cannot be compared with another field or make groups');
  return member;
}

const ofCompliance: Condition = {
  op: 'any',
  conditions: [
    { op: 'equals', member: 'service', values: ['SecurityComplianceCenter'] },
    { op: 'equals', member: 'recordType', values: [40, 98] },
  ],
};

const services: ReadonlyMap<string, readonly Condition[]> = new Map([
  ['audit', []],
  ['exchange', [{ op: 'equals', member: 'service', values: ['Exchange'] }]],
  ['threat_management', [ofCompliance]],
  ['threat_detection', [ofCompliance]],
]);

export interface LogSource {
  readonly product: string;
  readonly service?: string | undefined;
}

/** Conditions of the log source. @throws SigmaError for another product or service */
export function conditionsOfSource({ product, service }: LogSource, place: Place): readonly Condition[] {
  if (product !== 'm365')
    throw place.at('product').refused(product, 'is not supported: records are those of m365');
  const conditions = service === undefined ? [] : services.get(service);
  if (conditions === undefined)
    throw place
      .at('service')
      .refused(service ?? '', `is not a service of m365. Known: ${[...services.keys()].join(', ')}`);
  return conditions;
}

const successes = ['success', 'succeeded', 'true'];

/** `status: success` is spelled in several ways in records. */
export function spellingsOf(field: string, value: string): readonly string[] {
  return field === 'status' && value.toLowerCase() === 'success' ? successes : [value];
}

export function allOf(conditions: readonly Condition[]): Condition {
  return joinedBy('all', conditions);
}

export function anyOf(conditions: readonly Condition[]): Condition {
  return joinedBy('any', conditions);
}
