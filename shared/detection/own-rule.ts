/** Rules that users write, as JSON. */
import * as z from 'zod';
import { joinedBy, type Condition } from './conditions/condition.ts';
import { conditionSchema, filterSchema, memberSchema } from './conditions/condition-schema.ts';
import { comparisonsOf, maxComparisons } from './conditions/size-of-condition.ts';
import { parseDuration } from './durations.ts';
import type { Rule } from './rule.ts';
import { severitySchema as severity } from './severity.ts';

export const maxThreshold = 1000;
const maxSteps = 10;
const maxGroupMembers = 5;
const longestWindow = parseDuration('P7D') ?? 0;

const line = z.string().min(1).max(200);
const paragraph = z.string().max(4000);
const atLeast = z.int().min(1).max(maxThreshold);
const groupMembers = z.array(memberSchema).max(maxGroupMembers).readonly();

const windowSchema = z.string().refine(
  (text) => {
    const length = parseDuration(text) ?? 0;
    return length > 0 && length <= longestWindow;
  },
  { error: 'must be a duration of at most seven days, e.g. PT15M or P1D' },
);

const stepSchema = z.strictObject({
  name: line,
  condition: conditionSchema,
  atLeast: atLeast.optional(),
  distinct: memberSchema.optional(),
});

const triggerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), atLeast }),
  z.strictObject({ kind: z.literal('distinct'), member: memberSchema, atLeast }),
  z.strictObject({
    kind: z.literal('firstSeen'),
    member: memberSchema,
    days: z.int().min(1).max(90),
    newGroups: z.enum(['learn', 'fire']).optional(),
  }),
  z.strictObject({
    kind: z.literal('sequence'),
    ordered: z.boolean(),
    steps: z.array(stepSchema).min(1).max(maxSteps).readonly(),
  }),
]);

/** A rule as users write it: `filter` is in the language of that parameter; both conditions have to hold if both are given. */
export const ownRuleSchema = z
  .strictObject({
    title: line,
    description: paragraph.default(''),
    nextSteps: paragraph.default(''),
    severity: severity.default('medium'),
    author: line.optional(),
    license: line.optional(),
    references: z
      .array(z.url({ protocol: /^https?$/ }).max(2000))
      .max(20)
      .readonly()
      .optional(),
    filter: filterSchema.optional(),
    condition: conditionSchema.optional(),
    groupBy: groupMembers.default(['userId']),
    window: windowSchema.default('PT1H'),
    trigger: triggerSchema.default({ kind: 'count', atLeast: 1 }),
    raiseTo: z
      .array(z.strictObject({ severity, condition: conditionSchema }))
      .max(20)
      .readonly()
      .optional(),
  })
  .superRefine((rule, context) => {
    const wrong = whyIncomplete(rule) ?? whyTooMuch(rule);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong, path: ['condition'] });
  });

type Conditions = Pick<Rule, 'trigger' | 'raiseTo'> & {
  readonly filter?: string | undefined;
  readonly condition?: Condition | undefined;
};

function whyIncomplete({ filter, condition, trigger }: Conditions): string | undefined {
  const has = filter !== undefined || condition !== undefined || trigger.kind === 'sequence';
  return has ? undefined : 'is required, unless there is a filter';
}

function whyTooMuch({ condition, trigger, raiseTo = [] }: Conditions): string | undefined {
  const steps = trigger.kind === 'sequence' ? trigger.steps : [];
  const conditions = [...steps, ...raiseTo].map((one) => one.condition);
  const comparisons = [...conditions, ...(condition === undefined ? [] : [condition])].map(comparisonsOf);
  return comparisons.reduce((sum, one) => sum + one, 0) > maxComparisons
    ? `has more than ${maxComparisons} comparisons, with those of steps and raiseTo; one with a regular expression is 20`
    : undefined;
}

export type OwnRule = z.output<typeof ownRuleSchema>;

/** @param id of the watch, which is that of its rule */
export function ruleOf(id: string, { filter, condition, ...rest }: OwnRule): Rule {
  const given: readonly Condition[] = [
    ...(filter === undefined ? [] : [{ op: 'filter', filter } as const]),
    ...(condition === undefined ? [] : [condition]),
  ];
  const { trigger } = rest;
  const ofSteps = trigger.kind === 'sequence' ? [anyStep(trigger.steps)] : [];
  return { ...rest, id, condition: joinedBy('all', [...ofSteps, ...given]) };
}

function anyStep(steps: readonly { readonly condition: Condition }[]): Condition {
  return joinedBy(
    'any',
    steps.map(({ condition }) => condition),
  );
}
