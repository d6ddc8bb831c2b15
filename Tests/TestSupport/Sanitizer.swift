import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What this build watches itself with.
package enum Sanitizer {
    /// A sanitizer brings an allocator of its own, which no shim can stand before.
    package static let hasAllocator: Bool = {
        guard let library = dlopen("libc.so.6", RTLD_LAZY) else { return false }
        return dlsym(nil, "malloc") != dlsym(library, "malloc")
    }()

    /// The one for threads, which answers signals in its own time.
    package static let watchesThreads = dlsym(nil, "__tsan_init") != nil

    /// What waits for this build to do something waits so many times as long.
    package static let slowness = watchesThreads ? 5 : 1

    /// What a child of this build needs to start, and to watch itself as this process does.
    package static let environment = ProcessInfo.processInfo.environment.filter {
        ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
    }
}
