/** How large and slow a package may be, and when it cannot be deployed. */

/**
 * Every cold start reads and compiles the bundle: 2.3 MB load in 177 ms on two cores. Two fifths of it are Auditkeep's own
 * code, for 136 operations of HTTP, and 1.4 MB are clients of storage and sign-in, validation, and telemetry, which are all
 * needed at the start; the target leaves room for about 240 KB of our own.
 */
export const targets = { bundleBytes: 2.5 * 1024 * 1024, loadMs: 300 } as const;

interface PackageFacts {
  readonly bundleBytes: number;
  readonly medianMs: number;
  readonly functions: readonly unknown[];
}

/**
 * `broken` must not be deployed; `overTarget` does not depend on the machine; `notices` do, so they fail nothing.
 */
export function findFaults({ bundleBytes, medianMs, functions }: PackageFacts) {
  const large =
    bundleBytes > targets.bundleBytes && `The bundle is larger than ${kilobytes(targets.bundleBytes)}`;
  const slow =
    medianMs > targets.loadMs &&
    `The bundle took longer to load here than ${targets.loadMs} ms, which a busy machine explains`;
  return {
    broken: functions.length === 0 ? ['The bundle registers no function'] : [],
    overTarget: large === false ? [] : [large],
    notices: slow === false ? [] : [slow],
  };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
