/** The local host's log: one line per event on standard error. */
import * as z from 'zod';

const levels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
const levelSchema = z.enum(levels);

export type LogLevel = z.infer<typeof levelSchema>;
export type Log = (level: LogLevel, message: string) => void;

/** Writes messages of at least the given level; an unknown level counts as `information`. */
export function createLog(atLeast: string | undefined): Log {
  const threshold = levels.indexOf(levelSchema.catch('information').parse(atLeast));
  return (level, message) => {
    if (levels.indexOf(level) < threshold) return;
    process.stderr.write(`${new Date().toISOString()} ${level.padEnd(11)} ${message}\n`);
  };
}
