import Testing
@testable import AudioCore
@Suite struct MuLawTests {}
