import Curl
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConcurrencyTests {
    @Test("200 requests at once share few connections")
    func many() async throws {
        let server = try MisbehavingServer(RequestTests.echo)
        let client = makeClient(connectionsMax: 8)
        let bodies = try await withThrowingTaskGroup { group in
            for number in 1...200 { group.addTask { try await client.send(HTTPRequest(url: server.url + "/\(number)")).text } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(bodies.count == 200)
        #expect(server.requests.count == 200)
        #expect(server.accepted <= 8)
    }

    @Test("while requests hang, tasks run on")
    func cooperativeThreads() async throws {
        let gate = Gate()
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            gate.pass()
            connection.answer()
        }
        let client = makeClient(connectionsMax: 32)
        try await withThrowingTaskGroup { group in
            for _ in 1...32 { group.addTask { _ = try await client.send(HTTPRequest(url: server.url)) } }
            await server.waitForRequests(32)
            let sum = await withTaskGroup { tasks in
                for number in 1...1_000 {
                    tasks.addTask {
                        await Task.yield()
                        return number
                    }
                }
                return await tasks.reduce(0, +)
            }
            #expect(sum == 500_500)
            // Were the tasks' threads held by the requests, this line would never be reached.
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test("a cancelled request ends within a second, running, waiting or not yet sent, and leaves the server")
    func cancellation() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.waitUntilClientLeaves()
        }
        let client = makeClient(connectionsMax: 1)
        let running = Task { try await failure(client, HTTPRequest(url: server.url)).reason }
        await server.waitForRequests(1)
        let waiting = Task { try await failure(client, HTTPRequest(url: server.url)).reason }
        let unsent = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await failure(client, HTTPRequest(url: server.url)).reason
        }
        let start = ContinuousClock.now
        for task in [unsent, waiting, running] {
            task.cancel()
            #expect(try await task.value == .cancelled)
        }
        #expect(ContinuousClock.now - start < .seconds(1))
        await server.waitForEndedConnections(1)
        #expect(server.requests.count == 1)
    }

    @Test("beyond the waiters' limit a request is refused at once, and a wait counts into the total time")
    func waiters() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.waitUntilClientLeaves()
        }
        let client = makeClient(connectionsMax: 1, waitersMax: 1)
        let running = Task { try await failure(client, HTTPRequest(url: server.url)).reason }
        await server.waitForRequests(1)
        let limits = TransferLimits(totalSecondsMax: 0.5)
        let reasons = try await withThrowingTaskGroup { group in
            for _ in 1...3 { group.addTask { try await failure(client, HTTPRequest(url: server.url), limits: limits).reason } }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(reasons == [.tooManyWaiting: 2, .timeoutTotal: 1])
        running.cancel()
        #expect(try await running.value == .cancelled)
    }

    @Test("shutting down ends what runs and what waits, closes connections and takes no more")
    func shutdown() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.waitUntilClientLeaves()
        }
        let client = makeClient(connectionsMax: 1)
        async let running = failure(client, HTTPRequest(url: server.url)).reason
        async let waiting = failure(client, HTTPRequest(url: server.url)).reason
        await server.waitForRequests(1)
        await client.shutdown()
        #expect(try await running == .shutDown)
        #expect(try await waiting == .shutDown)
        await server.waitForEndedConnections(1)
        #expect(try await failure(client, HTTPRequest(url: server.url)).reason == .shutDown)
        await client.shutdown()
    }

    @Test("a client that nobody holds any more closes its connections")
    func release() async throws {
        let server = try MisbehavingServer(RequestTests.echo)
        _ = try await makeClient().send(HTTPRequest(url: server.url))
        await server.waitForEndedConnections(1)
    }
}
