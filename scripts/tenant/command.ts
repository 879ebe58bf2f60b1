/** `auditkeep tenant`: manages tenants through the API. */
import { domainToASCII } from 'node:url';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { clouds } from '../../shared/activity/clouds.ts';
import { allTenants } from '../../shared/access/tenant-set.ts';
import { contentTypes } from '../../shared/activity/content-types.ts';
import { workloads } from '../../shared/enablement/enablement.ts';
import { tagSchema } from '../../shared/tenants/tags.ts';
import { onChange, type Context, type Define, type Outcome } from '../command-line/context.ts';
import { collect, listOf, oneOf, parsedBy, text, wholeNumber } from '../command-line/values.ts';
import { add } from './add.ts';
import { createApi, type Session } from './api.ts';
import { setMeaning, tenantArgument, type Within } from './arguments.ts';
import { check } from './check.ts';
import { defineKeeping } from './define-keeping.ts';
import { describeConsent, drawTenants } from './describe-tenant.ts';
import { enable } from './enable.ts';
import { findTenantId } from './find-tenant.ts';
import { createSend } from './http-client.ts';
import { defineImport } from './import.ts';
import { definePartnerCenter } from './partner-center.ts';
import { listPostures } from './list-postures.ts';
import { readSettings } from './settings.ts';

const environment = `
Environment:
  AUDITKEEP_URL  address of the deployment, e.g. https://myapp.azurewebsites.net
  AUDITKEEP_KEY  a client key; npm run key creates one. Scopes: records.read; to enable, also
                 auditing.enable; for add, import, check, consent, customers, grant-consent,
                 remove, cancel-removal, hold, and to set a retention, also tenants.manage;
                 for remove --purge and lift-hold, also tenants.purge`;

const names = listOf(text);

export const define: Define = (tenant, context) => {
  /** Runs a command in a session of its own, and reports what it comes to. */
  const within: Within =
    (command) =>
    async (...args) => {
      context.report(await command(openSession(context), ...args));
    };
  tenant.description('Manages tenants through the API of a deployment.').addHelpText('afterAll', environment);
  tenant
    .command('add')
    .description('Onboards a tenant; shows the consent link if consent is missing.')
    .argument('<domain-or-id>', 'the tenant', domainOrId)
    .option('--name <name>', 'display name (default: the domain or ID)', text)
    .option('--cloud <cloud>', clouds.join(', '), oneOf(clouds))
    .option(
      '--content-types <list>',
      'what to collect, separated by commas (default: all but DLP.All)',
      typeList,
    )
    .option('--tags <list>', 'tags, separated by commas', listOf(parsedBy(tagSchema)))
    .option('--repair-drift', 'enable auditing again automatically when it is disabled')
    .option('--wait', 'wait up to an hour for consent')
    .option('--enable', 'wait for consent, then enable auditing')
    .action(within(add));
  tenant
    .command('enable')
    .description(
      'Enables auditing and shows the settings before and after; of several tenants the number of changes in each. ' +
        'The first Ctrl-C cancels the enablement; a second one leaves it running.',
    )
    .argument('<tenant>', `ID, domain, or display name; or several: ${setMeaning}`, text)
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--workloads <list>', `${workloads.join(', ')} (default: all)`, listOf(oneOf(workloads)))
    .option('--mailbox <address>', 'only this mailbox, by address or name; may be repeated', collect)
    .option('--filter <filter>', 'only mailboxes that match this Exchange filter', text)
    .option(
      '--age-days <days>',
      'days for which mailboxes keep their own audit log at least (default: 365)',
      ageDays,
    )
    .option('--lower', 'also shorten longer audit logs, which deletes their older entries')
    .option('--admin-actions <list>', 'mailbox actions of administrators to audit as well', names)
    .option('--delegate-actions <list>', 'mailbox actions of delegates to audit as well', names)
    .option('--owner-actions <list>', 'mailbox actions of owners to audit as well', names)
    .option('--remove-bypasses', 'end exemptions from mailbox auditing')
    .action(within(enable));
  tenant
    .command('check')
    .description('Checks permissions now, and shows the latest auditing posture.')
    .addArgument(tenantArgument())
    .action(within(check));
  tenant
    .command('posture')
    .description('Lists the latest auditing posture of several tenants, the worst first.')
    .argument('[tenants]', setMeaning, text, allTenants)
    .action(within(listPostures));
  tenant.command('list').description('Lists all tenants that the key may read.').action(within(list));
  tenant
    .command('consent')
    .description('Creates a new consent link.')
    .addArgument(tenantArgument())
    .action(within(consent));
  defineImport(tenant, within);
  definePartnerCenter(tenant, within);
  defineKeeping(tenant, within);
};

const typeList = listOf(oneOf(contentTypes));
const ageDays = wholeNumber(1, 3650);
const domainPattern = /^(?=.{4,253}$)([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/;

function domainOrId(named: string): { readonly tenantId: string } | { readonly domain: string } {
  const id = z.guid().safeParse(named.trim()).data;
  if (id !== undefined) return { tenantId: id.toLowerCase() };
  const domain = domainToASCII(named.trim());
  if (!domainPattern.test(domain)) throw new InvalidArgumentError('Must be a domain or a tenant ID.');
  return { domain };
}

function openSession(context: Context): Session {
  const onRetry = onChange((reason) => {
    context.notify(`Retrying: ${reason}`);
  });
  const { pause, retryBaseMs, env } = context;
  const api = createApi(createSend({ ...readSettings(env), pause, retryBaseMs, onRetry }));
  return { ...context, api };
}

async function list({ api }: Session): Promise<Outcome> {
  const { value, body } = await api.listTenants();
  return { exitCode: 0, answer: body, text: drawTenants(value.value) };
}

async function consent({ api }: Session, tenant: string): Promise<Outcome> {
  const { value, body } = await api.createConsentLink(await findTenantId(api, tenant));
  return { exitCode: 0, answer: body, text: describeConsent(value.url, value.expiresDateTime) };
}
