import Glibc

// A reader that went away (`| head`) must end a write with an error, not the process: libcurl, libpq and we all write to sockets.
_ = signal(SIGPIPE, SIG_IGN)
exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
