import Glibc
import NIOCore

/// Why the server cannot listen, in one line that names the setting.
enum ListenFailure {
    static func explained(_ error: any Error, _ address: ListenAddress) -> any Error {
        guard let failure = error as? IOError else { return error }
        let place = "\(address.host):\(address.port)"
        switch failure.errnoCode {
        case EADDRINUSE: return CommandFailure.no("setting listen: \(place) is already in use; end what listens there or choose another port")
        case EACCES: return CommandFailure.no("setting listen: this user may not listen on \(place); choose a port above 1023")
        case EADDRNOTAVAIL: return CommandFailure.no("setting listen: this machine has no address \(address.host)")
        default: return error
        }
    }
}
