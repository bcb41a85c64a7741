/// Order ids sorted by a time (or by the id itself), so that a page of a big shop is found without looking at the rest.
struct OrderIndex: Sendable {
    /// A place in the index.
    struct Key: Sendable, Hashable, Comparable {
        let time: Int
        let id: Int

        static func < (left: Key, right: Key) -> Bool { left.time == right.time ? left.id < right.id : left.time < right.time }
    }

    private(set) var keys: [Key] = []

    mutating func insert(_ key: Key) {
        guard let last = keys.last, !(last < key) else { return keys.append(key) }
        keys.insert(key, at: place(of: key))
    }

    mutating func remove(_ key: Key) {
        let place = place(of: key)
        if place < keys.count, keys[place] == key { keys.remove(at: place) }
    }

    /// The keys strictly between the two times, both optional.
    func between(after: Int?, before: Int?) -> ArraySlice<Key> {
        let start = after.map { place(of: Key(time: $0, id: .max)) } ?? 0
        let end = before.map { place(of: Key(time: $0, id: .min)) } ?? keys.count
        return keys[start..<max(start, end)]
    }

    /// The first place whose key is not less than `key`.
    private func place(of key: Key) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
