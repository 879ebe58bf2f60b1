// Runs a PowerShell script file and prints what it returns. Exit code 1 with the error when it fails.
using System.Management.Automation;
using System.Management.Automation.Runspaces;

var state = InitialSessionState.CreateDefault();
using var shell = PowerShell.Create(state);
shell.AddScript(File.ReadAllText(args[0]));
try
{
    foreach (var result in shell.Invoke()) Console.WriteLine(result);
}
catch (RuntimeException error)
{
    Console.Error.WriteLine($"{error.Message}\n{error.ErrorRecord.InvocationInfo?.PositionMessage}");
    return 1;
}
foreach (var error in shell.Streams.Error) Console.Error.WriteLine($"{error}\n{error.InvocationInfo?.PositionMessage}");
return shell.HadErrors && shell.Streams.Error.Count > 0 ? 1 : 0;
