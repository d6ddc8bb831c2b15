internal import CLibWebSockets
import Glibc

/// Reads a parsed request out of libwebsockets, inside its HTTP callbacks only.
@safe struct HTTPHeaders {
    let wsi: OpaquePointer

    private static let methods: [(token: lws_token_indexes, name: String)] = [
        (WSI_TOKEN_GET_URI, "GET"), (WSI_TOKEN_POST_URI, "POST"), (WSI_TOKEN_HEAD_URI, "HEAD"),
        (WSI_TOKEN_PUT_URI, "PUT"), (WSI_TOKEN_PATCH_URI, "PATCH"), (WSI_TOKEN_DELETE_URI, "DELETE"),
        (WSI_TOKEN_OPTIONS_URI, "OPTIONS"),
    ]

    /// Headers that libwebsockets knows by index, with their names.
    private static let known: [(token: lws_token_indexes, name: String)] = (0..<WSI_TOKEN_COUNT.rawValue).compactMap {
        let token = lws_token_indexes(rawValue: $0)
        guard let text = unsafe lws_token_to_string(token) else { return nil }
        let name = unsafe String(cString: UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self))
        guard name.hasSuffix(":"), !name.hasPrefix(":"), name.count > 1 else { return nil }
        return (token, String(name.dropLast()))
    }

    /// libwebsockets 4.1 can look up other headers by name but cannot list them: these are the ones that reach a
    /// request.
    static let custom = [
        "x-twilio-signature", "i-twilio-idempotency-token", "x-parley-signature", "x-api-key", "idempotency-key",
        "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded", "x-request-id", "traceparent",
        "tracestate", "x-home-region", "x-hub-signature-256", "openai-beta", "webhook-id", "webhook-timestamp",
        "webhook-signature", "x-parley-tenant", "x-csrf-token", "last-event-id", "sec-fetch-site",
        "sec-fetch-mode", "sec-fetch-dest", "x-goog-channel-id", "x-goog-channel-token", "x-goog-resource-state",
        "x-goog-message-number",
    ]

    var isPresent: Bool { length(WSI_TOKEN_HTTP) > 0 }

    var method: String? { Self.methods.first { length($0.token) > 0 }?.name }

    var path: String? {
        guard let entry = Self.methods.first(where: { length($0.token) > 0 }) else { return nil }
        return value(entry.token)
    }

    /// The query, put together again from the decoded arguments that libwebsockets keeps: equal in meaning to what was
    /// sent, every byte that is not unreserved percent-encoded.
    var query: String {
        guard length(WSI_TOKEN_HTTP_URI_ARGS) > 0 else { return "" }
        var parts: [String] = []
        let capacity = length(WSI_TOKEN_HTTP_URI_ARGS) + 2
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { text in
            guard let start = text.baseAddress else { return }
            while parts.count < 256 {
                let count = unsafe lws_hdr_copy_fragment(
                    wsi, start, Int32(capacity), WSI_TOKEN_HTTP_URI_ARGS, Int32(parts.count))
                guard count >= 0 else { return }
                let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(count))
                unsafe parts.append(Self.encode(bytes))
            }
        }
        return parts.joined(separator: "&")
    }

    func value(_ token: lws_token_indexes) -> String? {
        let count = length(token)
        guard count > 0 else { return nil }
        return unsafe read(count + 64) { unsafe lws_hdr_copy(wsi, $0, Int32(count + 64), token) }
    }

    func custom(_ name: String) -> String? {
        let key = name + ":"
        let count = Int(unsafe lws_hdr_custom_length(wsi, key, Int32(key.utf8.count)))
        guard count >= 0 else { return nil }
        return unsafe read(count + 2) {
            unsafe lws_hdr_custom_copy(wsi, $0, Int32(count + 2), key, Int32(key.utf8.count))
        }
    }

    /// All headers we can see, names in lower case, and how many bytes they take.
    func all() -> (headers: [(name: String, value: String)], bytes: Int) {
        var headers: [(name: String, value: String)] = []
        var bytes = length(WSI_TOKEN_HTTP_URI_ARGS)
        for entry in Self.methods { bytes += length(entry.token) }
        for entry in Self.known {
            guard let value = value(entry.token) else { continue }
            headers.append((name: entry.name, value: value))
            bytes += entry.name.utf8.count + value.utf8.count + 4
        }
        for name in Self.custom {
            guard let value = custom(name) else { continue }
            headers.append((name: name, value: value))
            bytes += name.utf8.count + value.utf8.count + 4
        }
        return (headers, bytes)
    }

    func length(_ token: lws_token_indexes) -> Int { max(0, Int(unsafe lws_hdr_total_length(wsi, token))) }

    private func read(_ capacity: Int, _ copy: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { text in
            guard let start = text.baseAddress else { return nil }
            let count = unsafe copy(start)
            guard count >= 0 else { return nil }
            return unsafe String(
                decoding: UnsafeRawBufferPointer(start: start, count: min(strlen(start), capacity)), as: UTF8.self)
        }
    }

    private static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        var out = ""
        var isName = true
        for byte in unsafe [UInt8](bytes) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                out.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "=") where isName:
                isName = false
                out += "="
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return out
    }
}
