/** The activities of an ordinary day, each with its share. */
import type { AuditEvent, PersonalVisit, Scene } from '../audit-event.ts';
import type { Weighted } from '../prng.ts';

/** An activity of a person. */
export interface Activity extends Weighted {
  readonly perform: (scene: Scene, visit: PersonalVisit) => AuditEvent;
}

/** An activity without a person. */
export interface ServiceActivity extends Weighted {
  readonly occur: (scene: Scene, at: Date) => AuditEvent;
}
