package import CallModel

/// A telephone number that was read, and what is known of it.
package struct PhoneNumber: Equatable, Sendable {
    /// What numbers of its range are for.
    package enum Kind: String, CaseIterable, Sendable {
        case fixedLine = "fixed_line"
        case mobile
        /// Where a country does not tell the two apart, as in North America.
        case fixedOrMobile = "fixed_or_mobile"
        case tollFree = "toll_free"
        case premiumRate = "premium_rate"
        case sharedCost = "shared_cost"
        case voip, personal, pager
        /// One number for all of a company's lines.
        case company, voicemail
        case unknown
    }

    package var e164: E164
    /// ISO 3166, two letters; nil where the number is of no one country.
    package var region: String?
    /// Nil where it was not asked for.
    package var kind: Kind?
    /// Numbers of this range are given out, as far as the tables know: Debian's are of October 2022, and ranges have been
    /// opened since. A number that is not known is as long as one of its country.
    package var isKnown: Bool
    /// What was written behind the number: `12` of `ext. 12`.
    package var lineExtension: String?
}

/// Why a text is no telephone number.
package enum PhoneFault: String, CaseIterable, Error, Sendable, CustomStringConvertible {
    case empty, notANumber = "not_a_number", noCountry = "no_country", tooShort = "too_short", tooLong = "too_long"
    case wrongLength = "wrong_length", localOnly = "local_only"
    /// `1.21255E+10`: what a spreadsheet leaves of a number that it took for one.
    case damaged
    /// The pseudo-number of somebody who withholds theirs, or another that no carrier takes.
    case unusable

    package var description: String {
        switch self {
        case .empty: "There is no number."
        case .notANumber: "This is no telephone number."
        case .noCountry: "Its country is not known: it has no country code, or one that no country has."
        case .tooShort: "It is too short for a number of its country."
        case .tooLong: "It is too long for a number of its country."
        case .wrongLength: "No number of its country is that long."
        case .localOnly: "It is complete within its area only: the area code is missing."
        case .damaged: "A spreadsheet has rounded this number; its digits are lost."
        case .unusable: "This is no number that could be called."
        }
    }
}
