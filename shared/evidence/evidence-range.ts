/** The range that a certificate is about, and how much it may cover. */
import * as z from 'zod';
import { invalidParameter, RequestError } from '../errors.ts';
import { momentParameter } from '../http/parameters.ts';

/** [from, to). */
export interface EvidenceRange {
  readonly from: Date;
  readonly to: Date;
}

/** The query parameters of a certificate. */
export const evidenceParameters = z.strictObject({
  from: momentParameter({
    title: 'From',
    description:
      'What was published and what landed at this moment and later, in UTC unless it has a time zone.',
  }),
  to: momentParameter({
    title: 'To',
    description: 'What was published and what landed before this moment, at most 31 days after from.',
  }),
});

const maxDays = 31;

/** @throws RequestError 400 naming the parameter */
export function evidenceRange({ from, to }: z.output<typeof evidenceParameters>): EvidenceRange {
  if (from === undefined) throw invalidParameter('from', "'from' is missing: a certificate needs a range.");
  if (to === undefined) throw invalidParameter('to', "'to' is missing: a certificate needs a range.");
  if (to <= from) throw invalidParameter('to', "'to' must be after 'from'.");
  if (to.getTime() - from.getTime() > maxDays * 24 * 60 * 60_000)
    throw rangeTooLarge(`more than ${maxDays} days`);
  return { from, to };
}

/** @param what is too much: `more than 31 days` */
export function rangeTooLarge(what: string): RequestError {
  const message = `The range has ${what}, which one certificate cannot cover. Request several shorter ranges: the chain continues from one to the next.`;
  return new RequestError(400, 'RangeTooLarge', message, { target: 'to' });
}
