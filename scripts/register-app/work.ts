/** What a registration should have, and what its steps work with. */
import type { Cloud } from '../../shared/activity/clouds.ts';
import type { Context } from '../command-line/context.ts';
import type { PermissionOption } from '../../shared/tenants/permissions.ts';
import type { GraphClient, GraphRequest } from './graph-client.ts';

export interface Wanted {
  readonly name: string;
  /** Undefined: the registration is found by its name. */
  readonly clientId?: string | undefined;
  /** To which an administrator returns after consent; undefined: not known yet. */
  readonly callbackUrl: string | undefined;
  /** Principal ID of the managed identity; undefined: not known yet. */
  readonly identity?: string | undefined;
  readonly cloud: Cloud;
  readonly tenantId: string | undefined;
  /** What further permissions are for. */
  readonly options: ReadonlySet<PermissionOption>;
  /** Changes nothing. */
  readonly whatIf: boolean;
}

export interface Work extends Pick<Context, 'pause'> {
  readonly graph: GraphClient;
  readonly wanted: Wanted;
  /** Your tenant. */
  readonly publisherId: string;
  /** Makes the changes that the texts name; resolves with what Graph created, or undefined where nothing is written. */
  readonly change: (texts: readonly string[], request: GraphRequest) => Promise<unknown>;
}

/** A member of the application as it should be. */
export interface MemberPlan {
  /** What changes, in words; empty when nothing does. */
  readonly texts: readonly string[];
  readonly value: unknown;
}
