import FoundationXML
import Plots
import TestSupport
import Testing

@Suite struct PlotTests {
    @Test func `a plot is XML, whatever its words are, with a line for each curve and its points`() throws {
        let plot = Plot(
            "Spring & \"Summer\" <b>\u{1}",
            [
                .init("calls", [.init("a<b", points: [(0, 1), (1, 2), (2, .nan)]), .init("c", points: [])]),
                .init("none", []),
            ])

        let document = try XMLDocument(xmlString: plot.svg)

        #expect(try document.nodes(forXPath: "//*[local-name()='polyline']").count == 2)
        #expect(try document.nodes(forXPath: "//*[local-name()='circle']").count == 2)
        let texts = try document.nodes(forXPath: "//*[local-name()='text']").compactMap(\.stringValue)
        #expect(texts.contains("Spring & \"Summer\" <b>") && texts.contains("a<b"))
    }

    @Test func `many points are a line without dots`() {
        let plot = Plot("", [.init("", [.init("", points: (0..<41).map { (Double($0), 1) })])])

        #expect(!plot.svg.contains("<circle") && plot.svg.contains("<polyline"))
    }

    @Test(
        arguments: [
            (0, 0, "0"), (3.14159, 2, "3.14"), (-0.5, 1, "-0.5"), (-0.001, 1, "0.0"), (0.05, 3, "0.050"),
            (1e300, 1, "1e+300"),
            (.infinity, 1, "inf"),
        ] as [(Double, Int, String)])
    func `a number has as many places as were asked for`(_ value: Double, _ places: Int, _ text: String) {
        #expect(Plot.decimal(value, places: places) == text)
    }
}
