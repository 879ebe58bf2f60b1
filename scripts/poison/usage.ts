/** How `npm run poison` is used. */

export const usage = `Usage: npm run poison -- COMMAND [options]

Shows what lies in the poison queues and sends it again to its queue. Mend the cause first: docs/operations.md.

  list                    all messages, up to 32 of each queue
  resend QUEUE            sends what lies there now again, oldest first
    --id ID                 this message only
  clear QUEUE --id ID     deletes one message for good; without --yes only says what would be done
    --yes                   does it

  --json                  prints the outcome as JSON, and nothing else, on standard output
  --help                  this text

QUEUE is a work queue such as raw-blobs; what is meant is the poison queue beside it. Of messages only ids are shown,
never what else is in them. A message is put into its queue before it is deleted: whatever happens in between, it is
there at least once, and work that is done twice changes nothing. While messages are searched they are hidden from
others, for two minutes at most.

Storage is AzureWebJobsStorage, a connection string; or AzureWebJobsStorage__blobServiceUri, …__queueServiceUri and
…__tableServiceUri, entered as whoever is signed in (az login), who needs Storage Queue Data Contributor there; or
else what local.settings.json names.

Exit code 0: nothing is there, or all is done; 1: something is there, or it failed; 2: not used like this.`;
