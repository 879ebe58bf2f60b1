/** Records one by one: those that matter first, each group in the order of time. */
import { compareTexts } from '../../../compare-texts.ts';
import { severities, type Cell, type Section } from '../../document.ts';
import { shownMoment, type Collected } from './collected.ts';
import type { Told } from './told.ts';
import { timelineTable } from './tables.ts';

export function timelineSection({ told: { timeline } }: Collected): Section {
  return {
    name: 'timeline',
    title: 'Timeline',
    paragraphs: [
      'What matters comes first, and then the rest, each in the order of time. Everyday reading, downloading, uploading, and editing is counted above and not listed here.',
    ],
    tables: [
      {
        ...timelineTable,
        rows: timeline.kept.toSorted(bySeverityAndTime).map(rowOf),
        omitted: timeline.count - timeline.kept.length,
      },
    ],
    charts: [],
  };
}

function bySeverityAndTime(a: Told, b: Told): number {
  const worse = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return worse || a.at - b.at || compareTexts(a.recordId, b.recordId);
}

function rowOf({ severity, at, sentence, changes, operation, address, recordId }: Told): readonly Cell[] {
  const changed = changes === '' ? null : changes;
  return [severity, shownMoment(at), sentence, changed, operation, address, recordId];
}
