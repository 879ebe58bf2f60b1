/** How large and slow a package may be, and when it cannot be deployed. */

/** Every cold start reads and compiles the bundle. */
export const targets = { bundleBytes: 2 * 1024 * 1024, loadMs: 300 } as const;

export interface PackageFacts {
  readonly bundleBytes: number;
  readonly medianMs: number;
  readonly functions: readonly unknown[];
}

export interface Faults {
  readonly broken: readonly string[];
  /** On a busy machine the load time says little. */
  readonly overTarget: readonly string[];
}

export function findFaults({ bundleBytes, medianMs, functions }: PackageFacts): Faults {
  const isLarge = bundleBytes > targets.bundleBytes;
  const isSlow = medianMs > targets.loadMs;
  return {
    broken: functions.length === 0 ? ['The bundle registers no function'] : [],
    overTarget: [
      ...(isLarge ? [`The bundle is larger than ${kilobytes(targets.bundleBytes)}`] : []),
      ...(isSlow ? [`The bundle takes longer to load than ${targets.loadMs} ms`] : []),
    ],
  };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
