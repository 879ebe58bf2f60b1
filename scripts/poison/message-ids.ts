/** The ids in a message, and nothing else of it. */
import * as z from 'zod';

const guid = z.guid().optional().catch(undefined);

/** Anything that does not look like the id it should be is left out, however it came there. */
const ids = z.object({
  tenantId: guid,
  landingId: z
    .string()
    .regex(/^\d{8}T\d{9}-[0-9a-f]{16}(-\d{1,6})?$/)
    .optional()
    .catch(undefined),
  exportId: guid,
  enablementId: guid,
  removalId: guid,
  subscriptionId: guid,
  /** Of the code that sent the message: OperationId of its events. */
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .catch(undefined),
});

export type MessageIds = Readonly<Record<string, string>>;

/** Undefined when it is no message of Auditkeep's. @param text as the queue holds it: base64 of JSON */
export function idsIn(text: string): MessageIds | undefined {
  const parsed = ids.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  const { traceparent, ...named } = parsed.data;
  const all = { ...named, operationId: traceparent?.split('-')[1] };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])),
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A line for each id. */
export function describeIds(found: MessageIds | undefined): readonly string[] {
  if (found === undefined) return ['not readable'];
  const lines = Object.entries(found).map(([name, id]) => `${name} ${id}`);
  return lines.length === 0 ? ['no ids'] : lines;
}
