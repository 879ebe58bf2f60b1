/** The connector's icon. */
import icon from './icon.json' with { type: 'json' };

export const { brandColor } = icon;

/** A PNG of 230 by 230 pixels. */
export function connectorIcon(): Buffer {
  return Buffer.from(icon.png, 'base64');
}
