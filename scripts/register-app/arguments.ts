/** The command line of `npm run register-app`, read into what is wanted. */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { cloudSchema, clouds, type Cloud } from '../../shared/activity/clouds.ts';
import { UsageError } from './usage.ts';

export interface Wanted {
  readonly name: string;
  /** Undefined: the registration is found by its name. */
  readonly clientId: string | undefined;
  /** Where an administrator who has consented is sent back to; undefined: not known yet. */
  readonly callbackUrl: string | undefined;
  /** Principal id of the managed identity; undefined: not known yet. */
  readonly identity: string | undefined;
  readonly cloud: Cloud;
  readonly tenantId: string | undefined;
  readonly dlp: boolean;
  readonly whatIf: boolean;
}

export type CommandLine =
  { readonly help: true } | { readonly help: false; readonly json: boolean; readonly wanted: Wanted };

/** @throws UsageError with one line saying what is wrong */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const values = readOptions(args);
  if (values.help) return { help: true };
  const wanted = {
    name: nameIn(values.name),
    clientId: guidIn('--client-id', values['client-id']),
    callbackUrl: values.url === undefined ? undefined : callbackUrlOf(values.url),
    identity: guidIn('--identity', values.identity),
    cloud: cloudIn(values.cloud),
    tenantId: guidIn('--tenant', values.tenant),
    dlp: values.dlp,
    whatIf: values['what-if'],
  };
  return { help: false, json: values.json, wanted };
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ url: text, identity: text, name: text, 'client-id': text, tenant: text, cloud: text },
        ...{ dlp: flag, 'what-if': flag, json: flag, help: flag },
      },
    }).values;
  } catch (cause) {
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new UsageError(sentence, { cause });
  }
}

/** Entra allows 120 characters. */
const longestName = 120;

function nameIn(value: string | undefined): string {
  const name = value?.trim() ?? 'Auditkeep';
  if (name === '' || name.length > longestName) {
    throw new UsageError(`--name must have 1 to ${longestName} characters`);
  }
  return name;
}

function guidIn(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const id = z.guid().safeParse(value.trim()).data;
  if (id === undefined) throw new UsageError(`${option} must be a GUID`);
  return id.toLowerCase();
}

function cloudIn(value: string | undefined): Cloud {
  const cloud = cloudSchema.safeParse(value ?? 'enterprise').data;
  if (cloud === undefined) throw new UsageError(`--cloud must be of ${clouds.join(', ')}`);
  return cloud;
}

/** With or without `/api`, as it is in AUDITKEEP_PUBLIC_URL or in the browser. Entra compares to the letter. */
function callbackUrlOf(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new UsageError('--url must be an address like https://myapp.azurewebsites.net');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/api' : path}/consent/callback`;
}
