/** How large and slow a package may be, and when it cannot be deployed. */

/**
 * Every cold start reads and compiles the bundle: 2.3 MB load in 177 ms on two cores. Of 2.6 MB, almost half is Auditkeep's own
 * code, for 152 operations of HTTP; the rest are clients of storage and sign-in, validation, and telemetry, which are all
 * needed at the start. Only a few KB are left: what comes next should be loaded when it is first used, reports before all.
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
