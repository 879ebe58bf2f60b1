/** How large and slow a package may be, and when it cannot be deployed. */

/**
 * Every cold start reads and compiles the main script and what that imports statically: 2.1 MB. Two fifths of it are Auditkeep's own code, for 152
 * operations of HTTP; the rest are clients of storage and sign-in, and validation, which are all needed at the start. What is rarely used is
 * loaded later (ADR 36). All scripts are limited to twice as much: each new instance downloads them, and nothing reads all of them.
 */
export const targets = {
  bundleBytes: 2.5 * 1024 * 1024,
  totalBytes: 5 * 1024 * 1024,
  loadMs: 300,
} as const;

interface PackageFacts {
  /** Of what a cold start reads: the main script, and what that imports statically. */
  readonly bundleBytes: number;
  /** Of all scripts. */
  readonly totalBytes: number;
  /** Packages that are imported, and not there. */
  readonly missing: readonly string[];
  readonly medianMs: number;
  readonly functions: readonly unknown[];
}

/**
 * `broken` must not be deployed; `overTarget` does not depend on the machine; `notices` do, so they fail nothing.
 */
export function findFaults({ bundleBytes, totalBytes, missing, medianMs, functions }: PackageFacts) {
  const large =
    bundleBytes > targets.bundleBytes &&
    `The bundle is at a cold start larger than ${kilobytes(targets.bundleBytes)}`;
  const largeInAll =
    totalBytes > targets.totalBytes &&
    `The bundle is with what is loaded later larger than ${kilobytes(targets.totalBytes)}`;
  const slow =
    medianMs > targets.loadMs &&
    `The bundle took longer to load here than ${targets.loadMs} ms, which a busy machine explains`;
  return {
    broken: [
      ...(functions.length === 0 ? ['The bundle registers no function'] : []),
      ...missing.map((name) => `The bundle imports ${name}, which is not in it`),
    ],
    overTarget: [large, largeInAll].filter((fault) => fault !== false),
    notices: slow === false ? [] : [slow],
  };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
