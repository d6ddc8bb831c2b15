import CJose
import Encoding

/// A key that tokens are checked with. The key says which algorithm it takes; no token can talk it into another.
///
/// `@unchecked Sendable`: cjose's key is only read once it is made (`cjose_jws_verify` takes it as constant), and OpenSSL's
/// keys below it lock what they cache.
@safe package final class WebKey: @unchecked Sendable {
    /// Why a published key is not used.
    package enum Mistake: Error, Equatable, Sendable, CustomStringConvertible {
        /// Neither RSA nor EC. A secret (`oct`) is none of the keys that can be published.
        case kind(String)
        /// It is for encryption, or for another algorithm.
        case purpose
        case isPrivate
        case curve(String)
        case bits(Int)
        /// A number is absent, not base64url, or no point of the curve.
        case numbers

        package var description: String {
            switch self {
            case .kind(let kind): "a key of the kind \(kind)"
            case .purpose: "a key that is not for RS256 or ES256 signatures"
            case .isPrivate: "a private key, which everybody can read there"
            case .curve(let name): "a key on the curve \(name), not P-256"
            case .bits(let bits): "an RSA key of \(bits) bits, not \(rsaBits.lowerBound) to \(rsaBits.upperBound)"
            case .numbers: "a key with numbers that are none"
            }
        }
    }

    /// Shorter ones can be broken; to check with longer ones takes too long.
    private static let rsaBits = 2_048...8_192
    private static let coordinateBytes = 32

    package let id: String?
    package let algorithm: SignatureAlgorithm
    /// Of each signature under it. cjose compares as many bytes as it expects and asks for the length afterwards.
    let signatureBytes: Int
    private let handle: OpaquePointer

    /// For HS256.
    ///
    /// - Precondition: `secret` has a byte at least; 32 random ones are right.
    package init(secret: [UInt8]) {
        guard let made = unsafe cjose_jwk_create_oct_spec(secret, secret.count, nil) else {
            preconditionFailure("a secret of \(secret.count) bytes")
        }
        id = nil
        algorithm = .hs256
        signatureBytes = 32
        unsafe handle = made
    }

    /// One that an issuer publishes (RFC 7517): RSA for RS256, or EC on P-256 for ES256.
    init(_ published: PublishedKey) throws(Mistake) {
        guard published.d == nil else { throw .isPrivate }
        guard published.use ?? "sig" == "sig", published.operations?.contains("verify") ?? true else { throw .purpose }
        id = published.kid
        switch published.kty {
        case "RSA":
            algorithm = .rs256
            let (made, bytes) = unsafe try Self.rsa(published)
            unsafe handle = made
            signatureBytes = bytes
        case "EC":
            algorithm = .es256
            signatureBytes = 2 * Self.coordinateBytes
            unsafe handle = try Self.ec(published)
        default: throw .kind(published.kty)
        }
    }

    deinit { _ = unsafe cjose_jwk_release(handle) }

    private static func rsa(_ published: PublishedKey) throws(Mistake) -> (OpaquePointer, signatureBytes: Int) {
        guard published.alg ?? "RS256" == "RS256" else { throw .purpose }
        guard var modulus = number(published.n), var exponent = number(published.e), let first = modulus.first,
            exponent.count <= 4, exponent.last.map({ $0 & 1 == 1 }) == true, exponent != [1]
        else { throw .numbers }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard rsaBits.contains(bits) else { throw .bits(bits) }
        let made = unsafe modulus.withUnsafeMutableBufferPointer { n in
            unsafe exponent.withUnsafeMutableBufferPointer { e in
                var numbers = unsafe cjose_jwk_rsa_keyspec()
                unsafe (numbers.n, numbers.nlen) = (n.baseAddress, n.count)
                unsafe (numbers.e, numbers.elen) = (e.baseAddress, e.count)
                return unsafe cjose_jwk_create_RSA_spec(&numbers, nil)
            }
        }
        guard let made = unsafe made else { throw .numbers }
        return unsafe (made, (bits + 7) / 8)
    }

    private static func ec(_ published: PublishedKey) throws(Mistake) -> OpaquePointer {
        guard published.alg ?? "ES256" == "ES256" else { throw .purpose }
        guard published.crv == "P-256" else { throw .curve(published.crv ?? "without a name") }
        guard var x = published.x.flatMap({ Base64URL.decode($0) }),
            var y = published.y.flatMap({ Base64URL.decode($0) }),
            x.count == coordinateBytes, y.count == coordinateBytes
        else { throw .numbers }
        defer { ERR_clear_error() }
        let made = unsafe x.withUnsafeMutableBufferPointer { x in
            unsafe y.withUnsafeMutableBufferPointer { y in
                var point = unsafe cjose_jwk_ec_keyspec()
                unsafe point.crv = CJOSE_JWK_EC_P_256
                unsafe (point.x, point.xlen) = (x.baseAddress, x.count)
                unsafe (point.y, point.ylen) = (y.baseAddress, y.count)
                return unsafe cjose_jwk_create_EC_spec(&point, nil)
            }
        }
        guard let made = unsafe made else { throw .numbers }
        return unsafe made
    }

    /// Without leading zeros.
    private static func number(_ text: String?) -> [UInt8]? {
        text.flatMap { Base64URL.decode($0) }.map { Array($0.drop { $0 == 0 }) }
    }

    /// - Parameter token: a ``SignedToken``'s text: cjose ends the process over some texts that are not strict base64url.
    func hasSigned(_ token: String) -> Bool {
        // What fails stays in this thread's list of errors, where TLS would find it.
        defer { ERR_clear_error() }
        guard let jws = unsafe cjose_jws_import(token, token.utf8.count, nil) else { return false }
        defer { unsafe cjose_jws_release(jws) }
        return unsafe cjose_jws_verify(jws, handle, nil)
    }

    /// A token over `payload`, for a header of `alg` and `typ` alone.
    ///
    /// - Precondition: the key is a secret.
    package func sign(_ payload: [UInt8]) -> String {
        let header = unsafe cjose_header_new(nil)
        defer { unsafe cjose_header_release(header) }
        var text: UnsafePointer<CChar>?
        guard algorithm == .hs256, unsafe cjose_header_set(header, "alg", algorithm.rawValue, nil),
            unsafe cjose_header_set(header, "typ", "JWT", nil),
            let jws = unsafe cjose_jws_sign(handle, header, payload, payload.count, nil)
        else { preconditionFailure("\(payload.count) bytes were not signed with \(algorithm)") }
        defer { unsafe cjose_jws_release(jws) }
        guard unsafe cjose_jws_export(jws, &text, nil), let text = unsafe text else {
            preconditionFailure("\(payload.count) bytes were signed with \(algorithm), and not written")
        }
        return unsafe String(cString: text)
    }
}
