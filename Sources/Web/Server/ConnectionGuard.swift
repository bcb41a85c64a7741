import NIOCore
import NIOHTTPTypes

/// Keeps one connection from holding a place for nothing: a request must arrive whole within `readSeconds` and `bytesMax`, and whoever
/// reads an answer must make room within `stallSeconds`. Else the connection is closed. (A connection without a request, or with
/// half a head, is closed by Hummingbird after `idleSeconds`.)
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let readTime: TimeAmount
    private let stallTime: TimeAmount
    private let bytesMax: Int
    private var isReading = false
    private var bytes = 0
    private var readDeadline: Scheduled<Void>?
    private var stallDeadline: Scheduled<Void>?

    init(_ configuration: WebConfiguration) {
        readTime = .milliseconds(Int64(configuration.readSecondsMax * 1000))
        stallTime = .milliseconds(Int64(configuration.stallSecondsMax * 1000))
        bytesMax = configuration.requestBytesMax
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            bytes = 0
        case .body(let buffer):
            bytes += buffer.readableBytes
            if bytes > bytesMax { return context.close(promise: nil) }
        case .end:
            isReading = false
            readDeadline?.cancel()
            readDeadline = nil
        }
        context.fireChannelRead(data)
    }

    /// Most requests arrive at once, so the clock is set only for those that did not.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isReading, readDeadline == nil {
            readDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: readTime) { context.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallDeadline?.cancel()
        stallDeadline = nil
        if !context.channel.isWritable {
            stallDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: stallTime) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forgetDeadlines()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forgetDeadlines() }

    private func forgetDeadlines() {
        readDeadline?.cancel()
        stallDeadline?.cancel()
        readDeadline = nil
        stallDeadline = nil
    }
}
