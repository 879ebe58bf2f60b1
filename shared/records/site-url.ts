/** The site that a file, page or folder is in, by its address. */
import type { JsonObject } from '../json.ts';

/** Microsoft's own hosts of SharePoint, in all clouds. Another host may have any page at any path. */
const sharePointHost = /\.sharepoint(?:-mil)?\.(?:com|us|cn|de)$/;

/** Sites begin below these; everything else is in the root site of its host. */
const managedPath = /^\/(?:sites|teams|personal|portals)\/[^/]+/i;

/**
 * The site collection that the record's ObjectId is in, or is; undefined if that is not an address in SharePoint or
 * OneDrive. Records of pages and lists mostly name no site, but what was viewed or changed.
 */
export function siteOfObject({ ObjectId }: JsonObject): string | undefined {
  const url = typeof ObjectId === 'string' ? parseUrl(ObjectId) : undefined;
  if (url?.protocol !== 'https:' || !sharePointHost.test(url.hostname)) return undefined;
  return `${url.origin}${decoded(managedPath.exec(url.pathname)?.[0] ?? '/')}`;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Records name sites with blanks and letters as they are. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
