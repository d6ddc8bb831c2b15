package import Settings

package enum SpecialistsSettings {
    package static let directory = Setting(
        "PARLEY_SPECIALISTS_DIR", .text, default: SpecialistsSource.directoryDefault,
        "the specialists' files; with no folder there, those built in")

    package static let all: [any AnySetting] = [directory]
}
