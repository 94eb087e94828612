return await Slowlane.LocalHost.Processes.LocalHostProgram.RunAsync(args);
