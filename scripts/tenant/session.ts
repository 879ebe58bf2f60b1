/** What a tenant command works with. */
import type { Context } from '../command-line/context.ts';
import type { Api } from './api.ts';

export interface Session extends Context {
  readonly api: Api;
}
