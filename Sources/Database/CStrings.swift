import Glibc

/// Swift strings as a C array of C strings, for the length of one call.
enum CStrings {
    /// `nil` elements become null pointers; the array ends with a null pointer, as libpq and `execve` expect.
    static func with<R>(
        _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
    ) -> R {
        let copies: [UnsafeMutablePointer<CChar>?] =
            unsafe strings.map { unsafe $0.flatMap { unsafe strdup($0) } } + [nil]
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer($0) }
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
