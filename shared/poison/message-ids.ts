/** The IDs in a message, and nothing else of it. */
import * as z from 'zod';
import { isObject, parseJson } from '../json.ts';
import { operationKindSchema, tenantIn } from '../operations/operation.ts';

/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);

export const messageIdsSchema = z.object({
  tenantId: z.guid().optional(),
  landingId: z
    .string()
    .regex(/^\d{8}T\d{9}-[0-9a-f]{16}(-\d{1,6})?$/)
    .optional(),
  /** Absent also for a kind that only a later release knows. */
  kind: operationKindSchema.optional().catch(undefined),
  id: z.guid().optional(),
  subscriptionId: z.guid().optional(),
  /** The trace of the code that sent the message, under the name that its events have it. */
  operationId: z.string().optional(),
});
export type MessageIds = Readonly<z.output<typeof messageIdsSchema>>;

const { shape } = messageIdsSchema;

/** What does not look like the ID it should be is left out. */
const lenientSchema = z
  .object({
    tenantId: shape.tenantId.catch(undefined),
    landingId: shape.landingId.catch(undefined),
    kind: shape.kind,
    id: shape.id.catch(undefined),
    subscriptionId: shape.subscriptionId.catch(undefined),
    traceparent: traceparent.optional().catch(undefined),
  })
  .transform(({ traceparent: trace, tenantId, ...ids }): MessageIds => ({
    ...(tenantId === undefined ? {} : { tenantId: tenantIn({ kind: ids.kind, tenantId }) }),
    ...ids,
    operationId: trace?.slice(3, 35),
  }));

/** Null when it is not one of Auditkeep's messages. */
export function idsOf(message: unknown): MessageIds | null {
  return isObject(message) ? lenientSchema.parse(message) : null;
}

/**
 * As the Functions host gives it to a handler: a value, or a text if it is not JSON.
 * @param text as the queue holds it: base64
 */
export function messageIn(text: string): unknown {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return parseJson(decoded) ?? decoded;
}
