/** How `npm run reindex` is used. */

export const usage = `Usage: npm run reindex -- TENANT [options]

Rebuilds index rows from the container raw: asks the indexer for every raw blob of a tenant again, oldest first. What
is there stays the same; what is missing comes back. It may be repeated, and broken off.

  TENANT                  the tenant's id
    --from DATE             landed on this day or later, such as 2026-03-01 (default: from the beginning)
    --to DATE               landed before this day, which is left out itself (default: to the end)
    --dry-run               only says how many there are on which day, and asks for nothing

  --json                  prints the outcome as JSON, and nothing else, on standard output
  --help                  this text

Days are UTC and those of landing, not those on which things happened: a month's records landed in the month and up to
two weeks after it. New records wait behind all that is asked for: take years month by month.

Storage is AzureWebJobsStorage, a connection string; or AzureWebJobsStorage__blobServiceUri, …__queueServiceUri and
…__tableServiceUri, entered as whoever is signed in (az login), who needs Storage Blob Data Reader and Storage Queue
Data Contributor there; or else what local.settings.json names.

Exit code 0: all is asked for; 1: there is no raw blob, or it failed; 2: not used like this.`;
