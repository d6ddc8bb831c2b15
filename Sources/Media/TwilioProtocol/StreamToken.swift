package import CallModel
import Encoding

/// A token that lets one call open one media stream: bound to the call, short-lived, and worth nothing twice.
///
/// The signature of the upgrade proves "Twilio"; the token in a custom parameter proves "this call of ours". Written as
/// `v1.<expiry>.<nonce>.<HMAC-SHA256>`, expiry in seconds since 1970, the rest in hexadecimal: 89 characters or so.
package struct StreamToken: Hashable, Sendable {
    /// What goes into the custom parameter. A secret: never log it.
    package let text: String
    /// Seconds since 1970; at this second the token is no longer good.
    package let expiresAt: Int64
    /// Half of its signature: as good as the whole text for telling it from every other.
    fileprivate let mark: UInt128
}

package enum StreamTokenError: Error, Equatable, CustomStringConvertible {
    case malformed
    /// Made with another secret, altered, or made for another call.
    case forgedOrOtherCall
    case expired(secondsAgo: Int64)
    case alreadyUsed
    /// So many unexpired tokens are remembered that one more could not be told from a repeat.
    case ledgerFull

    package var description: String {
        switch self {
        case .malformed: "Stream token is not one of ours; closing the stream."
        case .forgedOrOtherCall: "Stream token was not made here for this call; closing the stream."
        case .expired(let seconds): "Stream token expired \(seconds) s ago; closing the stream."
        case .alreadyUsed: "Stream token was used before; closing the stream."
        case .ledgerFull: "Too many stream tokens are unexpired; closing the stream. Shorten their lifetime."
        }
    }
}

/// Makes and checks stream tokens with one secret, which all nodes share.
package struct StreamTokenMint: Sendable {
    private let secret: [UInt8]

    /// - Precondition: the secret is not empty; 32 random bytes are the custom.
    package init(secret: [UInt8]) {
        precondition(!secret.isEmpty, "an empty secret signs nothing")
        self.secret = secret
    }

    /// - Parameter expiresAt: seconds since 1970.
    package func mint(
        for callSid: CallSid, expiresAt: Int64, nonce: UInt64 = .random(in: .min ... .max)
    ) -> StreamToken {
        let claim = "v1.\(expiresAt).\(String(nonce, radix: 16))"
        let mac = Digest.hmacSHA256(key: secret, Array("parley stream \(claim).\(callSid)".utf8))
        return StreamToken(
            text: "\(claim).\(Hex.encode(mac))", expiresAt: expiresAt,
            mark: mac.prefix(16).reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// Checks a token against the call that brings it. The MAC is compared in constant time before anything it covers
    /// is believed.
    ///
    /// - Parameter now: seconds since 1970.
    package func verify(_ text: String, for callSid: CallSid, now: Int64) throws(StreamTokenError) -> StreamToken {
        guard text.utf8.count <= 128 else { throw .malformed }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "v1", let expiresAt = Int64(parts[1], radix: 10),
            let nonce = UInt64(parts[2], radix: 16), parts[3].utf8.count == 64
        else { throw .malformed }
        // The whole text is compared: another spelling of the same numbers is another token, and refused.
        let token = mint(for: callSid, expiresAt: expiresAt, nonce: nonce)
        guard Digest.areEqual(token.text, text) else { throw .forgedOrOtherCall }
        guard now < expiresAt else {
            throw .expired(secondsAgo: now.subtractingReportingOverflow(expiresAt).partialValue)
        }
        return token
    }
}

/// The tokens one node has accepted and that have not expired yet: the second use of one is refused. 24 bytes a token.
package struct SpentStreamTokens: Sendable {
    private static let purgeFrom = 1_024
    private var expiryByMark: [UInt128: Int64] = [:]
    /// So many are looked through for expired ones; twice as many as were good the last time.
    private var purgeAt = purgeFrom
    private let countMax: Int

    /// - Parameter countMax: tokens remembered at once; when so many are unexpired, further ones are refused.
    package init(countMax: Int = 65_536) { self.countMax = max(1, countMax) }

    package var count: Int { expiryByMark.count }

    /// Spends a verified token. Refuses (fails closed) when the ledger is full of tokens that are still good.
    ///
    /// - Parameter now: seconds since 1970.
    package mutating func spend(_ token: StreamToken, now: Int64) throws(StreamTokenError) {
        guard expiryByMark[token.mark] == nil else { throw .alreadyUsed }
        if expiryByMark.count >= min(purgeAt, countMax) {
            expiryByMark = expiryByMark.filter { $0.value > now }
            guard expiryByMark.count < countMax else { throw .ledgerFull }
            purgeAt = max(Self.purgeFrom, 2 * expiryByMark.count)
        }
        expiryByMark[token.mark] = token.expiresAt
    }
}
