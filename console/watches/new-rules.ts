/** The rules of a watch that is being made, as fields of a form. */
import type { Severity } from '../findings/finding-texts.ts';
import { wholePack, type RuleSource } from './watch-texts.ts';

export const ruleKinds = ['pack', 'sigma', 'filter'] as const;
export type RuleKind = (typeof ruleKinds)[number];

export const windows = [
  { value: 'PT15M', text: '15 minutes' },
  { value: 'PT1H', text: 'an hour' },
  { value: 'P1D', text: 'a day' },
  { value: 'P7D', text: 'seven days' },
] as const;

export interface NewRules {
  /** IDs of rules of the pack; `*` is all. */
  readonly pack: readonly string[];
  readonly sigma: string;
  /** In the filter language. */
  readonly filter: string;
  readonly severity: Severity;
  readonly nextSteps: string;
  /** Records of a person within the window. */
  readonly atLeast: string;
  readonly window: (typeof windows)[number]['value'];
}

export const noRules: NewRules = {
  pack: [wholePack],
  sigma: '',
  filter: '',
  severity: 'medium',
  nextSteps: '',
  atLeast: '1',
  window: 'PT1H',
};

/** As the API takes them; undefined while something is missing. @param title of a rule that has none of its own */
export function sourceFrom(kind: RuleKind, rules: NewRules, title: string): RuleSource | undefined {
  if (kind === 'pack') return rules.pack.length === 0 ? undefined : { pack: [...rules.pack] };
  if (kind === 'sigma') return rules.sigma.trim() === '' ? undefined : { sigma: rules.sigma };
  const { filter, severity, nextSteps, window } = rules;
  if (filter.trim() === '') return undefined;
  const trigger = { kind: 'count', atLeast: Number(rules.atLeast) };
  return {
    rule: {
      title: title === '' ? 'A rule of your own' : title,
      filter,
      severity,
      nextSteps,
      window,
      trigger,
    },
  };
}
