import Foundation

/// A list as a customer might bring it: each row somebody else, numbers in several spellings and of several countries.
enum SampleList {
    private static let names = ["Ann", "Bob", "Cy", "Dee", "Eve", "Fay", "Gil", "Hal", "Ida", "Jon", "Kay", "Lou"]
    private static let cities = ["Austin", "Berlin", "Boise", "Leeds", "Lyon", "Miami", "Ohio City", "York"]
    private static let rowsAtOnce = 10_000

    static func write(rows: Int, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(description: "cannot write \(path)") }
        try file.write(contentsOf: Data("First Name,Last Name,Company,Phone,Email,City,Tags\r\n".utf8))
        var text = ""
        for row in 0..<rows {
            let first = names[row % names.count]
            let last = "Walker-\(row)"
            text +=
                "\(first),\(last),\"Acme, No. \(row / 7)\",\(number(row)),\(first.lowercased()).\(row)@example\(row % 97).test,"
                + "\(cities[row % cities.count]),\"list,n\(row % 10)\"\r\n"
            if (row + 1) % rowsAtOnce == 0 || row + 1 == rows {
                try file.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try file.close()
    }

    /// Different for each row: North American ones in three spellings, one in ten of Germany and one of France.
    private static func number(_ row: Int) -> String {
        let digits = String(format: "%07d", 2_000_000 + row)
        let (exchange, line) = (digits.prefix(3), digits.suffix(4))
        switch row % 10 {
        case 0: return "+49 30 \(10_000_000 + row)"
        case 1:
            return
                "+33 1 4\(digits.prefix(1)) \(digits.dropFirst().prefix(2)) \(digits.suffix(4).prefix(2)) \(digits.suffix(2))"
        case 2, 3, 4: return "(212) \(exchange)-\(line)"
        case 5, 6: return "+1415\(digits)"
        default: return "312.\(exchange).\(line)"
        }
    }
}
