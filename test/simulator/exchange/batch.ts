/** Several commands in one request, each with its own status and body. */

import * as z from 'zod';
import type { Call } from '../calls.ts';
import { outcomeOf } from '../fault-replies.ts';
import type { Faults } from '../faults.ts';
import { jsonReply, queryOf, type Reply } from '../http.ts';
import { invokeCommand, targetOf, type CommandContext } from './invoke-command.ts';
import { exchangeBadRequest, exchangeError } from './replies.ts';

const largestBatch = 10;

const itemSchema = z.object({
  id: z.string(),
  method: z.literal('POST'),
  /** Absolute, or a path on the endpoint's host. */
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

const batchSchema = z.object({ requests: z.array(itemSchema).min(1) });

type Item = z.output<typeof itemSchema>;

/** Commands run in order; a failure does not prevent the others from running. */
export const answerBatch = (context: CommandContext, faults: Faults, body: unknown): Reply => {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) return exchangeBadRequest(`The batch is not valid. ${z.prettifyError(parsed.error)}`);
  const { requests } = parsed.data;
  if (requests.length > largestBatch) {
    return exchangeBadRequest(`The batch has ${requests.length} requests, more than ${largestBatch}.`);
  }
  const responses = requests.map((item) => ({
    id: item.id,
    ...partOf(answerItem(context, faults, item)),
  }));
  return jsonReply(200, { responses });
};

const answerItem = (context: CommandContext, faults: Faults, item: Item): Reply => {
  const url = new URL(item.url, context.baseUrl);
  const { tenantId } = context.state.tenant;
  const call: Call = { operation: 'exchange-item', tenantId, ...targetOf(item.body) };
  const outcome = outcomeOf(faults.take(call), call);
  if (outcome.kind === 'replace') return outcome.reply;
  if (outcome.kind !== 'deliver')
    return exchangeError(504, 'System.TimeoutException', 'The command took too long.');
  if (url.pathname.toLowerCase() !== `/adminapi/beta/${tenantId}/InvokeCommand`.toLowerCase()) {
    return exchangeBadRequest(`A batch cannot contain a request to ${url.pathname}.`);
  }
  const headers = Object.fromEntries(
    Object.entries(item.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return invokeCommand(context, { headers, query: queryOf(url), body: item.body });
};

/** A body that is not JSON is returned as text. */
const partOf = ({ status, headers, body }: Reply): { readonly status: number; readonly body: unknown } => {
  const text = Buffer.isBuffer(body) ? body.toString() : Buffer.concat([...body()]).toString();
  const isJson = headers['Content-Type']?.startsWith('application/json') === true;
  return { status, body: isJson ? (JSON.parse(text) as unknown) : text };
};
