import Foundation
import Settings
import TestSupport
import Testing

@testable import Gateway

@Suite struct DeployTests {
    @Test func `the example of settings has every setting with its default and meaning`() throws {
        let entries = GatewaySettings.all.map { setting in
            "\n# \(setting.help)\(setting.isSecret ? " (a secret)" : "")\n#\(setting.name)=\(setting.fallback ?? "")\n"
        }

        let written = try Self.text("env.example")

        #expect(written.hasSuffix(entries.joined()), "deploy/env.example and the settings differ")
        // As it is, it changes nothing: every line is a comment.
        #expect(written.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
    }

    @Test func `systemd understands the service file, and finds little to expose`() throws {
        let folder = try SettingsFolder()
        // It checks that the program is there, which on this machine it is not.
        let program = "/usr/local/lib/parley/parley serve"
        let unit = try Self.text("parley.service")
        #expect(unit.contains("ExecStart=\(program)\n"))
        let file = try folder.write(unit.replacing(program, with: "/bin/true serve"), "parley.service")

        let verified = try OutsideProgram.run("systemd-analyze", ["verify", "--man=no", file])
        let exposure = try OutsideProgram.run(
            "systemd-analyze", ["security", "--offline=true", "--no-pager", "--threshold=20", file])

        #expect(verified.isEmpty, "\(verified)")
        #expect(exposure.contains("Overall exposure level"))
    }

    @Test func `the service file says what calls rely on`() throws {
        let lines = Set(try Self.text("parley.service").split(separator: "\n").map(String.init))

        for line in [
            "User=parley", "Restart=always", "StartLimitIntervalSec=0", "KillMode=mixed", "LimitRTPRIO=1",
            "LimitCORE=0",
            "CapabilityBoundingSet=", "ProtectSystem=strict", "NoNewPrivileges=yes", "StateDirectory=parley",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Real time is what LimitRTPRIO is there for.
        #expect(!lines.contains { $0.hasPrefix("RestrictRealtime") })
        let descriptors = lines.first { $0.hasPrefix("LimitNOFILE=") }.flatMap { Int($0.dropFirst(12)) }
        #expect(try #require(descriptors) >= 1_000 * 2 + 200)
        let backtrace = lines.first { $0.hasPrefix("Environment=SWIFT_BACKTRACE=") }
        #expect(backtrace?.contains("enable=yes") == true)
        // Longer than the drain, or the end would cut calls off.
        let stop = lines.first { $0.hasPrefix("TimeoutStopSec=") }.flatMap { Int($0.dropFirst(15)) }
        let drain = GatewaySettings.all.first { $0.name == "PARLEY_DRAIN_SECONDS" }?.fallback.flatMap { Int($0) }
        #expect(try #require(stop) >= (try #require(drain)) + 20)
    }

    @Test func `every setting the service file makes is a setting`() throws {
        let names = try Self.text("parley.service").matches(of: #/Environment=(PARLEY_\w+)=/#).map { String($0.1) }

        #expect(names.count == 1)
        #expect(names.allSatisfy { name in GatewaySettings.all.contains { $0.name == name } })
    }

    @Test func `on a bare Debian, what the toolchain itself needs is named too`() throws {
        let folder = try SettingsFolder()
        let stand = ["dpkg-query": "exit 1", "id": "echo 1000", "sudo": "exit 1"]
        for (name, does) in stand {
            let file = try folder.write("#!/bin/sh\n\(does)\n", name)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }

        let said = try OutsideProgram.run(
            "sh",
            [
                "-c",
                "PATH=\(folder.path):/usr/bin:/bin sh \(Checkout.path("scripts/install-packages.sh")) --no-tests 2>&1; echo $?",
            ])

        let named = Set(said.split(whereSeparator: \.isWhitespace).map(String.init))
        #expect(named.contains("1"))
        for package in [
            "libncurses6", "libedit2", "libsqlite3-0", "libxml2", "zlib1g", "libstdc++-12-dev", "binutils",
            "libcurl4-openssl-dev", "libuuid1", "libz3-4", "libc6-dev",
        ] {
            #expect(named.contains(package), "\(package)")
        }
    }

    private static func text(_ name: String) throws -> String {
        try Checkout.text("deploy/\(name)")
    }
}
