import Domain
import Foundation
import Store

/// One thing that happens to the customer of a history. Tickets are named as the model numbers them; holds and usages by the place at which
/// they were made, so that a step can be left out and the others keep their sense.
enum HistoryStep: Sendable {
    /// The document's serial stands for the document: the same serial is the same document.
    case sight(ShopOrder, serial: Int)
    case use(TicketID, Channel, Int64)
    case hold(TicketID, Channel, Int64, seconds: Int)
    case capture(hold: Int, Int64?)
    case release(hold: Int)
    case extend(hold: Int, seconds: Int)
    case reverse(usage: Int, Int64?)
    case adjust(TicketID, Channel, Int64, expiresAt: Date?)
    case transfer(TicketID, to: TicketID, Channel, Int64)
    case close(TicketID)
}

/// A step and the instant at which it happens, in whole microseconds.
struct TimedStep: Sendable, CustomStringConvertible {
    let at: Date
    let step: HistoryStep

    var description: String { "\(Timestamp.text(at)) \(step)" }
}

extension HistoryStep: CustomStringConvertible {
    var description: String {
        switch self {
        case .sight(let order, let serial): "sight of document \(serial): \(HistoryStep.words(order))"
        case .use(let ticket, let channel, let quantity): "use \(quantity) \(channel) of ticket \(ticket)"
        case .hold(let ticket, let channel, let quantity, let seconds): "hold \(quantity) \(channel) of ticket \(ticket) for \(seconds) s"
        case .capture(let hold, let quantity): "capture \(quantity.map(String.init) ?? "all") of hold no. \(hold)"
        case .release(let hold): "release hold no. \(hold)"
        case .extend(let hold, let seconds): "extend hold no. \(hold) by \(seconds) s"
        case .reverse(let usage, let quantity): "reverse \(quantity.map(String.init) ?? "all") of usage no. \(usage)"
        case .adjust(let ticket, let channel, let quantity, let expiresAt):
            "adjust ticket \(ticket) by \(quantity) \(channel)" + (expiresAt.map { " until \(Timestamp.text($0))" } ?? "")
        case .transfer(let ticket, let other, let channel, let quantity): "transfer \(quantity) \(channel) from ticket \(ticket) to \(other)"
        case .close(let ticket): "close ticket \(ticket)"
        }
    }

    private static func words(_ order: ShopOrder) -> String {
        let lines = order.lines.map { "line \($0.id) of product \($0.productID)/\($0.variationID) x \($0.quantity) for \($0.total.minorUnits)" }
        let refunds = order.refunds.map { refund in
            "\(refund.amount.minorUnits) "
                + refund.lines.map { "(line \($0.orderLineID) x \($0.quantity) for \($0.total.minorUnits))" }.joined(separator: " ")
        }
        return "order \(order.id) \(order.status), modified \(Timestamp.text(order.modifiedAt)), paid \(order.paidAt.map(Timestamp.text) ?? "never"), "
            + lines.joined(separator: ", ") + (refunds.isEmpty ? "" : "; refunds \(order.refundLinesKnown ? "" : "by amount ")")
            + refunds.joined(separator: ", ")
    }
}
