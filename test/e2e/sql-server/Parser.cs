// Parses the scripts of a JSON object, by their names, with the grammars of several releases of SQL Server and of Azure SQL.
// Prints an object in JSON: for each script its batches, each as a list of the kinds of its statements, and its errors.
using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

var scripts = JsonSerializer.Deserialize<Dictionary<string, string>>(Console.In.ReadToEnd())!;
var parsers = new Dictionary<string, TSqlParser>
{
    ["2016"] = new TSql130Parser(true),
    ["2019"] = new TSql150Parser(true),
    ["2025"] = new TSql170Parser(true),
    ["Azure SQL"] = new TSql170Parser(true, SqlEngineType.SqlAzure),
};
var results = scripts.ToDictionary(script => script.Key, script =>
{
    var errors = new List<string>();
    var batches = new List<string[]>();
    foreach (var (release, parser) in parsers)
    {
        var tree = (TSqlScript?)parser.Parse(new StringReader(script.Value), out var found);
        errors.AddRange(found.Select(error => $"{release}, line {error.Line}: {error.Message}"));
        if (tree == null || batches.Count > 0) continue;
        batches.AddRange(tree.Batches.Select(batch => batch.Statements.Select(one => one.GetType().Name).ToArray()));
    }
    return new { batches, errors };
});
Console.WriteLine(JsonSerializer.Serialize(results));
