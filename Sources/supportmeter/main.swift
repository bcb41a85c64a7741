import Glibc
import NIOCore
import NIOPosix

// Tasks run on the threads that also read and write the sockets: a request is answered without a hop from one pool of threads to another.
// Whatever blocks must have a queue or a thread of its own, as everywhere: here it would stop the sockets too.
_ = NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()

// A reader that went away (`| head`) must end a write with an error, not the process: libcurl, libpq and we all write to sockets.
_ = signal(SIGPIPE, SIG_IGN)
exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
