/** The request of an enablement as callers send it: stricter than what is stored. */
import * as z from 'zod';
import { enablementRequestSchema } from './enablement.ts';
import type { LogonType } from './exchange-admin.ts';
import { actionsOf, spelled } from './mailbox-actions.ts';

const maxActions = 40;

/** Checked here, as a change that names an unknown action would be refused mailbox by mailbox. */
function knownActions(type: LogonType) {
  const known = actionsOf(type);
  const error = `is not an action that Exchange can audit for the logon type ${type}. Use one of: ${known.join(', ')}`;
  const action = z
    .string()
    .overwrite((text) => spelled(type, text))
    .refine((text) => known.includes(text), error)
    .meta({ id: `Mailbox${type.slice(0, 1).toUpperCase()}${type.slice(1)}Action`, enum: known });
  return z.array(action).max(maxActions);
}

/** Body of `POST /tenants/{tenantId}/enablements`. Actions come out in Microsoft's spelling. */
export const enablementBodySchema = enablementRequestSchema.extend({
  nonOwner: z
    .strictObject({ admin: knownActions('admin').optional(), delegate: knownActions('delegate').optional() })
    .optional()
    .meta({ description: 'Actions of others to audit in addition.' }),
  owner: knownActions('owner').optional().meta({ description: 'Actions of owners to audit in addition.' }),
});
