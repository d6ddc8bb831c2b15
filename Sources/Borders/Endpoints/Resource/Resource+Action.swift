package import Database
import WebSocketTransport

extension Resource {
    /// A change with a name of its own: `POST …/{id}/name`. Answers with the row as it is then.
    ///
    /// - Parameters:
    ///   - input: has the `id` of the path.
    ///   - role: where it is another than that of a patch.
    ///   - values: what is to be written, in view of the row as it is.
    package func action<Input: EndpointInput>(
        _ name: String, id: String, _ summary: String, _ input: Input.Type, role: APIRole? = nil,
        _ values: @escaping @Sendable (borrowing Transaction, RequestContext, Input, JSONValue) throws -> JSONValue
    ) -> Endpoint {
        let template = PathTemplate("\(one)/\(name)")
        let shape = InputShape(input, .post, template)
        return Endpoint(
            .post, template.text, id: id, role.map { .role($0) } ?? self.role(.patch), summary, shape: shape,
            answers: [Endpoint.Answer(200, "The \(singular) as it is now.", whole)], problems: [412],
            .write { [self] transaction, context, value in
                let input: Input = try shape.input(value)
                return try change(value["id"], in: transaction, context) { row in
                    try values(transaction, context, input, row)
                }
            })
    }

    /// A new row at an address of its own.
    ///
    /// - Parameter values: what is written, by the names of JSON.
    package func addition<Input: EndpointInput>(
        at address: String, id: String, _ summary: String, _ input: Input.Type,
        _ values: @escaping @Sendable (borrowing Transaction, RequestContext, Input) throws -> JSONValue
    ) -> Endpoint {
        let shape = InputShape(input, .post, PathTemplate(address))
        return Endpoint(
            .post, address, id: id, role(.create), summary, shape: shape,
            answers: [Endpoint.Answer(201, "The \(singular).", whole)],
            .write { [self] transaction, context, value in
                try creation(of: try values(transaction, context, try shape.input(value)), in: transaction, context)
            })
    }
}
