import Foundation
import Testing

/// What `make fuzz` starts from, and every input that has ever stopped it, holds in every build.
@Suite struct FuzzTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "seeds")

    private static func seeds(_ target: FuzzTarget) throws -> [[UInt8]] {
        let folder = folder.appending(path: target.rawValue)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            Array(try Data(contentsOf: folder.appending(path: $0)))
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `every seed holds, whole, cut at every byte and with any byte changed`(_ target: FuzzTarget) throws {
        let seeds = try Self.seeds(target)
        #expect(seeds.count >= 3)

        for seed in seeds {
            target.check(seed)
            for end in 0..<min(seed.count, 2_000) { target.check(Array(seed[..<end])) }
            for index in 0..<min(seed.count, 2_000) {
                var changed = seed
                changed[index] ^= UInt8(truncatingIfNeeded: 1 << (index % 8))
                target.check(changed)
            }
        }
    }

    @Test func `every target has its folder of seeds and every folder its target`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)

        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
