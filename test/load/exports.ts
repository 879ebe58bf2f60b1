/** Exports many records of one tenant as CSV and NDJSON, and reports time and memory. */
import Table from 'cli-table3';
import { exportFormats } from '../../shared/exports/export.ts';
import { inventedTexts } from './invented-tenant.ts';
import { sha256Of, startLoadWorld, type FinishedExport } from './world.ts';

/** What an export may take, whatever its size. */
const allowedMb = 256;

function* linesOf(records: number): Generator<string> {
  for (const text of inventedTexts(records)) yield `${text}\n`;
}

function row({ one, report }: FinishedExport, killed: boolean): readonly string[] {
  const { status, request } = one;
  const { progress } = one.state;
  const figures = [progress.records, progress.bytes / 1e6, report.seconds, report.beginMb, report.peakMb];
  return [request.format, killed ? 'yes' : '', status, ...figures.map((figure) => figure.toFixed(0))];
}

/**
 * Exports in every format, with some exporting processes killed on the way; prints a table and each fault.
 * @returns whether every file holds every record once, within the memory that an export may take
 */
export async function exportMany(records: number): Promise<boolean> {
  const filling = performance.now();
  const world = await startLoadWorld(records);
  console.log(`${records} records were made in ${((performance.now() - filling) / 1000).toFixed(0)} s.`);
  const table = new Table({
    head: ['format', 'killed', 'status', 'records', 'MB', 's', 'MB at start', 'MB peak'],
  });
  const faults: string[] = [];
  try {
    const expected = await sha256Of(linesOf(records));
    for (const format of exportFormats) {
      const killed = format !== 'csvFlat';
      const finished = await world.export(format, killed ? Math.floor(records / 2) : undefined);
      table.push([...row(finished, killed)]);
      const { one, report } = finished;
      const held = await sha256Of(await world.read(one));
      if (one.state.progress.records !== records) faults.push(`${format}: records are missing or twice`);
      if (held !== one.state.sha256) faults.push(`${format}: the SHA-256 is not that of the file`);
      if (format === 'ndjson' && held !== expected) faults.push(`${format}: not what a plain loop gives`);
      if (report.peakMb > allowedMb) faults.push(`${format}: ${report.peakMb.toFixed(0)} MB is too much`);
    }
  } finally {
    await world.stop();
  }
  console.log(table.toString());
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}
