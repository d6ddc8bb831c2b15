/// Hears the wish not to be called again, in any words (`us-revoke-any-means`), and not its likenesses: "call me back",
/// "don't call me before nine", "don't call me Shirley", "my customers ask me to stop calling them".
///
/// The wish is put together from its parts: that something is to end or not to happen, which act, whose number, by whom,
/// and for how long. What is another's wish, has a limit, or is said of something else is none.
package enum OptOut {
    /// What somebody may be contacted by.
    package enum Channel: Hashable, Sendable { case calls, texts, emails }

    package struct Wish: Equatable, Sendable {
        /// The words that say so, as they stand in the text.
        package var quote: String
        package var channels: Set<Channel>

        /// Whoever does not want to be called wants to be left alone altogether.
        package var isWhole: Bool { channels.contains(.calls) }
    }

    /// The words that ask to be left alone, as they stand in `text`; nil when none do.
    package static func find(in text: String) -> String? { find(in: SpokenText(text)) }

    package static func find(in spoken: SpokenText) -> String? { wishes(in: spoken).first(where: \.isWhole)?.quote }

    /// Every wish to be left alone, on all channels or on some.
    package static func wishes(in spoken: SpokenText) -> [Wish] {
        OptOutReading(spoken).wishes() + foreign(in: spoken)
    }

    private static func foreign(in spoken: SpokenText) -> [Wish] {
        let folded = spoken.plainTexts
        return OptOutWords.languages.flatMap { language -> [Wish] in
            guard !language.spoilers.matches(folded) else { return [] }
            return language.wishes.compactMap { channels, phrases in
                phrases.first(in: folded).map { Wish(quote: spoken.quote($0), channels: channels) }
            }
        }
    }
}
