/** How `npm run tenant` is used, and the error that says it was not. */

export const usage = `Usage: npm run tenant -- COMMAND [TENANT] [options]

Drives Auditkeep's API from a terminal. TENANT is an id, a domain, or a name that only one tenant has.

  add DOMAIN|ID           takes a tenant into care; shows the link to consent by where that is missing
    --name NAME             how it is called (default: the domain or id)
    --cloud CLOUD           enterprise, gcc, gccHigh or dod
    --content-types A,B     what is collected (default: all but DLP.All)
    --repair-drift          auditing that somebody switches off is switched on again without asking
    --wait                  waits up to an hour for the consent
    --enable                waits, then turns auditing on
  enable TENANT           turns auditing on and shows what it was and is
    --dry-run               only says what it would change
    --workloads A,B         of organization, mailboxes, feed (default: all)
    --mailbox ADDRESS       this mailbox only, by address or name; may be repeated
    --filter FILTER         mailboxes that Exchange finds by this filter only
    --age-days N            how long mailboxes keep their own audit log (default: 365)
    --admin-actions A,B     what is audited of administrators in mailboxes
    --delegate-actions A,B  … of delegates
    --owner-actions A,B     … of owners, besides
    --remove-bypasses       ends exemptions from mailbox auditing
  check TENANT            looks anew whether all that is needed is there, and how auditing stands
  list                    all tenants
  consent TENANT          a new link to consent by
  remove TENANT --yes     stops collecting; without --yes only says what would be done
    --purge                 deletes its data too, for good

  --json                  prints the API's last answer, and nothing else, on standard output
  --help                  this text

AUDITKEEP_URL   where it runs, e.g. https://myapp.azurewebsites.net
AUDITKEEP_KEY   a client key; npm run key makes one. It needs records.read; to enable, auditing.enable;
                for add, check, consent and remove, tenants.manage

Ctrl-C while enabling asks to cancel and waits for that; a second one leaves.
Exit code 0: good; 1: it failed, or something is wrong; 2: not used like this; 130: left by Ctrl-C.
npm run --silent keeps npm's own lines out of standard output.`;

/** The command, an option or a setting is not usable; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
