/** Whether a watch passes over a record. */
import { parseNetwork } from '../records/networks.ts';
import { compileCondition } from './conditions/compile-condition.ts';
import type { Condition } from './conditions/condition.ts';
import { createFields } from './conditions/fields.ts';
import type { WatchedRecord } from './conditions/watched-record.ts';
import type { Suppression } from './watch.ts';

export type SuppressedCheck = (watched: WatchedRecord) => boolean;

/** The time of the record decides, so that late records are treated as others of their time. */
export function suppressedCheck(tenantId: string, suppressions: readonly Suppression[]): SuppressedCheck {
  const checks = suppressions.filter((one) => one.tenantId === tenantId).map(checkOf);
  return (watched) => checks.some((check) => check(watched));
}

function checkOf({ member, values = [], endDateTime }: Suppression): SuppressedCheck {
  const isOver = ({ record }: WatchedRecord) => record.createdDateTime >= endDateTime;
  if (member === undefined) return (watched) => !isOver(watched);
  const compiling = { fields: createFields(), count: () => undefined };
  const holds = compileCondition(conditionOf(member, values), compiling);
  return (watched) => !isOver(watched) && holds(watched);
}

function conditionOf(member: string, values: readonly string[]): Condition {
  const networks = values.filter((value) => value.includes('/') && parseNetwork(value) !== undefined);
  const conditions: readonly Condition[] = [
    { op: 'equals', member, values },
    { op: 'cidr', member, values: networks },
  ];
  return { op: 'any', conditions };
}
