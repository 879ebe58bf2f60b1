/** The command line of `npm run reindex`, read into what is wanted. */
import * as z from 'zod';
import { tenantIdSchema } from '../../shared/tenants/tenant.ts';
import type { OperatorCommand, Wish } from '../poison/operator-command.ts';
import { flag, onlyOne, readArguments, text } from '../tenant/argument-values.ts';
import { UsageError } from '../tenant/usage.ts';
import { reindex } from './reindex.ts';
import { usage } from './usage.ts';

export const reindexCommand: OperatorCommand = { name: 'reindex', usage, parse };

function parse(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, { from: text, to: text, 'dry-run': flag });
  const [from, to] = [dayIn('--from', values.from), dayIn('--to', values.to)];
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UsageError(`--to must be after --from: the day it names is left out`);
  }
  const wanted = { tenantId: tenantIn(positionals), from, to, dryRun: values['dry-run'] ?? false };
  return { json: values.json ?? false, fulfil: (session) => reindex(session, wanted) };
}

function tenantIn(positionals: readonly string[]): string {
  const given = onlyOne(positionals, 'its id');
  const id = tenantIdSchema.safeParse(given).data;
  if (id === undefined) throw new UsageError(`The tenant must be given by its id, a GUID, not as '${given}'`);
  return id;
}

function dayIn(option: string, value: string | undefined): string | undefined {
  const day = z.iso.date().optional().safeParse(value?.trim());
  if (!day.success) throw new UsageError(`${option} must be a day such as 2026-03-01, not '${value ?? ''}'`);
  return day.data;
}
