/** `hold` and `lift-hold`: show, place, and lift the legal hold of a tenant. */
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import type { LegalHold, Read, Session } from './api.ts';
import { toMinute } from './describe-tenant.ts';
import { findTenantId } from './find-tenant.ts';

/** Without a reason only shows it. @throws Failure */
export async function hold(
  { api }: Session,
  named: string,
  { reason }: { readonly reason?: string },
): Promise<Outcome> {
  const tenantId = await findTenantId(api, named);
  return outcomeOf(
    await (reason === undefined ? api.getLegalHold(tenantId) : api.placeLegalHold(tenantId, { reason })),
  );
}

/** @throws Failure when none is in force */
export async function liftHold(
  { api }: Session,
  named: string,
  { reason }: { readonly reason: string },
): Promise<Outcome> {
  return outcomeOf(await api.liftLegalHold(await findTenantId(api, named), { reason }));
}

function outcomeOf({ value, body }: Read<LegalHold>): Outcome {
  const { tenantId, isHeld, history } = value;
  const rows = history.map(({ action, atDateTime, by, reason }) => [
    action,
    toMinute(atDateTime),
    by,
    reason,
  ]);
  const parts = [
    isHeld
      ? `${tenantId} is under legal hold: nothing of it is deleted. To lift it: npm run tenant -- lift-hold ${tenantId} --reason …`
      : `${tenantId} is not under legal hold.`,
    rows.length > 0 && drawTable(['Action', 'When', 'Who', 'Why'], rows),
  ];
  return { exitCode: 0, answer: body, text: parts.filter(Boolean).join('\n\n') };
}
