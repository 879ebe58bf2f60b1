// The main job with a client that Kiota made: list tenants, page to the end, dry run, export, download.
// Arguments: address of the interface, client key. Prints what it did as JSON.
using System.Text.Json;
using Auditkeep.Kiota;
using Auditkeep.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

// Kiota's own provider of keys refuses http, which only this machine's local run uses.
var http = KiotaClientFactory.Create();
http.DefaultRequestHeaders.Add("x-api-key", args[1]);
var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http);
adapter.BaseUrl = args[0];
var client = new AuditkeepClient(adapter);

var tenants = (await client.Tenants.GetAsync())!.Value!;
var tenant = client.Tenants[tenants[0].TenantId!.Value.ToString()];

var ids = new List<string>();
var page = await tenant.Records.GetAsync(to =>
{
    to.QueryParameters.Service = ["SharePoint"];
    to.QueryParameters.Top = 20;
});
while (page is not null)
{
    ids.AddRange(page.Value!.Select(record => record.Id!));
    page = page.NextLink is null ? null : await tenant.Records.WithUrl(page.NextLink).GetAsync();
}

var enablement = await tenant.Enablements.PostAsync(new StartEnablementRequest
{
    DryRun = true,
    Workloads = [Workload.Organization],
    Mailboxes = new StartEnablementRequestMailboxes { All = true },
});
while (enablement!.Status is EnablementStatus.NotStarted or EnablementStatus.Running)
{
    await Task.Delay(250);
    enablement = await tenant.Enablements[enablement.Id!.Value].GetAsync();
}

var exported = await tenant.Exports.PostAsync(
    new StartExportRequest { Format = ExportFormat.Ndjson, Service = ["SharePoint"] });
while (exported!.Status is OperationStatus.NotStarted or OperationStatus.Running)
{
    await Task.Delay(250);
    exported = await tenant.Exports[exported.Id!.Value].GetAsync();
}
var file = await tenant.Exports[exported.Id!.Value].Content.GetAsync();
var text = await new StreamReader(file!).ReadToEndAsync();

string? refused = null;
try
{
    await client.Tenants["00000000-0000-4000-8000-000000000000"].GetAsync();
}
catch (Error refusal)
{
    refused = refusal.ErrorProp!.Code;
}

Console.WriteLine(JsonSerializer.Serialize(new
{
    tenants = tenants.Count,
    records = ids.Count,
    distinct = ids.Distinct().Count(),
    enablement = new object?[] { enablement.Status.ToString(), enablement.DryRun },
    exported = new object?[] { exported.Status.ToString(), exported.RecordCount },
    lines = text.TrimEnd('\n').Split('\n').Length,
    refused,
}));
