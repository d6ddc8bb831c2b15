import Database
import Testing

@testable import Endpoints

@Suite struct RowViewTests {
    private enum Thing: String, TableColumn {
        case id, fullName, createdAt

        static let table: StaticString = "things"
        var type: ColumnType { .text }
    }

    private struct View: Decodable {
        var id: String
        var name: String?
        var createdAt: String
    }

    @Test func `a field comes from the column of its name, another from where the view is told`() {
        let view = RowView<Thing>(View.self, of: "t", ["name": "t.\(.fullName)"])

        #expect(
            view.sql.text == "jsonb_build_object('id', t.id, 'name', t.full_name, 'created_at', t.created_at)")
        #expect(view.problem == nil)
    }

    @Test func `a field that comes from nowhere is named, and what is for no field`() throws {
        let view = RowView<Thing>(View.self, of: "t", ["nickname": "t.\(.fullName)"])

        let problem = try #require(view.problem)
        #expect(problem.contains("from nowhere [\"name\"]") && problem.contains("for no field [\"nickname\"]"))
    }
}
