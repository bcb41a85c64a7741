extension Connection {
    /// Runs the body after BEGIN and commits; rolls back and throws what the body throws.
    func finishTransaction<T>(_ job: Job, _ body: (Connection) throws -> T) throws -> T {
        let value: T
        do {
            value = try body(self)
            try job.checkpoint()
        } catch {
            job.settle()
            _ = try? simple("ROLLBACK", isCancellable: false)
            throw error
        }
        job.settle()
        try commit()
        return value
    }

    /// PostgreSQL answers COMMIT of a failed transaction with "ROLLBACK" and no error; that must not look like success.
    private func commit() throws {
        let failureBefore = lastFailure
        do {
            let result = try simple("COMMIT", isCancellable: false)
            guard result.commandTag == "COMMIT" else {
                throw failureBefore ?? PostgresError(.protocol, "the transaction had failed and was rolled back")
            }
        } catch var error as PostgresError where isLost {
            error.kind = .connection
            error.outcomeUnknown = true
            throw error
        }
    }
}
