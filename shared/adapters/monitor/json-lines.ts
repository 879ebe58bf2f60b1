/** Events and measurements as lines of JSON, for machines without Application Insights. */
import type { Sink } from './sink.ts';

export function createJsonLines(write: (line: string) => void): Sink {
  const writeLine = (line: object) => {
    write(`${JSON.stringify(line)}\n`);
  };
  return {
    event: ({ event, fields, trace }) => {
      writeLine({ event, ...fields, traceId: trace?.traceId });
    },
    measure: ({ metric, value, dimensions }) => {
      writeLine({ metric, value, ...dimensions });
    },
    flush: () => Promise.resolve(),
  };
}
