// The main job with a client that NSwag made: list tenants, page to the end, dry run, export, download.
// Arguments: address of the interface, client key. Prints what it did as JSON.
using System.Text.Json;
using Auditkeep.NSwag;

var http = new HttpClient();
http.DefaultRequestHeaders.Add("x-api-key", args[1]);
var client = new AuditkeepClient(http) { BaseUrl = args[0] };

var tenants = (await client.ListTenantsAsync()).Value;
var tenantId = tenants.First().TenantId.ToString();

var ids = new List<string>();
string? skiptoken = null;
do
{
    var page = await client.ListRecordsAsync(tenantId, service: new[] { "SharePoint" }, top: 20, skiptoken: skiptoken);
    ids.AddRange(page.Value.Select(record => record.Id));
    skiptoken = page.NextLink is null ? null : System.Web.HttpUtility.ParseQueryString(new Uri(page.NextLink).Query)["skiptoken"];
} while (skiptoken is not null);

var request = new StartEnablementRequest
{
    DryRun = true,
    Workloads = new[] { Workload.Organization },
    Mailboxes = new StartEnablementRequestMailboxes { All = true },
};
var enablement = await client.StartEnablementAsync(tenantId, body: request);
while (enablement.Status is EnablementStatus.NotStarted or EnablementStatus.Running)
{
    await Task.Delay(250);
    enablement = await client.GetEnablementAsync(tenantId, enablement.Id);
}

var body = new StartExportRequest { Format = ExportFormat.Ndjson, Service = new[] { "SharePoint" } };
var exported = await client.StartExportAsync(tenantId, body: body);
while (exported.Status is OperationStatus.NotStarted or OperationStatus.Running)
{
    await Task.Delay(250);
    exported = await client.GetExportAsync(tenantId, exported.Id);
}
var file = await client.GetExportContentAsync(tenantId, exported.Id);
var text = await new StreamReader(file.Stream).ReadToEndAsync();

string? refused = null;
try
{
    await client.GetTenantAsync("00000000-0000-4000-8000-000000000000");
}
catch (ApiException<Error> refusal)
{
    refused = refusal.Result.Error1.Code;
}

Console.WriteLine(JsonSerializer.Serialize(new
{
    tenants = tenants.Count,
    records = ids.Count,
    distinct = ids.Distinct().Count(),
    enablement = new object[] { enablement.Status.ToString(), enablement.DryRun },
    exported = new object[] { exported.Status.ToString(), exported.RecordCount },
    lines = text.TrimEnd('\n').Split('\n').Length,
    refused,
}));
