import Domain
import Postgres

/// Who did something, as entries name them.
struct ActorID: RawRepresentable, Hashable, Sendable, PostgresValue {
    let rawValue: Int64
}

extension ShopID: PostgresValue {}
extension TicketID: PostgresValue {}
extension CustomerID: PostgresValue {}
extension OrderID: PostgresValue {}
extension LineID: PostgresValue {}
extension GrantID: PostgresValue {}
extension EntryID: PostgresValue {}
extension HoldID: PostgresValue {}
extension PlanID: PostgresValue {}
extension UserID: PostgresValue {}
extension Channel: PostgresValue {}
extension EntryKind: PostgresValue {}
extension Priority: PostgresValue {}
extension Role: PostgresValue {}
