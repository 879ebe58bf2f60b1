/** The tenant commands about how long data is kept: removal, legal hold, retention. */
import { Option, type Command } from '@commander-js/extra-typings';
import { leastIndexMonths, mostIndexMonths, mostRawDays } from '../../shared/retention/retention.ts';
import { guid, text, wholeNumber } from '../command-line/values.ts';
import { tenantArgument, type Within } from './arguments.ts';
import { hold, liftHold } from './hold.ts';
import { cancelRemoval, remove } from './remove.ts';
import { retention } from './retention.ts';

/** Adds them to `tenant`. */
export function defineKeeping(tenant: Command, within: Within): void {
  defineRemoval(tenant, within);
  defineHolds(tenant, within);
  defineRetention(tenant, within);
}

function defineRemoval(tenant: Command, within: Within): void {
  tenant
    .command('remove')
    .description(
      'Stops collecting from a tenant and offboards it. Without --yes only shows what it would do.',
    )
    .addArgument(tenantArgument())
    .option('--purge', 'also delete all data of the tenant, permanently, after a delay')
    .option('--yes', 'do it')
    .action(within(remove));
  tenant
    .command('cancel-removal')
    .description('Calls a removal back; a purge that has not begun has deleted nothing.')
    .argument('<removal>', 'ID of the removal', guid)
    .action(within(cancelRemoval));
}

function defineHolds(tenant: Command, within: Within): void {
  tenant
    .command('hold')
    .description('Shows the legal hold of a tenant; with a reason places one: nothing of it is deleted.')
    .addArgument(tenantArgument())
    .option('--reason <text>', 'why it is placed; recorded with who did it', text)
    .action(within(hold));
  tenant
    .command('lift-hold')
    .description('Lifts the legal hold of a tenant. A purge that waits for it continues within an hour.')
    .addArgument(tenantArgument())
    .requiredOption('--reason <text>', 'why it is lifted; recorded with who did it', text)
    .action(within(liftHold));
}

const limits = ['indexMonths', 'rawDays', 'yes'];

function defineRetention(tenant: Command, within: Within): void {
  tenant
    .command('retention')
    .description(
      'Shows how long data of a tenant is kept, or sets it as a whole. Limits are set with --yes only.',
    )
    .addArgument(tenantArgument())
    .option(
      '--index-months <months>',
      'whole months before the current one whose records are kept',
      wholeNumber(leastIndexMonths, mostIndexMonths),
    )
    .option(
      '--raw-days <days>',
      'days for which raw blobs are kept (default: forever)',
      wholeNumber(1, mostRawDays),
    )
    .addOption(new Option('--forever', 'keep everything').conflicts(limits))
    .option('--yes', 'do it')
    .action(within(retention));
}
