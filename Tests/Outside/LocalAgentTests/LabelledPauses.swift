@testable import LocalAgent

/// Pauses of callers, each with the question that it comes after and the words before it: whether more was to come.
struct LabelledPause: Sendable {
    /// What the agent asks for at the moment.
    enum Asked: CaseIterable, Sendable {
        case need, name, company, budget, amountConfirmed, authority, timeline, meeting, bookingConfirmed, closing
    }

    var asked: Asked
    var said: String
    var isFinished: Bool

    private static func rows(_ asked: Asked, finished: [String], unfinished: [String]) -> [LabelledPause] {
        finished.map { LabelledPause(asked: asked, said: $0, isFinished: true) }
            + unfinished.map { LabelledPause(asked: asked, said: $0, isFinished: false) }
    }

    static let all: [LabelledPause] =
        rows(
            .need,
            finished: [
                "i want to speak to a person", "please stop calling me", "goodbye", "how much does it cost",
                "are you a robot", "what do you do", "take me off your list", "have a nice day",
                "can you put me through to your manager", "is this call recorded",
            ],
            unfinished: [
                "i need a", "we are looking for the", "i am calling about", "we have a problem with our", "well we are",
                "hello i wanted to", "we need a new phone system because", "it is about our phones and", "um",
                "so basically our", "i would like to know if", "we want to replace the",
            ])
        + rows(
            .name,
            finished: [
                "my name is john smith", "this is sarah miller", "maria lopez", "it is david brown",
                "i am peter jones", "anna becker",
            ],
            unfinished: [
                "my name is", "it is", "this is", "i am", "sure my name is", "yes it is um", "my first name is",
                "you can call me",
            ])
        + rows(
            .company,
            finished: [
                "i work for acme corporation", "we are the blue river group", "northwind limited", "harbor foods",
                "it is first city bank", "we are called redwood systems",
            ],
            unfinished: [
                "i work for", "we are a", "the company is called", "it is the", "i am with", "we are part of the",
                "we are called", "i work at",
            ])
        + rows(
            .budget,
            finished: [
                "about thirty thousand dollars", "fifty thousand dollars", "we have twenty thousand euros",
                "around ten thousand pounds", "no more than five thousand dollars", "two hundred dollars",
            ],
            unfinished: [
                "our budget is about", "we have around", "somewhere between", "i think it is", "it would be um",
                "we could spend up to", "that depends on the", "maybe something like", "we thought of",
                "between ten and", "well our budget would",
            ])
        + rows(
            .amountConfirmed,
            finished: ["yes that is right", "yes", "no", "that is correct", "no that is wrong", "exactly", "right"],
            unfinished: ["no it is", "yes but", "not quite it is", "no i said", "well it is more like"])
        + rows(
            .authority,
            finished: [
                "yes i make the decision", "yes", "no my boss decides", "i decide", "my manager decides",
                "i am the owner", "no", "yes i am", "yes we do",
            ],
            unfinished: [
                "i have to ask my", "that would be", "yes together with", "no that is the", "i think our",
                "we decide that with", "i do but",
            ])
        + rows(
            .timeline,
            finished: [
                "this month", "as soon as possible", "we need it this month", "next week", "by the end of the year",
                "within three months", "next year", "immediately", "right away",
            ],
            unfinished: [
                "in about", "we would like to start in", "by the end of", "as soon as", "hopefully before the",
                "we want it by", "within the next", "it has to be ready for", "some time in the",
            ])
        + rows(
            .meeting,
            finished: [
                "tuesday at three", "tomorrow at ten in the morning", "no thank you", "yes friday at two works",
                "on monday at nine", "wednesday at half past two", "no",
            ],
            unfinished: [
                "how about", "i could do", "maybe on", "let us say on tuesday at", "that depends on", "yes on",
                "any time after", "we could meet on the", "i am free on thursday from",
            ])
        + rows(
            .bookingConfirmed,
            finished: ["yes please", "yes", "no", "yes book it", "no thank you", "that works"],
            unfinished: ["yes but", "can we make it", "no rather on", "could you"])
        + rows(
            .closing,
            finished: ["no thank you", "no that is all", "goodbye", "no", "no nothing else", "thank you goodbye"],
            unfinished: [
                "yes one more", "could you also", "my number is five five five", "you can reach me at", "yes i have a",
                "what about the", "just one thing about", "my email is john at",
            ])
}
