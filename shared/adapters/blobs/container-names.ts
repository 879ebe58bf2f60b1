/** All blob containers. */

/** The infrastructure creates the same (checked by its tests). */
export const containerNames = ['raw', 'rejected', 'exports', 'uploads', 'evidence', 'segments'] as const;

/** A name that does not exist does not compile. */
export type ContainerName = (typeof containerNames)[number];
