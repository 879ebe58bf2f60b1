/** Groups of operations, in the words of the documents that list them. */

/** What each group is for. */
export const areaMeanings = {
  Records: 'Searches, counts, and downloads the audit records of one tenant or several.',
  Feed: 'Reads new records in the order in which they arrived, so that late ones are not missed.',
  'Saved searches': 'Keeps filters under a name, so that flows and people share them.',
  Webhooks: 'Sends new records to an address as soon as they arrive, signed as defined by Standard Webhooks.',
  Destinations:
    'Sends records on to databases, SIEMs, and other systems, in order, and says how far each has got.',
  Channels:
    'Notifies people of what is found: by mail, in Teams and Slack, as incidents and tickets, each once.',
  Watches: 'Applies rules to new records as they arrive, and lists what they found.',
  Exports: 'Writes matching records to files of any size, with a manifest for recipients.',
  Reports: 'Computes reports for people, and renders them as pages, tables, workbooks, or data.',
  Imports: 'Adds records that a tenant exported earlier or elsewhere, marked as imported.',
  Backfills: "Adds what happened before collection began, found by Microsoft's search of the audit log.",
  Tenants: 'Onboards, checks, and offboards tenants, and shows what was collected from them.',
  Enablements: 'Turns auditing on in a tenant, step by step.',
  Access: 'Manages client keys, and shows who called what, and what a caller may do.',
  Vocabulary: 'Lists the values that records often have, for pickers.',
  Description: 'Describes this interface, and says that the app answers. None of it needs credentials.',
} as const;
export type Area = keyof typeof areaMeanings;
