/** Conditions as JSON. Regular expressions are checked when they are compiled. */
import * as z from 'zod';
import { isObject } from '../../json.ts';
import { orderings } from '../../query/filter-language/filter-node.ts';
import { maxFilterLength, parseFilter } from '../../query/filter-language/parse-filter.ts';
import { FilterSyntaxError } from '../../query/filter-language/tokens.ts';
import { parseNetwork } from '../../records/networks.ts';
import { textOps, type Condition } from './condition.ts';
import { whyUnknown } from './known-members.ts';

export const maxConditions = 200;
const maxDepth = 20;
const maxValues = 500;
const maxTextLength = 1000;

const text = z.string().max(maxTextLength);
const values = z
  .array(z.union([text, z.number(), z.boolean()]))
  .min(1)
  .max(maxValues)
  .readonly();
const texts = z.array(text.min(1)).min(1).max(maxValues).readonly();

export const memberSchema = text.min(1).superRefine((name, context) => {
  const wrong = whyUnknown(name);
  if (wrong !== undefined) context.addIssue(wrong);
});

export const filterSchema = z
  .string()
  .min(1)
  .max(maxFilterLength)
  .superRefine((filter, context) => {
    try {
      parseFilter(filter);
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      context.addIssue(`is invalid at character ${error.at + 1}: ${error.message}`);
    }
  });

const network = text.refine((one) => parseNetwork(one) !== undefined, {
  error: 'must be a network, e.g. 192.0.2.0/24',
});

const tree: z.ZodType<Condition> = z.lazy(() => node);

const node = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.enum(['all', 'any']),
    conditions: z.array(tree).min(1).max(maxConditions).readonly(),
  }),
  z.strictObject({ op: z.literal('not'), condition: tree }),
  z.strictObject({ op: z.literal('filter'), filter: filterSchema }),
  z.strictObject({
    op: z.enum(textOps),
    member: memberSchema,
    values,
    caseSensitive: z.boolean().optional(),
  }),
  z.strictObject({
    op: z.literal('cidr'),
    member: memberSchema,
    values: z.array(network).min(1).max(maxValues).readonly(),
  }),
  z.strictObject({ op: z.enum(['exists', 'outside']), member: memberSchema }),
  z.strictObject({ op: z.enum(orderings), member: memberSchema, value: z.number() }),
  z.strictObject({
    op: z.literal('sameAs'),
    member: memberSchema,
    other: memberSchema,
    how: z.enum(['equals', 'contains', 'startsWith', 'endsWith']).optional(),
  }),
  z.strictObject({ op: z.literal('keywords'), values: texts }),
]);

/** Bounded before it is parsed: schemas call themselves for each level. */
export const conditionSchema: z.ZodType<Condition> = z
  .unknown()
  .superRefine((value, context) => {
    const wrong = whyTooLarge(value);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong, continue: false });
  })
  .pipe(tree);

/** Level by level, so that no depth is too much. */
function whyTooLarge(condition: unknown): string | undefined {
  let [level, count] = [[condition], 0];
  for (let depth = 0; level.length > 0; depth++) {
    count += level.length;
    if (depth >= maxDepth) return `is nested deeper than ${maxDepth} levels`;
    if (count > maxConditions) return `has more than ${maxConditions} conditions`;
    level = level.flatMap(partsOf);
  }
  return undefined;
}

function partsOf(condition: unknown): readonly unknown[] {
  if (!isObject(condition)) return [];
  const { conditions, condition: negated } = condition;
  const joined: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  return negated === undefined ? joined : [...joined, negated];
}
