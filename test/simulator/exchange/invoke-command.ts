/** Runs one cmdlet for an authorized caller. */

import * as z from 'zod';
import { jsonReply, type Reply } from '../http.ts';
import type { Settings } from '../settings.ts';
import type { TenantState } from '../tenant-states.ts';
import { CmdletError, type Cmdlet, type CmdletResult, type Row } from './cmdlet.ts';
import type { ExchangeCounters } from './exchange-counters.ts';
import { mailboxCmdlets } from './mailbox-cmdlets.ts';
import { organizationCmdlets } from './organization-cmdlets.ts';
import { mayRun } from './permissions.ts';
import { exchangeBadRequest, exchangeError, exchangeForbidden } from './replies.ts';
import type { Page, ResultPages } from './result-pages.ts';

/** A command, sent individually or in a batch. */
export interface Command {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly query: ReadonlyMap<string, string>;
  readonly body: unknown;
}

export interface CommandContext {
  /** Address of the simulator. */
  readonly baseUrl: string;
  readonly state: TenantState;
  readonly settings: Settings;
  readonly counters: ExchangeCounters;
  readonly pages: ResultPages;
  readonly now: Date;
}

const bodySchema = z.object({
  CmdletInput: z.object({ CmdletName: z.string(), Parameters: z.record(z.string(), z.unknown()) }),
});
const targetSchema = z.object({
  CmdletInput: z.object({
    CmdletName: z.string(),
    Parameters: z.object({ Identity: z.string().optional() }).optional(),
  }),
});

const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
  [...organizationCmdlets, ...mailboxCmdlets].map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]),
);

const auditConfigCmdlet = 'Set-AdminAuditLogConfig';
const auditConfigAnchor = 'SystemMailbox{8cc370d3-822a-4ab8-a926-bb94bd0641a9}';
const expiredText = 'Expired or Invalid pagination request. Default Expiry time is 00:30:00';
const truncatedText =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.';

/** The subject of a body, as far as it can be parsed. */
export const targetOf = (
  body: unknown,
): { readonly cmdlet?: string | undefined; readonly identity?: string | undefined } => {
  const input = targetSchema.safeParse(body).data?.CmdletInput;
  return { cmdlet: input?.CmdletName, identity: input?.Parameters?.Identity };
};

export const invokeCommand = (context: CommandContext, command: Command): Reply => {
  const parsed = bodySchema.safeParse(command.body);
  if (!parsed.success)
    return exchangeBadRequest(`The command is not valid. ${z.prettifyError(parsed.error)}`);
  const { CmdletName: name, Parameters: parameters } = parsed.data.CmdletInput;
  const cmdlet = cmdlets.get(name.toLowerCase());
  const roles = context.state.exchange.organization.get().effectiveRoles;
  if (cmdlet === undefined || !mayRun(cmdlet.name, roles)) {
    return exchangeForbidden(`The role assigned to the application does not allow ${name}.`);
  }
  const problem = problemOfAnchor(context, cmdlet.name, command.headers['x-anchormailbox']);
  return problem === undefined ? run(context, command, { cmdlet, parameters }) : exchangeBadRequest(problem);
};

/** A system mailbox must belong to this tenant; any other anchor is the mailbox that the command affects. */
const problemOfAnchor = (
  { state, settings }: CommandContext,
  cmdlet: string,
  anchor: string | undefined,
): string | undefined => {
  if (anchor === undefined || anchor === '') return 'The X-AnchorMailbox header is missing.';
  const [mailbox = '', organization] = anchor.replace(/^(?:APP|UPN):/i, '').split('@');
  const { tenantId, domain } = state.tenant;
  const isOurs = [tenantId, domain].some((name) => name.toLowerCase() === organization?.toLowerCase());
  if (mailbox.startsWith('SystemMailbox{') && !isOurs)
    return `The anchor ${anchor} is in another organization.`;
  const isRight = mailbox.toLowerCase() === auditConfigAnchor.toLowerCase();
  return settings.strictAnchor && cmdlet === auditConfigCmdlet && !isRight
    ? `The anchor ${anchor} does not lead to the mailbox that keeps this configuration.`
    : undefined;
};

interface Invocation {
  readonly cmdlet: Cmdlet;
  readonly parameters: unknown;
}

const run = (context: CommandContext, command: Command, { cmdlet, parameters }: Invocation): Reply => {
  const { state, settings, counters, pages, now } = context;
  const { tenantId } = state.tenant;
  const query = { tenantId, cmdlet: cmdlet.name, nowMs: now.getTime() };
  const pageSize = Math.min(pageSizeOf(command.headers['prefer']), settings.exchangePageSize);
  const token = command.query.get('$skiptoken');
  try {
    const page =
      token === undefined
        ? pages.first(query, runOnce(context, { cmdlet, parameters }), pageSize)
        : pages.next(query, token, { pageSize, lifetimeMs: settings.nextLinkLifetimeMs });
    if (page === undefined) return exchangeBadRequest(expiredText);
    if (token !== undefined) counters.countCommand({ tenantId, cmdlet: cmdlet.name });
    return resultReply(context, command, page);
  } catch (error) {
    if (error instanceof CmdletError) return exchangeError(400, error.type, error.message);
    throw error;
  }
};

const runOnce = ({ state, settings, counters }: CommandContext, invocation: Invocation): CmdletResult => {
  const { cmdlet, parameters } = invocation;
  const result = cmdlet.run({ state, settings }, parameters);
  counters.countCommand({ tenantId: state.tenant.tenantId, cmdlet: cmdlet.name, guid: result.guid });
  return result;
};

const pageSizeOf = (prefer: string | undefined): number => {
  const size = /odata\.maxpagesize\s*=\s*(?<size>[1-9]\d*)/i.exec(prefer ?? '')?.groups?.['size'];
  return size === undefined ? Number.POSITIVE_INFINITY : Number(size);
};

const resultReply = ({ baseUrl, state }: CommandContext, command: Command, page: Page): Reply => {
  const root = `${baseUrl}/adminapi/beta/${state.tenant.tenantId}`;
  const selected = command.query.get('$select')?.split(',');
  return jsonReply(200, {
    '@odata.context': `${root}/$metadata#Collection(Exchange.GenericHashTable)`,
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': page.truncated ? [truncatedText] : [],
    ...(page.next === undefined ? {} : { '@odata.nextLink': linkTo(root, command, page.next) }),
    value: selected === undefined ? page.rows : page.rows.map((row) => select(row, selected)),
  });
};

const linkTo = (root: string, command: Command, token: string): string => {
  const link = new URL(`${root}/InvokeCommand`);
  const selected = command.query.get('$select');
  if (selected !== undefined) link.searchParams.set('$select', selected);
  link.searchParams.set('$skiptoken', token);
  return link.href;
};

const select = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => names.some((wanted) => wanted.trim() === name)));
