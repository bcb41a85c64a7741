import CPostgres
import Logging

/// Takes the server's notices to the logger; libpq would print them on standard error.
final class NoticeSink {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// libpq keeps a plain pointer to the sink; the `Connection` owns both and finishes the session before it lets go of the sink.
    func attach(to raw: OpaquePointer) {
        _ = unsafe PQsetNoticeReceiver(
            raw,
            { sink, result in
                guard let sink = unsafe sink, let result = unsafe result else { return }
                unsafe Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().receive(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The result belongs to libpq, which frees it after the call.
    private func receive(_ result: OpaquePointer) {
        let severity = unsafe Self.field(result, .severity) ?? "NOTICE"
        let message = unsafe Self.field(result, .message) ?? ""
        let sqlState = unsafe Self.field(result, .sqlState) ?? ""
        let level: Logger.Level = severity == "WARNING" ? .warning : .debug
        logger.log(level: level, "\(message)", metadata: ["severity": "\(severity)", "sqlstate": "\(sqlState)"])
    }

    private static func field(_ result: OpaquePointer, _ field: ReportField) -> String? {
        guard let text = unsafe PQresultErrorField(result, field.code) else { return nil }
        return unsafe String(cString: text)
    }
}
