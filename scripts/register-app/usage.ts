/** How `npm run register-app` is used, and what ends it. */

export const usage = `Usage: npm run register-app -- [options]

Creates the app registration of Auditkeep in your own tenant, or completes the one that is there, and prints the
settings that follow from it. Run it again whenever you like: what is as it should be stays untouched.

  --url URL           where the app runs, e.g. https://myapp.azurewebsites.net: administrators who consent are sent
                      back there
  --identity ID       principal (object) id of the app's user-assigned identity, which then signs in as the
                      application; no secret is made
  --dlp               also asks for ActivityFeed.ReadDlp, for tenants of which DLP.All is collected
  --name NAME         how the registration is called (default: Auditkeep)
  --client-id ID      completes the registration with this client id, whatever its name
  --tenant ID         your tenant, where you are signed in to several
  --cloud CLOUD       enterprise, gcc, gccHigh or dod (default: enterprise)
  --what-if           prints what would change and changes nothing
  --json              prints the outcome as JSON
  --help              this text

Needs the Entra role Application Administrator (or Cloud Application Administrator), and a sign-in: az login, Azure
PowerShell, azd auth login, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of an application that has
Application.ReadWrite.All.

AUDITKEEP_GRAPH_URL, AUDITKEEP_AUTHORITY_URL   roots of Graph and of sign-in, instead of the cloud's own

Exit code 0: good; 1: it failed; 2: not used like this.`;

/** An option is not usable; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It cannot be done; the message says why and what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
}
