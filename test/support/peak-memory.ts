import { readFileSync } from 'node:fs';

/**
 * The most memory this process ever had resident, in MiB. Where the system tells it for the process itself, as Linux
 * does (VmHWM in proc_pid_status(5)), it is read there: what `getrusage` says begins with the size of the process that
 * started this one, so that a small child of a test run that has grown looks large.
 */
export function peakMb(): number {
  return (highWaterKib() ?? process.resourceUsage().maxRSS) / 1024;
}

function highWaterKib(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return match === null ? undefined : Number(match[1]);
}
