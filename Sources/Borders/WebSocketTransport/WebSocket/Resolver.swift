import Dispatch

/// What blocks when a connection is made: name look-ups and reading certificate files. On threads of its own.
enum Resolver {
    struct Answer: Sendable {
        var addresses: [SocketAddress]
        var tls: ClientTLSContext?
    }

    struct Failure: Error {
        var reason: String
    }

    /// Several look-ups run side by side: one slow name server answer holds up no other call.
    private static let queue = DispatchQueue(label: "parley.resolver", attributes: .concurrent)

    static func resolve(_ request: WebSocketRequest, _ done: @escaping @Sendable (Result<Answer, Failure>) -> Void) {
        queue.async {
            var tls: ClientTLSContext?
            do throws(TransportError) {
                if request.secure { tls = try ClientTLSContext.shared(for: request.tls) }
            } catch {
                done(.failure(Failure(reason: "\(error)")))
                return
            }
            let addresses = SocketAddress.lookUp(request.host, port: request.port, numericOnly: false)
            guard !addresses.isEmpty else {
                done(.failure(Failure(reason: "no address found for \(request.host)")))
                return
            }
            done(.success(Answer(addresses: addresses, tls: tls)))
        }
    }
}
