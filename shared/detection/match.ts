/** A record that matches a rule, and the group that it belongs to. */
import { groupBy } from '../group-by.ts';
import { rememberLast } from '../lazy.ts';
import { cutText } from '../reports/cut-text.ts';
import { compileCondition, type Compiling, type WatchedCheck } from './conditions/compile-condition.ts';
import type { FieldReader, Fields } from './conditions/fields.ts';
import type { WatchedRecord } from './conditions/watched-record.ts';
import type { Rule, Step } from './rule.ts';
import { moreSevere, type Severity } from './severity.ts';
import { digestOf, type WindowMatch } from './window/window-match.ts';

export interface GroupValue {
  readonly member: string;
  /** As delivered in the first record, cut if it is long; empty if the record has none. */
  readonly value: string;
}

export interface Match {
  readonly rule: Rule;
  readonly watched: WatchedRecord;
  /** Raised if the record fulfills a condition to raise it. */
  readonly severity: Severity;
  /** In the order of the rule's `groupBy`. */
  readonly group: readonly GroupValue[];
  /** Equal for values of a group that count as the same: 16 hexadecimal digits. */
  readonly groupKey: string;
  /** What the state of the group keeps: one for each value that is counted. */
  readonly entries: readonly WindowMatch[];
}

/** One match; none when the record has no value that the trigger counts; several if it is in steps with other groups. */
export type MatchReader = (watched: WatchedRecord) => readonly Match[];

export function createMatchReader(rule: Rule, compiling: Compiling): MatchReader {
  const severityOf = severityReader(rule, compiling);
  const readEntries = entryReaders(rule, compiling);
  return (watched) => {
    const found = readEntries.flatMap(({ group, entries }) => {
      const values = entries(watched);
      if (values.length === 0) return [];
      const { isNamed, ...named } = group(watched);
      return isNamed || standsAlone(rule) ? [{ ...named, entries: values }] : [];
    });
    if (found.length === 0) return [];
    const severity = severityOf(watched);
    return byGroup(found).map((one) => ({ rule, watched, severity, ...one }));
  };
}

type GroupedEntries = Pick<Match, 'group' | 'groupKey' | 'entries'>;

/** Each group once, with the entries of all. */
function byGroup(found: readonly GroupedEntries[]): readonly GroupedEntries[] {
  if (found.length === 1) return found;
  return [...groupBy(found, ({ groupKey }) => groupKey).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, entries: same.flatMap(({ entries }) => entries) })),
  );
}

/** Whether one record is enough to fire. Others need something in common. */
export function standsAlone({ trigger }: Rule): boolean {
  return trigger.kind === 'count' && trigger.atLeast === 1;
}

function severityReader({ severity, raiseTo = [] }: Rule, compiling: Compiling) {
  const raises = raiseTo.map((raise) => ({
    severity: raise.severity,
    check: compileCondition(raise.condition, compiling),
  }));
  return (watched: WatchedRecord): Severity =>
    raises
      .filter(({ check }) => check(watched))
      .map((raise) => raise.severity)
      .reduce(moreSevere, severity);
}

interface EntryReader {
  readonly group: (watched: WatchedRecord) => Pick<Match, 'group' | 'groupKey'> & {
    /** Whether the record has a value of each member of the group. */
    readonly isNamed: boolean;
  };
  readonly entries: (watched: WatchedRecord) => readonly WindowMatch[];
}

function entryReaders({ trigger, groupBy: members }: Rule, compiling: Compiling): readonly EntryReader[] {
  const { fields } = compiling;
  if (trigger.kind === 'sequence')
    return trigger.steps.map((step, place) => ({
      group: groupReader(members, step.groupBy ?? members, fields),
      entries: stepReader(step, place, compiling),
    }));
  const group = groupReader(members, members, fields);
  if (trigger.kind === 'count') return [{ group, entries: (watched) => [entryOf(watched, '')] }];
  const read = fields(trigger.member);
  return [{ group, entries: (watched) => digestsOf(read, watched).map((value) => entryOf(watched, value)) }];
}

/** @param shown the members that the group is named by @param read those that this record has */
function groupReader(shown: readonly string[], read: readonly string[], fields: Fields) {
  const readers = read.map(fields);
  return (watched: WatchedRecord) => {
    const values = readers.map((reader) => reader(watched)[0]);
    const group = shown.map((member, place) => ({ member, value: cutText(values[place]?.text ?? '') }));
    const normalized = values.map((value) => value?.normalized ?? '');
    return { group, groupKey: digestOf(JSON.stringify(normalized)), isNamed: !normalized.includes('') };
  };
}

function stepReader({ condition, distinct }: Step, place: number, compiling: Compiling) {
  const check: WatchedCheck = compileCondition(condition, compiling);
  const read = distinct === undefined ? undefined : compiling.fields(distinct);
  const prefix = place.toString(16).padStart(2, '0');
  return (watched: WatchedRecord): readonly WindowMatch[] => {
    if (!check(watched)) return [];
    const digests = read === undefined ? [digestOfId(watched.record)] : digestsOf(read, watched);
    return digests.map((digest) => entryOf(watched, `${prefix}${digest.slice(0, 14)}`));
  };
}

/** A record has few values; each is an entry. */
const maxValues = 20;

function digestsOf(read: FieldReader, watched: WatchedRecord): readonly string[] {
  const texts = new Set(read(watched).map(({ normalized }) => normalized));
  return [...texts].slice(0, maxValues).map(digestOf);
}

/** Several rules match the same record. */
const digestOfId = rememberLast(({ id }: WatchedRecord['record']) => digestOf(id));

function entryOf({ record }: WatchedRecord, value: string): WindowMatch {
  const time = record.createdDateTime.getTime();
  return { time, until: time, record: digestOfId(record), value };
}
