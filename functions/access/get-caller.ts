/** Who is calling, and what that caller may do: for people and programs that offer only what they may use. */
import type { Caller, Identity } from '../../shared/access/caller.ts';
import * as api from '../../shared/api/access.ts';
import { handler } from '../../shared/http/handler.ts';

export const getCallerHandler = handler(api.getCaller, (_deps, { caller, reply }) => {
  const { kind, displayName, expiresDateTime } = identityOf(caller);
  const access = caller.grants.map(({ tenants, scopes }) => ({ tenants, scopes: [...scopes] }));
  const expires = expiresDateTime?.toISOString();
  return reply(200, { id: caller.id, kind, displayName, expiresDateTime: expires, access });
});

/** The operation takes neither links nor signatures, so all its callers have one. */
function identityOf({ id, identity }: Caller): Identity {
  if (identity === undefined) throw new Error(`${id} was let in without a key or token.`);
  return identity;
}
