/** Checks new records against rules. */
import { normalize } from '../records/normalize.ts';
import { compileCondition, type Compiling, type WatchedCheck } from './conditions/compile-condition.ts';
import { createFields } from './conditions/fields.ts';
import { operationsOf } from './conditions/operations-of.ts';
import type { WatchedRecord } from './conditions/watched-record.ts';
import { createMatchReader, type Match, type MatchReader } from './match.ts';
import type { Rule } from './rule.ts';

/** A rule could not be compiled, or failed at a record. Other rules are not affected. */
export type OnFailure = (rule: Rule, error: unknown) => void;

export interface Evaluated {
  readonly matches: readonly Match[];
  /** Comparisons that were run. */
  readonly comparisons: number;
}

export interface CompiledRules {
  /** In the order of the rules. Work is bounded by the comparisons of those rules that the operation can match. */
  readonly evaluate: (watched: WatchedRecord) => Evaluated;
}

interface CompiledRule {
  readonly rule: Rule;
  readonly operations: ReadonlySet<string> | undefined;
  readonly check: WatchedCheck;
  readonly read: MatchReader;
}

/** Made once for many records, which are evaluated one after the other. */
export function compileRules(rules: readonly Rule[], onFailure: OnFailure): CompiledRules {
  let comparisons = 0;
  const compiling: Compiling = { fields: createFields(), count: (more) => (comparisons += more) };
  const compiled = rules.flatMap((rule) => attempt(rule, onFailure, () => [compileRule(rule, compiling)]));
  const candidatesOf = indexed(compiled);
  return {
    evaluate: (watched) => {
      comparisons = 0;
      const matches: Match[] = [];
      // Not flatMap: for the most part nothing matches, and this runs for each record and rule.
      for (const { rule, check, read } of candidatesOf(watched)) {
        for (const match of attempt(rule, onFailure, () => (check(watched) ? read(watched) : none)))
          matches.push(match);
      }
      return { matches, comparisons };
    },
  };
}

const none: readonly Match[] = [];

/** Why the rule cannot be compiled, such as for its regular expression; undefined if it can. */
export function whyNotCompiled(rule: Rule): string | undefined {
  const reasons: string[] = [];
  compileRules([rule], (_, error) => reasons.push(error instanceof Error ? error.message : String(error)));
  return reasons[0];
}

/** Nothing where it throws: what a rule cannot do must not stop others, nor the landing. */
export function attempt<T>(rule: Rule, onFailure: OnFailure, run: () => readonly T[]): readonly T[] {
  try {
    return run();
  } catch (error) {
    onFailure(rule, error);
    return [];
  }
}

function compileRule(rule: Rule, compiling: Compiling): CompiledRule {
  return {
    rule,
    operations: operationsOf(rule.condition),
    check: compileCondition(rule.condition, compiling),
    read: createMatchReader(rule, compiling),
  };
}

/**
 * By the operation, so that a record meets only the rules that can match it. One without an operation that the index
 * understands may still be delivered with something in its place, such as a list: it meets all rules.
 */
function indexed(compiled: readonly CompiledRule[]): (watched: WatchedRecord) => readonly CompiledRule[] {
  const ofAny = compiled.filter(({ operations }) => operations === undefined);
  const byOperation = new Map<string, readonly CompiledRule[]>();
  for (const name of new Set(compiled.flatMap(({ operations }) => [...(operations ?? [])]))) {
    const own = compiled.filter(({ operations }) => operations === undefined || operations.has(name));
    byOperation.set(name, own);
  }
  return ({ record: { summary } }) =>
    summary.operation === undefined
      ? compiled
      : (byOperation.get(normalize.text(summary.operation)) ?? ofAny);
}
