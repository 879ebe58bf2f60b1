/** `list`: all tenants that the key may see. */
import { drawTenants } from '../describe-tenant.ts';
import type { Outcome, Session } from '../session.ts';

/** @throws ApiFailure */
export async function list({ api }: Session): Promise<Outcome> {
  const { value, body } = await api.listTenants();
  return { exitCode: 0, answer: body, text: drawTenants(value) };
}
