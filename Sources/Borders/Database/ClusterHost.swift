import Foundation
import Glibc

/// What this machine offers for running PostgreSQL: its programs, and the user they run as.
struct ClusterHost: Sendable {
    /// The directory of `initdb` and `postgres`.
    let programs: String
    /// Set when we are root, as whom PostgreSQL refuses to run.
    let serverUser: Account?
    /// Our own login, which the server sees at its socket.
    let ourName: String

    struct Account: Sendable {
        let name: String
        let uid: uid_t
        let gid: gid_t
    }

    init() throws(DatabaseError) {
        programs = try ClusterHost.findPrograms()
        guard let us = unsafe getpwuid(geteuid()) else {
            throw .clusterFailed(step: "account", reason: "the user id \(geteuid()) has no entry in /etc/passwd")
        }
        unsafe ourName = String(cString: us.pointee.pw_name)
        guard geteuid() == 0 else {
            serverUser = nil
            return
        }
        guard let entry = unsafe getpwnam("postgres") else {
            throw .clusterFailed(
                step: "account", reason: "running as root needs a user `postgres` for the server: install postgresql")
        }
        unsafe serverUser = Account(name: "postgres", uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
        guard ClusterHost.setpriv != nil else {
            throw .clusterFailed(step: "account", reason: "running as root needs setpriv: install util-linux")
        }
    }

    private static func findPrograms() throws(DatabaseError) -> String {
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []).compactMap { Int($0) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin"
        let folders =
            versions.sorted(by: >).map { "\(debian)/\($0)/bin" } + path.split(separator: ":").map { String($0) }
        for folder in folders where isExecutable("\(folder)/initdb") && isExecutable("\(folder)/postgres") {
            return folder
        }
        throw .clusterFailed(
            step: "programs",
            reason: "initdb and postgres are neither in \(debian)/*/bin nor in PATH: install postgresql, "
                + "or set PARLEY_DATABASE_URL")
    }

    private static func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    private static let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first { isExecutable($0) }

    /// `arguments` run as the server's user and, for the server itself, told to shut down when this process dies.
    func command(_ arguments: [String], endsWithUs: Bool = false) -> [String] {
        guard let setpriv = ClusterHost.setpriv else { return arguments }
        // The working directory may be one that user cannot enter.
        var wrapped = ["/usr/bin/env", "--chdir=/", setpriv]
        if let serverUser {
            wrapped += [
                "--reuid=\(serverUser.uid)", "--regid=\(serverUser.gid)", "--init-groups", "--no-new-privs",
            ]
        }
        if endsWithUs { wrapped += ["--pdeathsig", "INT"] }
        return wrapped.count == 3 ? arguments : wrapped + ["--"] + arguments
    }

    /// Makes `path` a directory only the server's user (and root) may enter.
    func makePrivate(_ path: String) throws(DatabaseError) {
        var facts = stat()
        if unsafe lstat(path, &facts) != 0 {
            guard unsafe mkdir(path, 0o700) == 0 else { throw failure("mkdir \(path)") }
            if let serverUser, unsafe chown(path, serverUser.uid, serverUser.gid) != 0 {
                throw failure("chown \(path)")
            }
            guard unsafe lstat(path, &facts) == 0 else { throw failure("lstat \(path)") }
        }
        guard facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == serverUser?.uid ?? geteuid() else {
            throw .clusterFailed(
                step: "directory \(path)",
                reason: "it is not a directory of the user the server runs as (uid \(serverUser?.uid ?? geteuid()))")
        }
        guard unsafe chmod(path, 0o700) == 0 else { throw failure("chmod \(path)") }
    }

    /// Whether the server's user can pass through `path`.
    func canReach(_ path: String) -> Bool {
        guard serverUser != nil else { return unsafe access(path, X_OK) == 0 }
        return (try? ChildProcess.run(command(["/usr/bin/test", "-x", path]), log: nil, timeoutMs: 5_000)) ?? false
    }

    private func failure(_ step: String) -> DatabaseError {
        .clusterFailed(step: step, reason: unsafe String(cString: strerror(errno)))
    }
}
