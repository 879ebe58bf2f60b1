/** What the report says. */
import type { Section } from '../../document.ts';
import { accessSection } from './access-section.ts';
import type { Collected } from './collected.ts';
import { permissionsSection } from './permissions-section.ts';
import { recordsSection } from './records-section.ts';
import { unknownSection } from './unknown-section.ts';

export function sectionsOf(collected: Collected): readonly Section[] {
  return [
    accessSection(collected),
    recordsSection(collected),
    permissionsSection(collected),
    unknownSection(collected),
  ];
}
