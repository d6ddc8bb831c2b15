import Glibc

/// Swift strings as a C array of C strings, for the length of one call.
enum CStrings {
    /// `nil` elements become null pointers; the array ends with a null pointer, as libpq and `execve` expect.
    static func with<R>(
        _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
    ) -> R {
        unsafe withMutable(strings) { copies in
            let pointers = unsafe (0...strings.count).map { unsafe UnsafePointer(copies[$0]) }
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }

    /// The same, in the type `posix_spawn` asks for, which does not write to them either.
    static func withMutable<R>(
        _ strings: [String?], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        let copies = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        unsafe copies.initialize(repeating: nil, count: strings.count + 1)
        for (index, string) in strings.enumerated() {
            if let string { unsafe copies[index] = strdup(string) }
        }
        defer {
            for index in strings.indices { unsafe free(copies[index]) }
            unsafe copies.deallocate()
        }
        return unsafe body(copies)
    }
}
