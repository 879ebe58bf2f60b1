/** Sigma: rules in YAML, as published for many products. Loaded when a rule is read. */
import type * as z from 'zod';
import { describeIssue } from '../../describe-issue.ts';
import { isObject } from '../../json.ts';
import type { Condition } from '../conditions/condition.ts';
import { comparisonsOf, maxComparisons } from '../conditions/size-of-condition.ts';
import type { Rule } from '../rule.ts';
import { parseCondition } from './condition-grammar.ts';
import { correlate, type BaseRule } from './correlations.ts';
import { selectionOf } from './selections.ts';
import { SigmaError, type Place } from './sigma-error.ts';
import { allOf, anyOf, conditionsOfSource } from './sigma-fields.ts';
import {
  sigmaCorrelationSchema,
  sigmaRuleSchema,
  type SigmaCorrelation,
  type SigmaHeader,
  type SigmaRule,
} from './sigma-schema.ts';
import { parseYaml, type YamlDocument } from './yaml-documents.ts';

const maxDocuments = 20;

/**
 * The rules of a file: its correlations, and each rule that no correlation refers to or that one has generated. A rule
 * by itself fires at each record, by user. A rule without an id has its name or title in place of it.
 * @throws SigmaError for the first thing that is wrong or not supported
 */
export function parseSigma(text: string): readonly Rule[] {
  const documents = parseYaml(text);
  if (documents.length === 0) throw new SigmaError(1, 'the file', 'has no rule');
  if (documents.length > maxDocuments)
    throw new SigmaError(1, 'the file', `has more than ${maxDocuments} documents`);
  const rules = documents.filter((one) => !isCorrelation(one)).map(toBase);
  const correlations = documents.filter(isCorrelation).map((document) => toCorrelated(document, rules));
  const standing = rules.filter((rule) => isStanding(rule, correlations)).map(({ rule }) => rule);
  return distinct([...standing, ...correlations.map(({ rule }) => rule)]);
}

/** Matches of rules with one id would be those of one rule. */
function distinct(rules: readonly Rule[]): readonly Rule[] {
  const ids = rules.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice === undefined) return rules;
  throw new SigmaError(1, twice, 'is the ID, the name, or the title of several rules');
}

function isCorrelation({ value }: YamlDocument): boolean {
  return isObject(value) && Object.hasOwn(value, 'correlation');
}

interface Base extends BaseRule {
  readonly rule: Rule;
}

function toBase({ value, place }: YamlDocument): Base {
  const parsed = checked(sigmaRuleSchema, value, place);
  const { logsource, detection, id, name } = parsed;
  const source = conditionsOfSource(logsource, place.at('logsource'));
  const condition = bounded(allOf([...source, conditionOf(detection, place.at('detection'))]), place);
  const rule: Rule = {
    ...headerOf(parsed),
    condition,
    groupBy: ['userId'],
    window: 'PT1H',
    trigger: { kind: 'count', atLeast: 1 },
  };
  return { id, name, condition, rule };
}

function conditionOf({ condition, ...named }: SigmaRule['detection'], place: Place): Condition {
  if (Object.hasOwn(named, 'timeframe'))
    throw place
      .at('timeframe')
      .refused('timeframe', 'belongs to an obsolete version of Sigma; write a correlation');
  const selections = new Map(
    Object.entries(named).map(([name, selection]) => [name, selectionOf(selection, place.at(name))]),
  );
  const used = new Set<string>();
  const here = place.at('condition');
  const texts: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
  const parsed = texts.map((text) => {
    if (typeof text !== 'string') throw here.refused('condition', 'must be a text');
    return parseCondition(text, selections, used, here);
  });
  const unused = [...selections.keys()].find((name) => !used.has(name));
  if (unused !== undefined) throw place.at(unused).refused(unused, 'is not used in the condition');
  return anyOf(parsed);
}

interface Correlated {
  readonly rule: Rule;
  /** Names of the rules that it refers to. */
  readonly names: readonly string[];
  readonly generates: boolean;
}

function toCorrelated({ value, place }: YamlDocument, rules: readonly BaseRule[]): Correlated {
  const parsed = checked(sigmaCorrelationSchema, value, place);
  const { correlation, generate } = parsed;
  const correlated = correlate(correlation, rules, place.at('correlation'));
  bounded(correlated.condition, place);
  return {
    rule: { ...headerOf(parsed), ...correlated },
    names: correlation.rules,
    generates: generate ?? correlation.generate ?? false,
  };
}

/** Whether the rule makes findings of its own. */
function isStanding({ id, name }: BaseRule, correlations: readonly Correlated[]): boolean {
  const referring = correlations.filter(({ names }) => names.some((one) => one === id || one === name));
  return referring.length === 0 || referring.some(({ generates }) => generates);
}

type Header = Pick<
  Rule,
  'id' | 'title' | 'description' | 'nextSteps' | 'severity' | 'author' | 'license' | 'references'
>;

function headerOf(header: SigmaHeader | SigmaCorrelation): Header {
  const { id, name, title, description = '', falsepositives, level = 'medium' } = header;
  const { author, license, references } = header;
  return {
    id: id ?? name ?? title,
    title,
    description: description.trim(),
    nextSteps: knownCauses(falsepositives),
    severity: level,
    author,
    license,
    references: references ?? undefined,
  };
}

function knownCauses(falsepositives: SigmaHeader['falsepositives']): string {
  const causes = typeof falsepositives === 'string' ? [falsepositives] : (falsepositives ?? []);
  return causes.length === 0 ? '' : `Check whether this is expected: ${causes.join('; ')}`;
}

function checked<T extends z.ZodType>(schema: T, value: unknown, place: Place): z.output<T> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? key : String(key)));
  const keys = issue?.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
  const what = String(keys.at(-1) ?? 'the rule');
  throw place.at(...keys).refused(what, issue?.message ?? 'is malformed');
}

function bounded(condition: Condition, place: Place): Condition {
  if (comparisonsOf(condition) > maxComparisons)
    throw place.refused('the rule', `has more than ${maxComparisons} comparisons`);
  return condition;
}
