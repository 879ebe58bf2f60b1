/** What is wrong with a parameter, a member of a body, or a setting, in words of the interface rather than of its parser. */
import * as z from 'zod';
import { didYouMean } from './http/did-you-mean.ts';

const kinds: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  guid: 'a GUID',
  base64: 'base64',
  url: 'an address that begins with https://',
  date: 'a day, e.g. 2026-03-02',
  datetime: 'a date and time with a time zone, e.g. 2026-03-02T09:00:00Z',
};
const units: Readonly<Record<string, string>> = { string: ' characters', array: ' values' };

/** Continues a sentence that begins with the name, such as `'top' …`. Schemas may have messages of their own. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_format') return describeKind(issue);
  if (issue.code === 'invalid_value') return `${mustBe(issue)} ${issue.values.join(' or ')}`;
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject)
    return describeUnknown(issue.keys[0] ?? '', Object.keys(issue.inst.shape));
  if (issue.code === 'too_small')
    return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty';
  if (issue.code === 'too_big') return `must not exceed ${issue.maximum}${units[issue.origin] ?? ''}`;
  return 'is malformed';
};

function mustBe({ input }: { readonly input?: unknown }): string {
  return input === undefined ? 'is required and must be' : 'must be';
}

type KindIssue = z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType | z.core.$ZodIssueInvalidStringFormat>;

/** A format says more than that it is a text. Some kinds only the parser has. */
function describeKind(issue: KindIssue): string {
  const format = issue.inst instanceof z.ZodStringFormat ? issue.inst.format : undefined;
  const kind = kinds[format ?? ''] ?? kinds[issue.code === 'invalid_type' ? issue.expected : issue.format];
  return kind === undefined ? 'is malformed' : `${mustBe(issue)} ${kind}`;
}

function describeUnknown(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  const suggestion = meant === undefined ? '' : `Did you mean '${meant}'? `;
  return `is unknown. ${suggestion}Known: ${known.join(', ')}`;
}
