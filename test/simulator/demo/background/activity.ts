/** The kinds of thing that happen on an ordinary day, each with its share. */
import type { AuditEvent, PersonalVisit, Scene } from '../audit-event.ts';
import type { Weighted } from '../prng.ts';

/** Something a person does. */
export interface Activity extends Weighted {
  readonly perform: (scene: Scene, visit: PersonalVisit) => AuditEvent;
}

/** Something that happens without anybody at a desk. */
export interface ServiceActivity extends Weighted {
  readonly occur: (scene: Scene, at: Date) => AuditEvent;
}
