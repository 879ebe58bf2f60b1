/** Which rules fire on records. */
import { groupBy } from '../../../shared/group-by.ts';
import { compileRules } from '../../../shared/detection/evaluate.ts';
import type { Rule } from '../../../shared/detection/rule.ts';
import { moreSevere, type Severity } from '../../../shared/detection/severity.ts';
import { firingsOf } from '../../../shared/detection/window/firings.ts';
import { mergeMatches } from '../../../shared/detection/window/merge-matches.ts';
import { watched } from './watched.ts';

/** A record as delivered. */
export type Fields = Readonly<Record<string, unknown>>;

interface Fired {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly firings: number;
}

/** Each group that fires. The watch was made long before. */
export function firedGroups(
  rules: readonly Rule[],
  records: readonly Fields[],
  acceptedDomains?: readonly string[],
): readonly Fired[] {
  const compiled = compileRules(rules, (_, error) => {
    throw error;
  });
  const matches = records.flatMap((fields) => compiled.evaluate(watched(fields, acceptedDomains)).matches);
  const groups = groupBy(matches, ({ rule, groupKey }) => `${rule.id} ${groupKey}`);
  return [...groups.values()].flatMap((group) => {
    const [{ rule } = { rule: undefined }] = group;
    if (rule === undefined) return [];
    const entries = group.flatMap((match) => match.entries);
    const firings = firingsOf(rule, mergeMatches(rule.trigger, [], entries), new Date(0)).length;
    const severity = group.map((match) => match.severity).reduce(moreSevere);
    return firings === 0 ? [] : [{ rule, severity, firings }];
  });
}

/** The severity of each rule that fires. */
export function fired(
  rules: readonly Rule[],
  records: readonly Fields[],
  acceptedDomains?: readonly string[],
): ReadonlyMap<string, Severity> {
  const severities = new Map<string, Severity>();
  for (const { rule, severity } of firedGroups(rules, records, acceptedDomains))
    severities.set(rule.id, moreSevere(severities.get(rule.id) ?? 'informational', severity));
  return severities;
}

/** As many records, a second apart from 09:00 on the day, each with an id and what `more` says of it. */
export function several(
  count: number,
  fields: Fields,
  more: (at: number) => Fields = () => ({}),
): readonly Fields[] {
  return Array.from({ length: count }, (_, at) => ({
    Id: `${JSON.stringify(fields)}${at}`,
    CreationTime: new Date(Date.UTC(2026, 2, 2, 9, 0, at)).toISOString().slice(0, 19),
    ...fields,
    ...more(at),
  }));
}
