/** `import`: onboards the tenants of a file, and writes the consent links to send next to it. */
import { rename, writeFile } from 'node:fs/promises';
import type { Command } from '@commander-js/extra-typings';
import { joinMails, linksAsCsv } from '../../shared/onboardings/link-texts.ts';
import { onChange, type Outcome } from '../command-line/context.ts';
import { counted } from '../command-line/terminal-text.ts';
import { text } from '../command-line/values.ts';
import type { LinkToSend, Onboarding, Operation, Read, Session } from './api.ts';
import type { Within } from './arguments.ts';
import { describeOnboarding, describePlan, hasRefused } from './describe-onboarding.ts';
import { follow } from './follow.ts';
import { readTenantsFile } from './tenants-file.ts';

/** Adds it to `tenant`. */
export function defineImport(tenant: Command, within: Within): void {
  tenant
    .command('import')
    .description(
      'Onboards the tenants of a CSV file with the columns domain or id, name, and tags (separated by semicolons), and ' +
        'writes the consent links to send to FILE.consent.csv. Run it again if it was interrupted: it continues.',
    )
    .argument('<file>', 'the CSV file, in UTF-8; its first line names the columns', text)
    .option('--dry-run', 'look the tenants up, show what an import would do, and change nothing')
    .option('--relationship', 'consent by your relationships in Partner Center where possible')
    .option('--mails <name>', 'also write mails to send, signed with this name, to FILE.consent.txt', text)
    .action(within(importTenants));
}

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly relationship?: boolean;
  readonly mails?: string;
}

/** Exits with 1 if a row was, or would be, refused. @throws Failure */
async function importTenants(
  session: Session,
  file: string,
  { dryRun = false, relationship = false, mails }: ImportOptions,
): Promise<Outcome> {
  const lines = await readTenantsFile(file);
  const tenants = lines.map(({ tenant }) => tenant);
  const consent = relationship ? 'relationship' : 'link';
  const operation = await session.api.startOnboarding({ tenants, consent, dryRun });
  const { value: onboarding, body } = await followOnboarding(session, operation);
  const exitCode = hasRefused(onboarding) ? 1 : 0;
  if (dryRun) return { exitCode, answer: body, text: describePlan(onboarding, lines) };
  const { value } = (await session.api.createOnboardingLinks(onboarding.id, { partnerName: mails })).value;
  const written = await writeLinks(file, value, mails !== undefined);
  const text = describeOnboarding(onboarding, { lines, links: value.length, written });
  return { exitCode, answer: body, text };
}

async function followOnboarding(
  session: Session,
  { path, retryAfterMs: waitMs }: Operation,
): Promise<Read<Onboarding>> {
  const show = onChange(session.progress);
  return await follow(session, {
    read: () => session.api.getOnboarding(path),
    isFinished: ({ status }) => status !== 'NotStarted' && status !== 'Running',
    onRead: ({ doneCount, tenantCount }) => {
      show(`${doneCount} of ${counted(tenantCount, 'tenant')} done`);
    },
    waitMs,
  });
}

/** Also without links: a file of an earlier run would list those that are used up. @returns the names of the files */
async function writeLinks(
  file: string,
  links: readonly LinkToSend[],
  withMails: boolean,
): Promise<readonly string[]> {
  const base = file.replace(/\.csv$/i, '');
  const csv = `${base}.consent.csv`;
  await replaceFile(csv, linksAsCsv(links));
  if (!withMails) return [csv];
  const mails = links.map((link) => ({ ...link, subject: link.mailSubject, text: link.mailText }));
  await replaceFile(`${base}.consent.txt`, joinMails(mails));
  return [csv, `${base}.consent.txt`];
}

/** Whole or not at all, and for its owner only: links are credentials. */
async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, file);
}
