/// Ends a connection in the middle of an answer, on purpose.
struct ShopConnectionCut: Error {}
