/** The rules that a watch names, or that are written in it. */
import * as z from 'zod';
import { describeIssue } from '../describe-issue.ts';
import { invalidParameter } from '../errors.ts';
import { loadPart } from '../lazy.ts';
import { whyNotCompiled } from './evaluate.ts';
import { ownRuleSchema, ruleOf } from './own-rule.ts';
import type { Rule } from './rule.ts';
import { wholePack, type Watch, type WatchSource } from './watch.ts';

const loadPack = () => loadPart(() => import('./pack/pack.ts'));
const loadSigma = () => loadPart(() => import('./sigma/parse-sigma.ts'));

/** @throws RequestError 400 for a source that is not valid, with the line of Sigma or the member of a rule */
export async function rulesOfWatch({
  watchId,
  source,
}: Pick<Watch, 'watchId' | 'source'>): Promise<readonly Rule[]> {
  switch (source.kind) {
    case 'pack':
      return await namedRules(source.ruleIds);
    case 'rule':
      return [ownRule(watchId, source)];
    case 'sigma':
      return await sigmaRules(source.text);
  }
}

async function namedRules(ruleIds: readonly string[]): Promise<readonly Rule[]> {
  const { packRules, packRuleOf } = await loadPack();
  if (ruleIds.includes(wholePack)) return packRules;
  return [...new Set(ruleIds)].map((id) => {
    const rule = packRuleOf(id);
    if (rule !== undefined) return rule;
    throw invalidParameter('pack', `The pack has no rule '${id.slice(0, 64)}'. GET /packRules lists them.`);
  });
}

function ownRule(watchId: string, { rule }: Extract<WatchSource, { kind: 'rule' }>): Rule {
  try {
    return compiling(ruleOf(watchId, ownRuleSchema.parse(rule, { error: describeIssue })));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const name = ['rule', ...(issue?.path ?? [])].join('.');
    throw invalidParameter(name, `'${name}' ${issue?.message ?? 'is malformed'}.`);
  }
}

/** Regular expressions are read when they are compiled. */
function compiling(rule: Rule): Rule {
  const wrong = whyNotCompiled(rule);
  if (wrong !== undefined) throw invalidParameter('rule', `'rule' cannot be evaluated: ${wrong}.`);
  return rule;
}

async function sigmaRules(text: string): Promise<readonly Rule[]> {
  const { parseSigma } = await loadSigma();
  const { SigmaError } = await loadPart(() => import('./sigma/sigma-error.ts'));
  try {
    return parseSigma(text);
  } catch (error) {
    if (error instanceof SigmaError) throw invalidParameter('sigma', error.message);
    throw error;
  }
}
