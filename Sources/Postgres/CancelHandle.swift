import CPostgres
import Synchronization

/// The right to ask the server to stop what a connection is doing; the one owner of its PGcancel.
///
/// `@unchecked Sendable`: the pointer is read and freed only under the lock, so a cancel in flight and the end of the work never overlap.
@safe final class CancelHandle: @unchecked Sendable {
    private let lock = Mutex(())
    private var pointer: OpaquePointer?

    /// Room for libpq's words about a cancel that failed (manual 34.7).
    private static let messageBytesMax: Int32 = 256

    init(_ connection: OpaquePointer) {
        unsafe pointer = unsafe PQgetCancel(connection)
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Asks the server to cancel if `condition` still holds. Blocks for a connection of its own; never call it from a cooperative thread.
    func send(if condition: () -> Bool) {
        lock.withLock { _ in
            guard let pointer = unsafe pointer, condition() else { return }
            var message = [CChar](repeating: 0, count: Int(Self.messageBytesMax))
            _ = unsafe PQcancel(pointer, &message, Self.messageBytesMax)
        }
    }

    /// Returns when no cancel is in flight, so that a late one cannot hit the next work of the connection.
    func fence() {
        lock.withLock { _ in }
    }

    /// The connection is about to be closed; later cancels do nothing.
    func retire() {
        lock.withLock { _ in
            unsafe PQfreeCancel(pointer)
            unsafe pointer = nil
        }
    }
}
