/** What is wrong with a parameter or a member of a body, in words of the interface rather than of its parser. */
import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';

const kinds: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  guid: 'a GUID',
  datetime: 'a date and time with a time zone, e.g. 2026-03-02T09:00:00Z',
};
const kindOf = (name: string) => kinds[name] ?? name;
const units: Readonly<Record<string, string>> = { string: ' characters', array: ' values' };

/** Continues a sentence that begins with the name, such as `'top' …`. Schemas may have messages of their own. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  const must = issue.input === undefined ? 'is required and must be' : 'must be';
  if (issue.code === 'invalid_type') return `${must} ${kindOf(issue.expected)}`;
  if (issue.code === 'invalid_format') return `${must} ${kindOf(issue.format)}`;
  if (issue.code === 'invalid_value') return `${must} ${issue.values.join(' or ')}`;
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject)
    return describeUnknown(issue.keys[0] ?? '', Object.keys(issue.inst.shape));
  if (issue.code === 'too_small')
    return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty';
  if (issue.code === 'too_big') return `must not exceed ${issue.maximum}${units[issue.origin] ?? ''}`;
  return 'is malformed';
};

function describeUnknown(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  const suggestion = meant === undefined ? '' : `Did you mean '${meant}'? `;
  return `is unknown. ${suggestion}Known: ${known.join(', ')}`;
}
