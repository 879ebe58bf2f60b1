/** What several tenant commands take, and how they run. */
import { Argument } from '@commander-js/extra-typings';
import type { Outcome } from '../command-line/context.ts';
import { text } from '../command-line/values.ts';
import type { Session } from './api.ts';

/** The tenant that a command is about. */
export const tenantArgument = () =>
  new Argument('<tenant>', 'ID, domain, or a display name that only one tenant has').argParser(text);

/** A set of tenants, as the API takes it. */
export const setMeaning = "tag:NAME, '*' for all, or a list separated by commas";

/** Makes an action of a command: it runs in a session of its own, and what it comes to is reported. */
export type Within = <A extends readonly unknown[]>(
  command: (session: Session, ...args: A) => Promise<Outcome>,
) => (...args: A) => Promise<void>;
