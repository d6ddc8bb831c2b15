extension Rule {
    static let imports = [
        Rule(
            "a library behind a border has one importer",
            breaks: ("Sources/Product/CRM/A.swift", "import CLibPQ"),
            keeps: ("Sources/Borders/Database/A.swift", "import CLibPQ\n// import CTransport")
        ) { file in
            let owners: [String: Set<String>] = [
                "CTransport": ["WebSocketTransport"], "CLibPQ": ["Database"], "CPocketSphinx": ["LocalSpeech"],
                "CFlite": ["LocalSpeech"], "CJose": ["JOSE"], "CSodium": ["Passwords"], "CSpeexDSP": ["LocalSpeech"],
                "CLibCrypto": ["Encoding"], "CZlib": ["Encoding"], "CPhoneNumbers": ["PhoneNumbers"],
                "FoundationNetworking": ["HTTPClient"],
            ]
            guard file.area == "Sources" else { return [] }
            return file.imports.filter { owners[$0]?.contains(file.module) == false }.sorted()
                .map { "\(file.path) imports \($0)" }
        },
        Rule(
            "a file imports what Package.swift gives its module",
            breaks: ("Sources/Words/CallModel/A.swift", "package import Database"),
            keeps: ("Sources/Product/CRM/A.swift", "import struct Foundation.Date\npackage import Database")
        ) { file in
            guard file.area == "Sources" else { return [] }
            let manifest = PackageManifest.shared
            guard let module = manifest.modules[file.module] else {
                return ["\(file.path) is in a module that Package.swift does not know"]
            }
            guard file.path.hasPrefix("Sources/\(module.wing)/") else {
                return ["\(file.path) is in another wing than its module"]
            }
            return file.imports.filter { manifest.modules[$0] != nil && !module.dependencies.contains($0) }.sorted()
                .map { "\(file.path) imports \($0)" }
        },
        Rule(
            "a benchmark meets the gateway at its socket",
            breaks: ("bench/consult/A.swift", "import Gateway"),
            keeps: ("Tests/Program/GatewayTests/A.swift", "import Gateway")
        ) { file in
            file.area == "bench" && file.imports.contains("Gateway") ? ["\(file.path) imports Gateway"] : []
        },
        Rule(
            "an import does not spell the access it has anyway",
            breaks: ("Sources/Words/Runtime/A.swift", "internal import Glibc"),
            keeps: ("Sources/Words/Runtime/A.swift", "import Glibc\npackage import Foundation")
        ) { file in
            file.matches(#/^\s*internal import /#, "internal import")
        },
        Rule(
            "the audio core does without Foundation",
            breaks: ("Sources/Media/AudioCore/A.swift", "import FoundationEssentials"),
            keeps: ("Sources/Media/AudioCore/A.swift", "import CallModel\nimport Glibc")
        ) { file in
            guard file.module == "AudioCore", file.area == "Sources" else { return [] }
            return file.imports.filter { $0.hasPrefix("Foundation") }.map { "\(file.path) imports \($0)" }
        },
    ]
}
