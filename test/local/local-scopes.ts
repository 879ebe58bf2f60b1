/** What the key of a local run may do. */
import { scopes, type Scope } from '../../shared/access/api-keys.ts';

/** All that the documents teach first; what was destroyed by mistake would be gone. */
export const localScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'tenants.purge');
