/// By what the called side's audio is told apart. Those without a source were measured by `make bench/answering`, which says how
/// well they do.
package struct AnsweringThresholds: Equatable, Sendable {
    // MARK: Tones

    /// The share of a frame's energy at one frequency that makes the frame a tone.
    package var tonePurityMin = 0.90
    /// Quieter frames are no tone. Full scale is 0 dBFS.
    package var toneDBFSMin = -42.0
    /// A tone stays within so much of its frequency …
    package var toneDriftHz = 15.0
    /// … and of its level.
    package var toneDriftDB = 4.0
    /// Beeps of mailboxes: 400 to 2100 Hz, 0.1 to 1 s in the field's own words; some last longer.
    package var beepHz = 350.0...2_200.0
    package var beepMs = 120...2_500
    /// What of a tone may be missing, until it is over: two frames.
    package var toneGapMs = 40
    /// Special information tones (ITU-T E.180, Bellcore SR-2275): three, each either short (274 ms) or long (380 ms), low or high.
    package var sitHz: [ClosedRange<Double>] = [880.0...1_020.0, 1_335.0...1_465.0, 1_720.0...1_830.0]
    package var sitMs = 200...480
    package var sitGapMsMax = 120
    /// The calling tone of a fax (ITU-T T.30): 1100 Hz ± 38 Hz, 0.5 s on and 3 s off.
    package var faxCallingHz = 1_062.0...1_138.0
    package var faxCallingMs = 425...575
    /// The answering tone of a fax or modem (T.30, V.25): 2100 Hz ± 15 Hz for 2.6 to 4 s, its phase turned every 450 ms by some.
    package var faxAnswerHz = 2_075.0...2_125.0
    package var faxAnswerMsMin = 1_000

    // MARK: Speech and pauses

    /// How far over the noise of the line a frame is speech.
    package var speechDB = 9.0
    /// A pause of this length ends what was said. Sentences of a recording follow each other sooner.
    package var pauseMs = 900
    /// Who answers in person says less than that before they wait: private lines below 1.8 s (Twilio's guide).
    package var greetingMsMax = 1_900
    /// Who said more, up to `talkMs`, is a person after a longer pause: businesses, 1.8 to 3 s.
    package var longGreetingPauseMs = 1_500
    /// Speech for so long without a pause is a recording. Twilio's guide has machines above 3 s; here nobody is hung up on for it alone.
    package var talkMs = 2_700
    /// Of that, at least so much voiced.
    package var voicedShareMin = 0.55
    /// After ringing for so long it is a mailbox rather than somebody: it takes less speech.
    package var mailboxRingMs = 18_000
    package var talkAfterMailboxRingMs = 2_300
    /// For the words of what was said to arrive, before its length alone counts.
    package var wordsWaitMs = 1_500
    /// So much speech, and no words of it understood by then: a recording in a language that nobody speaks here.
    package var wordlessTalkMs = 5_000
    /// Speech that goes on for so long is a recording, whatever its words.
    package var settledTalkMs = 12_000
    /// So many words, none of which a machine would say, are somebody's own.
    package var ownWordsMin = 6

    package init() {}
    package static let standard = AnsweringThresholds()
}
