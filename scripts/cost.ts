/** `npm run cost`: what Auditkeep costs a month, item by item, from measured operations and dated prices. */
import { billOf } from './cost/bill.ts';
import { parseInputs, usage } from './cost/inputs.ts';
import { toJson, toTable } from './cost/report.ts';

try {
  const options = parseInputs(process.argv.slice(2));
  if (options.help) console.log(usage);
  else console.log((options.json ? toJson : toTable)(options.inputs, billOf(options.inputs)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
