import CMalloc
import Capture
import Configuration
import Foundation
import Logging
import Matching
import MobileCLIP
import Synchronization

/// Has the texts of the vocabulary encoded on a thread of its own, and then has what describes looks. Cameras do not wait:
/// looks get labels from then on. Recordings that are played fast do, so that all their looks have.
final class DescribingDesk: Sendable {
    private enum State {
        case busy
        case ready(Describer)
        case failed
    }

    private let state: Mutex<State>
    private let isStopped = Atomic(false)
    private let ended = Latch()

    /// - Parameters:
    ///   - model: the path or name of the model.
    ///   - identity: that of the model that looks; the texts must be of the same.
    ///   - cache: where their embeddings are kept from one start to the next.
    ///   - doorbell: rung when it is ready.
    init(
        _ settings: DescribeSettings,
        model: String,
        identity: String,
        cache: String,
        doorbell: Doorbell,
        logger: Logger
    ) {
        state = Mutex(.busy)
        let work = Work(settings: settings, model: model, identity: identity, cache: cache, logger: logger)
        let thread = Thread { [self] in
            // Of this thread alone: looking comes first.
            _ = nice(10)
            do throws(ModelError) {
                let describer = try work.describer { isStopped.load(ordering: .relaxed) }
                state.withLock { $0 = describer.map(State.ready) ?? .failed }
            } catch {
                logger.warning("looks are not described: \(error)")
                state.withLock { $0 = .failed }
            }
            // The text tower and the file's tensors were most of what the heap has held.
            malloc_trim(0)
            doorbell.announce()
            ended.set()
        }
        thread.name = "vocabulary"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Nil while it is not ready, and where it never will be.
    var describer: Describer? {
        state.withLock { state in
            guard case .ready(let describer) = state else { return nil }
            return describer
        }
    }

    /// Whether there is nothing to wait for.
    var isSettled: Bool {
        state.withLock { state in
            guard case .busy = state else { return true }
            return false
        }
    }

    /// Gives up what is not done yet, and waits for the thread's end.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        _ = ended.wait(until: nil)
    }
}

/// What the thread does.
private struct Work: Sendable {
    var settings: DescribeSettings
    var model: String
    var identity: String
    var cache: String
    var logger: Logger

    /// Nil when it was stopped, or there is nothing to say.
    func describer(unless isStopped: () -> Bool) throws(ModelError) -> Describer? {
        let model = try Model(Checkpoint(path: try ModelFiles.path(of: model)))
        guard model.identity.description == identity else {
            logger.warning("looks are not described: the model's file has changed since the daemon started")
            return nil
        }
        let tokenizer = try model.makeTokenizer()
        let texts = settings.vocabulary.texts.filter { tokenizer.complaint(about: $0) == nil }
        var known = VocabularyCache(path: cache, model: identity)
        let missing = texts.filter { known[$0]?.count != model.embeddingWidth }
        if !missing.isEmpty {
            let start = ContinuousClock.now
            let encoder = try model.makeTextEncoder()
            for text in missing {
                guard !isStopped() else { return nil }
                known[text] = encoder.encode(text)
            }
            known.keep(texts)
            keep(known)
            let seconds = Int(((ContinuousClock.now - start) / .seconds(1)).rounded(.up))
            logger.info("\(missing.count) texts of the vocabulary were encoded in \(seconds) s")
        }
        let heard = Set(texts)
        let describer = Describer(
            settings.vocabulary,
            top: settings.top,
            logitScale: Double(model.logitScale)
        ) { heard.contains($0) ? known[$0] : nil }
        if describer.leftOut > 0 {
            let share = "\(describer.leftOut) of the vocabulary's \(settings.vocabulary.labelCount) labels"
            logger.notice("\(share) are left out: the model has not learned their words")
        }
        guard !describer.isEmpty else {
            logger.warning("looks are not described: the model knows too few of the vocabulary's words")
            return nil
        }
        return describer
    }

    private func keep(_ cache: VocabularyCache) {
        do {
            try cache.write(to: self.cache)
        } catch {
            let consequence = "the vocabulary is encoded again at the next start"
            logger.warning("\(self.cache) cannot be written; \(consequence): \(error)")
        }
    }
}
