/** The command line, read into what is to be done. */
import { domainToASCII } from 'node:url';
import * as z from 'zod';
import { clouds } from '../../shared/activity/clouds.ts';
import { contentTypes } from '../../shared/activity/content-types.ts';
import { workloads } from '../../shared/enablement/enablement.ts';
import type { EnablementRequest, TenantRegistration } from './api.ts';
import {
  daysOf,
  flag,
  listOf,
  oneOf,
  onlyOne,
  readArguments,
  tenantIn,
  text,
  texts,
} from './argument-values.ts';
import { UsageError } from './usage.ts';

export interface AddCommand {
  readonly name: 'add';
  readonly registration: TenantRegistration;
  readonly wait: boolean;
  readonly enable: boolean;
}

export interface EnableCommand {
  readonly name: 'enable';
  readonly tenant: string;
  readonly request: EnablementRequest;
}

export interface RemoveCommand {
  readonly name: 'remove';
  readonly tenant: string;
  readonly purge: boolean;
  readonly yes: boolean;
}

interface TenantCommand {
  readonly name: 'check' | 'consent';
  readonly tenant: string;
}

export type Command = AddCommand | EnableCommand | RemoveCommand | TenantCommand | { readonly name: 'list' };

export type CommandLine =
  { readonly help: true } | { readonly help: false; readonly json: boolean; readonly command: Command };

const parsers: Readonly<Record<string, (args: readonly string[]) => Parsed>> = {
  add: parseAdd,
  enable: parseEnable,
  check: (args) => parseForTenant('check', args),
  list: parseList,
  consent: (args) => parseForTenant('consent', args),
  remove: parseRemove,
};

interface Parsed {
  readonly command: Command;
  readonly json: boolean;
}

/** @throws UsageError with one line saying what is wrong */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const [name, ...rest] = args;
  if (name === 'help' || args.includes('--help')) return { help: true };
  const names = Object.keys(parsers).join(', ');
  if (name === undefined) throw new UsageError(`A command is missing: one of ${names}`);
  const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (parse === undefined) throw new UsageError(`There is no command ${name}: it is one of ${names}`);
  return { help: false, ...parse(rest) };
}

function parseAdd(args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(args, {
    ...{ name: text, cloud: text, 'content-types': text },
    ...{ 'repair-drift': flag, wait: flag, enable: flag },
  });
  const registration = {
    ...idOrDomain(onlyOne(positionals, 'its domain or id')),
    displayName: values.name,
    cloud: values.cloud === undefined ? undefined : oneOf('--cloud', clouds, values.cloud),
    contentTypes: listOf('--content-types', values['content-types'], contentTypes),
    repairDrift: values['repair-drift'],
  };
  const { wait = false, enable = false, json = false } = values;
  return { command: { name: 'add', registration, wait: wait || enable, enable }, json };
}

const domainPattern = /^(?=.{4,253}$)([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/;

function idOrDomain(named: string): TenantRegistration {
  const id = z.guid().safeParse(named).data;
  if (id !== undefined) return { tenantId: id.toLowerCase() };
  const domain = domainToASCII(named);
  if (!domainPattern.test(domain)) throw new UsageError(`${named} is neither a domain nor a tenant's id`);
  return { domain };
}

function parseEnable(args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(args, {
    ...{ 'dry-run': flag, 'remove-bypasses': flag },
    ...{ workloads: text, mailbox: texts, filter: text, 'age-days': text },
    ...{ 'admin-actions': text, 'delegate-actions': text, 'owner-actions': text },
  });
  const request = {
    dryRun: values['dry-run'],
    workloads: listOf('--workloads', values.workloads, workloads),
    mailboxes: selectionOf(values),
    auditLogAgeDays: values['age-days'] === undefined ? undefined : daysOf(values['age-days']),
    nonOwner: nonOwnerOf(values),
    owner: listOf('--owner-actions', values['owner-actions']),
    removeBypasses: values['remove-bypasses'],
  };
  const command = { name: 'enable', tenant: tenantIn(positionals), request } as const;
  return { command, json: values.json ?? false };
}

interface SelectionValues {
  readonly mailbox?: readonly string[] | undefined;
  readonly filter?: string | undefined;
}

function selectionOf({ mailbox, filter }: SelectionValues): EnablementRequest['mailboxes'] {
  if (mailbox === undefined) return filter === undefined ? undefined : { filter };
  if (filter !== undefined) throw new UsageError('--mailbox and --filter exclude each other');
  return mailbox;
}

interface ActionValues {
  readonly 'admin-actions'?: string | undefined;
  readonly 'delegate-actions'?: string | undefined;
}

function nonOwnerOf(values: ActionValues): EnablementRequest['nonOwner'] {
  const admin = listOf('--admin-actions', values['admin-actions']);
  const delegate = listOf('--delegate-actions', values['delegate-actions']);
  return admin === undefined && delegate === undefined ? undefined : { admin, delegate };
}

function parseRemove(args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(args, { purge: flag, yes: flag });
  const { purge = false, yes = false, json = false } = values;
  return { command: { name: 'remove', tenant: tenantIn(positionals), purge, yes }, json };
}

function parseForTenant(name: 'check' | 'consent', args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(args, {});
  return { command: { name, tenant: tenantIn(positionals) }, json: values.json ?? false };
}

function parseList(args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(args, {});
  if (positionals[0] !== undefined) throw new UsageError(`Unexpected argument '${positionals[0]}'`);
  return { command: { name: 'list' }, json: values.json ?? false };
}
