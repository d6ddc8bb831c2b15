import Database
import Testing
import WebSocketTransport

@testable import Endpoints

/// What programs read in the document, for endpoints of a table and one beside it.
@Suite struct DescriptionTests {
    private enum BookColumn: String, TableColumn {
        static let table: StaticString = "books"
        case title, pages, author
        var type: ColumnType { .text }
    }

    private static let books = Resource(
        "books", of: "Book",
        [
            .text(BookColumn.title, [.required, .filter], max: 10), .integer(BookColumn.pages, 5...900),
            .reference(BookColumn.author, to: "authors"),
        ])

    private static let document = OpenAPIDocument(
        title: "x", version: "1", description: "", words: ["title": "Dune", "pages": 7_000],
        books.endpoints + [RouterTests.move]
    ).value

    private static func schema(_ name: String) -> JSONValue? { document["components"]?["schemas"]?[name] }
    private static func operation(_ path: String, _ method: String) -> JSONValue? { document["paths"]?[path]?[method] }

    @Test func `what a body may not name is said, and an answer may have more one day`() {
        for name in ["NewBook", "BookChange"] {
            #expect(Self.schema(name)?["additionalProperties"] == false, "\(name)")
        }
        for name in ["Book", "BookPage", "Problem"] {
            #expect(Self.schema(name)?["additionalProperties"] == nil, "\(name)")
        }
    }

    @Test func `an answer with a row leads to what can be asked of it, and a page to its first row`() {
        let made = Self.operation("/api/v1/books", "post")?["responses"]?["201"]?["links"]
        for name in ["getBook", "updateBook", "deleteBook"] {
            #expect(made?[name] == ["operationId": .text(name), "parameters": ["id": "$response.body#/id"]], "\(name)")
        }
        let read = Self.operation("/api/v1/books/{id}", "get")?["responses"]?["200"]?["links"]
        #expect(read?["getBook"] == nil && read?["updateBook"] != nil)
        let page = Self.operation("/api/v1/books", "get")?["responses"]?["200"]?["links"]
        #expect(page == ["getBook": ["operationId": "getBook", "parameters": ["id": "$response.body#/data/0/id"]]])
        #expect(Self.operation("/api/v1/books/{id}", "delete")?["responses"]?["204"]?["links"] == nil)
    }

    @Test func `examples fit, by a word where it fits too, and a body names no row that it need not`() throws {
        let content = Self.operation("/api/v1/books", "post")?["requestBody"]?["content"]?["application/json"]
        #expect(content?["example"] == ["title": "Dune", "pages": 5])
        let row = try #require(Self.schema("Book")?["examples"]?.list?.first)
        #expect(Self.books.row.faults(in: row).isEmpty)
        #expect(row["author"]?.text != nil && row["title"] == "Dune")
    }

    @Test func `every problem is described once, with the headers it comes with`() {
        let responses = Self.operation("/api/v1/books", "post")?["responses"]
        #expect(responses?["429"] == ["$ref": "#/components/responses/TooManyRequests"])
        let many = Self.document["components"]?["responses"]?["TooManyRequests"]
        #expect(many?["headers"]?["Retry-After"] != nil)
        #expect(many?["content"]?["application/problem+json"] != nil)
        #expect(responses?["201"]?["headers"]?["Location"] != nil)
    }

    @Test func `addresses are told apart by their subject`() {
        #expect(Self.operation("/api/v1/books", "get")?["tags"] == ["books"])
        #expect(OperationDescription.tag(of: PathTemplate("/api/v1/follow-ups/{id}/complete")) == "follow ups")
        #expect(OperationDescription.tag(of: PathTemplate("/api/v1/openapi.json")) == "openapi")
        #expect(OperationDescription.tag(of: PathTemplate("/api/auth/me")) == "auth")
        #expect(OperationDescription.tag(of: PathTemplate("/healthz")) == "gateway")
    }
}
