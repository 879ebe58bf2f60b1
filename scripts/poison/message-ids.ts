/** The IDs in a message, and nothing else of it. */
import * as z from 'zod';
import { operationKinds } from '../../shared/operations/operation.ts';

/** What does not look like the ID it should be is left out. */
const patterns = {
  tenantId: z.guid(),
  landingId: z.string().regex(/^\d{8}T\d{9}-[0-9a-f]{16}(-\d{1,6})?$/),
  kind: z.enum(operationKinds),
  id: z.guid(),
  subscriptionId: z.guid(),
  /** @see https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .transform((text) => text.slice(3, 35)),
};

const membersSchema = z.record(z.string(), z.unknown());

/** By name; `operationId` is that of the events of the code that sent the message. */
export type MessageIds = Readonly<Record<string, string>>;

/** Null when it is not one of Auditkeep's messages. @param text as the queue holds it: base64 of JSON */
export function idsIn(text: string): MessageIds | null {
  const members = membersSchema.safeParse(jsonIn(text)).data;
  if (members === undefined) return null;
  const found: Record<string, string> = {};
  for (const [name, pattern] of Object.entries(patterns)) {
    const id = pattern.safeParse(members[name]).data;
    if (id !== undefined) found[name === 'traceparent' ? 'operationId' : name] = id;
  }
  return found;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A line for each ID. */
export function describeIds(found: MessageIds | null): readonly string[] {
  if (found === null) return ['not readable'];
  const lines = Object.entries(found).map(([name, id]) => `${name} ${id}`);
  return lines.length === 0 ? ['no IDs'] : lines;
}
