import Consult
import Runtime
import Synchronization

/// One consult being asked in the background. What comes of it is told to whoever listens; while nobody does, because the
/// call is on its way to another loop, it waits.
final class ConsultAsking: Sendable {
    enum News: Sendable {
        /// What has come in so far.
        case progressed([SpecialistAnswer])
        case answered(ConsultAnswer)
        case failed([SpecialistAnswer])
    }

    private struct State {
        var listener: (@Sendable (News) -> Void)?
        /// Bounded by the answers of one consult.
        var waiting: [News] = []
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    let question: ConsultQuestion
    private let state = Mutex(State())

    init(_ question: ConsultQuestion) { self.question = question }

    /// - Parameters:
    ///   - language: of the answer, which is made fit for the ear here and not on the call's loop.
    ///   - wording: what the caller is asked when the answer depends on the place.
    func start(
        under grant: ConsentGrant, limits: ConsultLimits, language: String, wording: ConsultWording,
        _ moderator: Moderator<ContinuousClock>,
        _ asker: any Asker
    ) {
        let task = Task(executorPreference: BackgroundThreads.consults) { [self] in
            let outcome = await moderator.consult(question, under: grant, limits: limits, asking: asker) { answers in
                self.tell(.progressed(answers))
            }
            guard !Task.isCancelled else { return }
            if let answer = outcome.answer(askingPlace: wording.askPlace)?.prepared(language: language) {
                tell(.answered(answer))
            } else {
                tell(.failed(outcome.answers))
            }
        }
        let isLate = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isLate { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            state.listener = nil
            state.waiting = []
            return state.task
        }
        task?.cancel()
    }

    /// - Parameter listener: hears what waited and all that follows, in order, on any thread; nil: it is to wait.
    func listen(_ listener: (@Sendable (News) -> Void)?) {
        state.withLock { state in
            state.listener = listener
            guard let listener else { return }
            for news in state.waiting { listener(news) }
            state.waiting = []
        }
    }

    private func tell(_ news: News) {
        state.withLock { state in
            guard !state.isCancelled else { return }
            if let listener = state.listener { listener(news) } else { state.waiting.append(news) }
        }
    }
}
