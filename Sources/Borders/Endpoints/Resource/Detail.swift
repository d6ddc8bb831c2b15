package import Database

/// What a row of a ``Resource`` shows besides the columns of its table.
package struct Detail: Sendable {
    let name: String
    let schema: Schema
    /// Over the table as `t`.
    let sql: String
    /// Whether rows have it in a list as well, and not only alone.
    let isListed: Bool

    /// - Parameter type: of the value; what it says of itself is what the document says.
    package init<Value: Decodable>(
        _ name: String, _ type: Value.Type, isListed: Bool = false, _ sql: SQL<some TableColumn>
    ) {
        self.name = name
        schema = SchemaRecorder.schema(of: type)
        self.sql = sql.text
        self.isListed = isListed
    }

    /// Of a record that may be missing.
    package init<Value: Decodable>(
        _ name: String, orNull type: Value.Type, isListed: Bool = false, _ sql: SQL<some TableColumn>
    ) {
        self.name = name
        schema = .nullable(SchemaRecorder.schema(of: type))
        self.sql = sql.text
        self.isListed = isListed
    }

    var shown: Schema.Field { Schema.Field(name, schema, isRequired: true) }
}
