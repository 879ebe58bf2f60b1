/** The parts of a demo company, and how one is generated from a short blueprint. */
import { inventDocuments, type CompanyDocument } from './documents.ts';
import { createPrng, type Prng } from './prng.ts';

/** The actor of a record. */
export interface Actor {
  /** As in records: a UPN for people, arbitrary text for services. */
  readonly userId: string;
  /** UserType of the common schema: 0 Regular, 2 Admin, 4 System, 5 Application, 9 PartnerTechnician. */
  readonly userType: number;
  readonly displayName: string;
  readonly directoryId: string;
  /** Passport unique ID, lowercase. */
  readonly puid: string;
  readonly sid: string;
  /** Services have the same UserKey everywhere; people have a different one in every workload. */
  readonly fixedUserKey?: string;
}

export interface Person extends Actor {
  readonly department: string;
  readonly mailboxId: string;
  readonly homeAddress: string;
  readonly userAgent: string;
}

/** A team site or a person's OneDrive. */
export interface Site {
  readonly title: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly workload: 'SharePoint' | 'OneDrive';
  readonly siteId: string;
  readonly webId: string;
  readonly listId: string;
  readonly documents: readonly CompanyDocument[];
}

export interface Team {
  readonly name: string;
  /** `19:…@thread.tacv2` */
  readonly threadId: string;
  readonly groupId: string;
}

export interface Company {
  readonly tenantId: string;
  readonly displayName: string;
  readonly domain: string;
  /** First label of the domain, the prefix of Microsoft's own host names. */
  readonly name: string;
  readonly onMicrosoftDomain: string;
  readonly utcOffsetHours: number;
  readonly officeAddress: string;
  readonly people: readonly Person[];
  /** The administrators; everyone else is staff. */
  readonly administrators: readonly Person[];
  readonly staff: readonly Person[];
  readonly sites: readonly Site[];
  /** By the owner's directory ID. */
  readonly oneDrives: ReadonlyMap<string, Site>;
  readonly teams: readonly Team[];
  /** Domains of customers and suppliers. */
  readonly partnerDomains: readonly string[];
  /** An automation with its own administrative account. */
  readonly automation?: Actor & { readonly appId: string };
}

export interface CompanyBlueprint {
  readonly tenantId: string;
  readonly displayName: string;
  readonly domain: string;
  readonly utcOffsetHours: number;
  readonly officeAddress: string;
  /** Department -> names. */
  readonly departments: Readonly<Record<string, readonly string[]>>;
  readonly administrators: readonly string[];
  readonly siteTitles: readonly string[];
  readonly documentsPerSite: number;
  readonly partnerDomains: readonly string[];
  readonly automationName?: string;
}

/** The same blueprint always gives the same company, including IDs. */
export const createCompany = (blueprint: CompanyBlueprint): Company => {
  const prng = createPrng(blueprint.domain);
  const name = blueprint.domain.split('.')[0] ?? blueprint.domain;
  const people = inventPeople(blueprint, prng);
  const isAdministrator = (person: Person): boolean => blueprint.administrators.includes(person.displayName);
  const { tenantId, displayName, domain, utcOffsetHours, officeAddress, partnerDomains } = blueprint;
  return {
    tenantId,
    displayName,
    domain,
    utcOffsetHours,
    officeAddress,
    partnerDomains,
    name,
    people,
    onMicrosoftDomain: `${name}.onmicrosoft.com`,
    administrators: people.filter(isAdministrator),
    staff: people.filter((person) => !isAdministrator(person)),
    sites: blueprint.siteTitles.map((title) => teamSite(blueprint, name, title, prng)),
    oneDrives: new Map(people.map((person) => [person.directoryId, oneDrive(name, person, prng)])),
    teams: blueprint.siteTitles.map((title) => ({
      name: title,
      threadId: `19:${prng.hex(32)}@thread.tacv2`,
      groupId: prng.guid(),
    })),
    ...(blueprint.automationName !== undefined && {
      automation: inventAutomation(blueprint.automationName, prng),
    }),
  };
};

/** Throws a RangeError if no one has that name. */
export const personNamed = (company: Company, displayName: string): Person => {
  const person = company.people.find((candidate) => candidate.displayName === displayName);
  if (person === undefined) throw new RangeError(`no one at ${company.displayName} is named ${displayName}`);
  return person;
};

/** Throws a RangeError if the site does not exist. */
export const siteTitled = (company: Company, title: string): Site => {
  const site = company.sites.find((candidate) => candidate.title === title);
  if (site === undefined) throw new RangeError(`${company.displayName} has no site ${title}`);
  return site;
};

/** Throws a RangeError for a person of another company. */
export const oneDriveOf = (company: Company, person: Person): Site => {
  const site = company.oneDrives.get(person.directoryId);
  if (site === undefined) throw new RangeError(`${person.userId} has no OneDrive at ${company.displayName}`);
  return site;
};

/** A service, a system account, or a stranger: an actor outside the directory. */
export const outsider = (userId: string, userType: number, fixedUserKey = userId): Actor => ({
  userId,
  userType,
  fixedUserKey,
  displayName: userId,
  directoryId: '',
  puid: '',
  sid: 'S-1-5-18',
});

const inventPeople = (blueprint: CompanyBlueprint, prng: Prng): readonly Person[] => {
  const domainSid = `S-1-5-21-${[1, 2, 3].map(() => prng.int(1e8, 4e9)).join('-')}`;
  return Object.entries(blueprint.departments).flatMap(([department, names]) =>
    names.map((displayName) => ({
      userId: `${mailName(displayName)}@${blueprint.domain}`,
      userType: 0,
      displayName,
      department,
      directoryId: prng.guid(),
      puid: `1003200${prng.hex(9)}`,
      sid: `${domainSid}-${prng.int(1_000_000, 40_000_000)}`,
      mailboxId: prng.guid(),
      homeAddress: prng.chance(0.7)
        ? `198.51.100.${prng.int(1, 254)}`
        : `2001:db8:${prng.int(1, 0xffff).toString(16)}::${prng.int(1, 0xffff).toString(16)}`,
      userAgent: prng.pick(userAgents),
    })),
  );
};

/** `Zoë Núñez` -> `zoe.nunez` */
const mailName = (displayName: string): string =>
  displayName.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.');

const teamSite = (blueprint: CompanyBlueprint, name: string, title: string, prng: Prng): Site => ({
  title,
  url: `https://${name}.sharepoint.com/sites/${title.replaceAll(' ', '')}`,
  workload: 'SharePoint',
  ...siteIds(prng),
  documents: inventDocuments(prng, blueprint.documentsPerSite, 'Shared Documents'),
});

const oneDrive = (name: string, owner: Person, prng: Prng): Site => ({
  title: owner.displayName,
  url: `https://${name}-my.sharepoint.com/personal/${owner.userId.replace(/[^a-z0-9]/g, '_')}`,
  workload: 'OneDrive',
  ...siteIds(prng),
  documents: inventDocuments(prng, 25, 'Documents'),
});

const siteIds = (prng: Prng): Pick<Site, 'siteId' | 'webId' | 'listId'> => ({
  siteId: prng.guid(),
  webId: prng.guid(),
  listId: prng.guid(),
});

const inventAutomation = (displayName: string, prng: Prng): Actor & { readonly appId: string } => {
  const directoryId = prng.guid();
  return {
    ...outsider(`ServicePrincipal_${directoryId}`, 5, 'Not Available'),
    displayName,
    directoryId,
    appId: prng.guid(),
  };
};

const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
];
