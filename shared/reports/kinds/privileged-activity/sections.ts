/** What the report says. */
import type { Section } from '../../document.ts';
import { actsSection } from './acts-section.ts';
import { countsSection, perDaySection } from './counts-section.ts';
import type { Collected } from './collected.ts';
import { holdersSection } from './holders-section.ts';

export function sectionsOf(collected: Collected): readonly Section[] {
  return [
    holdersSection(collected),
    actsSection(collected),
    countsSection(collected),
    perDaySection(collected),
  ];
}
