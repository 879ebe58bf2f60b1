/** What the benchmark measured, and what is assumed in addition. */
/**
 * What `npm run bench -- --only d,e,f --json` printed; the compiler checks that it has each figure that is used. `Small`
 * is of content blobs of ten records; a poll that finds one (`SmallPoll`) includes its indexing, a `QuietPoll` finds none.
 */
export { default as measured } from './bench.json' with { type: 'json' };

/**
 * What no benchmark on one machine can measure: Azure's share, and times over a real network. Each errs on the expensive
 * side; docs/cost.md lists them.
 */
export const assumed = {
  /** Of a poll, network and storage included; several tenants are polled at once. */
  secondsPerBusyPoll: 3,
  secondsPerQuietPoll: 1.5,
  /** Of indexing one landing: the first second, then each record. */
  secondsPerLanding: 1,
  secondsPerRecordIndexed: 0.003,
  /** Queue messages that one enablement takes. */
  enablementMessages: 10,
  /** The text of a record, and its share of a landing's gzip (measured over real records). */
  textBytesPerRecord: 1400,
  rawBytesPerRecord: 200,
  /** Of a record in a segment (362 of generated records, 179 of real ones), and of its claim, which stays in a table. */
  segmentBytesPerRecord: 370,
  claimBytesPerRecord: 150,
  /** Until the table of a month is dropped: AUDITKEEP_COMPACT_AFTER_MONTHS, half a month, and the steps. */
  daysInTables: 110,
  /** Its rows are written, read again, and compared. */
  secondsPerRecordCompacted: 0.001,
  /** On a host that has announced none. The committed run of the benchmark is from before landings were announced. */
  requestsPerAnnouncement: 3,
  /** Rows of Ledger, Landings, and Arrivals. */
  tableBytesPerLanding: 1850,
  accessLogBytes: 600,
  bytesPerPage: 100_000,
  /** Rows in Log Analytics: an event or request, a measurement, a logged storage request. */
  eventBytes: 1000,
  metricBytes: 600,
  storageLogBytes: 1000,
  /** start, finish, request */
  eventsPerExecution: 3,
  metricsPerLanding: 3,
  /** Lag of four content types, pending, gaps, refused. */
  gaugesPerTenant: 7,
  /** Tenants, unmeasured. */
  gaugesOfApp: 2,
  /** Requests to storage, each time a tenant is measured. */
  watchRequestsPerTenant: 4,
  /** The host renews its own lease every 5 s and one for each timer every 30 s, and keeps an instance alive for that. */
  hostLeasesPerDay: 17_280,
  timerLeasesPerDay: 2880,
  /** Reads of the settings that refer to the key vault: each time an instance starts. */
  vaultReadsPerDay: 300,
} as const;
