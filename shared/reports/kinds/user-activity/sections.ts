/** What the report says. */
import type { Section } from '../../document.ts';
import { chartsSection } from './charts-section.ts';
import type { Collected } from './collected.ts';
import { filesSection } from './files-section.ts';
import { sharesSection } from './shares-section.ts';
import { sitesSection } from './sites-section.ts';
import { summarySection } from './summary-section.ts';
import { timelineSection } from './timeline-section.ts';
import { volumeSection } from './volume-section.ts';

export function sectionsOf(collected: Collected): readonly Section[] {
  return [
    summarySection(collected),
    volumeSection(collected),
    sharesSection(collected),
    filesSection(collected),
    sitesSection(collected),
    timelineSection(collected),
    chartsSection(collected),
  ];
}
