/** What an answer of the bulk interface says: 200, and a status for each record. */
import * as z from 'zod';
import type { Reject, SendResult } from '../../../destinations/kind.ts';
import { parseJson } from '../../../json.ts';
import { resultOfUnreached, type HttpsAnswer, type Unreached } from '../https-client.ts';
import { resultOfAnswer, type NextSteps } from '../https-result.ts';

const itemSchema = z.object({
  create: z.object({
    status: z.int(),
    error: z
      .object({
        type: z
          .string()
          .regex(/^\w{1,80}$/)
          .optional()
          .catch(undefined),
      })
      .optional(),
  }),
});
const answerSchema = z.object({ errors: z.boolean(), items: z.array(itemSchema) });

interface Item {
  readonly index: number;
  readonly status: number;
  /** Type of the error: its reason may repeat content of the record. */
  readonly type: string | undefined;
}

/** @param count of the records that were sent */
export function resultOfBulk(answer: HttpsAnswer | Unreached, count: number): SendResult {
  if (answer.status === undefined) return resultOfUnreached(answer);
  if (answer.status !== 200) return resultOfStatus(answer);
  const parsed = answerSchema.safeParse(parseJson(answer.text)).data;
  // A proxy, for example. Nothing says that any record is there.
  if (parsed?.items.length !== count) return notBulk;
  return resultOfItems(
    parsed.items.map(({ create }, index) => ({ index, status: create.status, type: create.error?.type })),
  );
}

function resultOfStatus(answer: HttpsAnswer): SendResult {
  const result = resultOfAnswer(answer, nextSteps);
  return result.outcome === 'accepted' ? notBulk : result;
}

const notBulk = {
  outcome: 'misconfigured',
  cause: 'The destination does not answer like Elasticsearch or OpenSearch.',
  nextStep: 'Check the host and the port: 9200 by default, 443 in Elastic Cloud.',
} as const;

/** Records are rejected when all others are there: an attempt that must be repeated repeats them, too. */
function resultOfItems(items: readonly Item[]): SendResult {
  const failed = items.filter(({ status }) => !isThere(status));
  const refused = failed.find(({ status }) => status in nextSteps);
  if (refused !== undefined)
    return { outcome: 'misconfigured', cause: causeOf(refused), nextStep: nextSteps[refused.status] ?? '' };
  const [first] = failed;
  const passing = failed.find(({ status }) => status !== 400);
  if (first !== undefined && passing !== undefined)
    return { outcome: 'retry', cause: causeOf(passing), acceptedFirst: first.index };
  const duplicates = items.filter(({ status }) => status === 409).length;
  const rejects = failed.map((item): Reject => ({ index: item.index, cause: causeOf(item) }));
  return { outcome: 'accepted', rejects, duplicates };
}

/** 409: there is a document with this ID. */
function isThere(status: number): boolean {
  return (status >= 200 && status < 300) || status === 409;
}

function causeOf({ status, type }: Item): string {
  return `The destination answered ${status}${type === undefined ? '' : ` (${type})`} for a record.`;
}

export const nextSteps: NextSteps = {
  401: 'Check the secret in the vault, and whether authentication is right for it.',
  403: 'Allow what the secret belongs to create_doc and auto_configure on the target.',
  404: 'Create the target, or a template that lets it be created.',
};
