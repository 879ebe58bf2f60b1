/** Sigma's correlations: how many records of other rules, or which of them together, are a match. */
import { isObject } from '../../json.ts';
import type { Condition } from '../conditions/condition.ts';
import { maxThreshold } from '../own-rule.ts';
import type { Rule, Trigger } from '../rule.ts';
import { anyOf, memberOf } from './sigma-fields.ts';
import type { SigmaCorrelation } from './sigma-schema.ts';
import type { Place } from './sigma-error.ts';

/** A rule of the same file. */
export interface BaseRule {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly condition: Condition;
}

type Correlated = Pick<Rule, 'condition' | 'groupBy' | 'window' | 'trigger'>;

interface Correlating {
  readonly correlation: SigmaCorrelation['correlation'];
  readonly bases: readonly NamedBase[];
  readonly place: Place;
}

/** A base under the name by which the correlation refers to it. */
interface NamedBase {
  readonly name: string;
  readonly condition: Condition;
}

/** @param place of the correlation @throws SigmaError */
export function correlate(
  correlation: SigmaCorrelation['correlation'],
  rules: readonly BaseRule[],
  place: Place,
): Correlated {
  const bases = correlation.rules.map((name, at) => baseOf(name, rules, place.at('rules', at)));
  const correlating: Correlating = { correlation, bases, place };
  return {
    condition: anyOf(bases.map(({ condition }) => condition)),
    groupBy: groupOf(correlating),
    window: windowOf(correlation.timespan, place.at('timespan')),
    trigger: triggerOf(correlating),
  };
}

function baseOf(name: string, rules: readonly BaseRule[], place: Place): NamedBase {
  const rule = rules.find((one) => one.name === name || one.id === name);
  if (rule === undefined) throw place.refused(name, 'is neither the name nor the id of a rule in this file');
  return { name, condition: rule.condition };
}

/** Aliases keep their own names: what they stand for depends on the rule. */
function groupOf({ correlation, place }: Correlating): readonly string[] {
  const aliases = correlation.aliases ?? {};
  return (correlation['group-by'] ?? []).map((name, at) =>
    Object.hasOwn(aliases, name) ? name : memberOf(name, place.at('group-by', at)),
  );
}

const units: Readonly<Record<string, string>> = { s: 'PT#S', m: 'PT#M', h: 'PT#H', d: 'P#D' };
const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longest = 7 * 86_400;

function windowOf(timespan: string, place: Place): string {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(timespan) ?? [];
  const length = Number(digits) * (seconds[unit] ?? 0);
  if (length === 0 || length > longest)
    throw place.refused(timespan, 'is not a time of at most seven days, such as 5m, 12h, or 2d');
  return (units[unit] ?? '').replace('#', digits);
}

function triggerOf(correlating: Correlating): Trigger {
  const { correlation, place } = correlating;
  const { type } = correlation;
  if (type === 'temporal' || type === 'temporal_ordered')
    return sequenceOf(correlating, type === 'temporal_ordered');
  if (type !== 'event_count' && type !== 'value_count')
    throw place
      .at('type')
      .refused(type, 'is not supported. Known: event_count, value_count, temporal, temporal_ordered');
  if (Object.keys(correlation.aliases ?? {}).length > 0)
    throw place.at('aliases').refused('aliases', 'are supported for temporal and temporal_ordered only');
  return countOf(correlation.condition, type, place.at('condition'));
}

function countOf(condition: unknown, type: 'event_count' | 'value_count', place: Place): Trigger {
  if (!isObject(condition)) throw place.refused('condition', 'must be a map, such as gte: 10');
  const { field, ...thresholds } = condition;
  const atLeast = thresholdOf(thresholds, place);
  if (type === 'event_count') {
    if (field !== undefined) throw place.at('field').refused('field', 'belongs to value_count');
    return { kind: 'count', atLeast };
  }
  if (typeof field !== 'string') throw place.refused('field', 'must be the name of one field');
  return { kind: 'distinct', member: memberOf(field, place.at('field')), atLeast };
}

function thresholdOf(thresholds: Readonly<Record<string, unknown>>, place: Place): number {
  const entries = Object.entries(thresholds);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw place.refused('condition', 'must have one of gt and gte');
  const [name, value] = entry;
  refuseUpperBound(name, place.at(name));
  const atLeast = Number(value) + (name === 'gt' ? 1 : 0);
  if (!Number.isInteger(value) || atLeast < 1 || atLeast > maxThreshold)
    throw place.at(name).refused(name, `must be a whole number; at most ${maxThreshold} records are counted`);
  return atLeast;
}

const upperBounds: ReadonlySet<string> = new Set(['lt', 'lte', 'eq', 'neq']);

function refuseUpperBound(name: string, place: Place): void {
  if (upperBounds.has(name))
    throw place.refused(name, 'is not supported: a record that comes later would undo it');
  if (name !== 'gt' && name !== 'gte') throw place.refused(name, 'is unknown. Known: gt, gte');
}

function sequenceOf(correlating: Correlating, ordered: boolean): Trigger {
  const { correlation, bases, place } = correlating;
  if (correlation.condition !== undefined)
    throw place.at('condition').refused('condition', `of ${correlation.type} is not supported`);
  const steps = bases.map(({ name, condition }) => ({
    name,
    condition,
    groupBy: stepGroup(name, correlating),
  }));
  return { kind: 'sequence', ordered, steps };
}

/** The members of one rule that the group is made by. */
function stepGroup(rule: string, { correlation, place }: Correlating): readonly string[] {
  const aliases = correlation.aliases ?? {};
  return (correlation['group-by'] ?? []).map((name) => {
    const fields = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (fields === undefined) return memberOf(name, place.at('group-by'));
    const field = Object.hasOwn(fields, rule) ? fields[rule] : undefined;
    if (field === undefined)
      throw place.at('aliases', name).refused(name, `has no field of the rule ${rule}`);
    return memberOf(field, place.at('aliases', name, rule));
  });
}
