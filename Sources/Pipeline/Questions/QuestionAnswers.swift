import CMalloc
import Configuration
import EventSocket
import Foundation
import Journal
import Matching
import MobileCLIP

/// Answers questions about the past from the journal, as the commands of the same names do. Blocking.
struct QuestionAnswers: Sendable {
    let inForce: InForce
    /// The id of what the daemon's embeddings are made with.
    let modelID: String

    func answer(_ question: Question) throws(RequestError) -> JSONValue {
        switch question {
        case .search(let search): try json(of: report(search))
        case .backtest(let backtest): try json(of: report(backtest))
        case .explain(let event): try json(of: report(event))
        }
    }

    // MARK: Search

    private func report(_ asked: SearchQuestion) throws(RequestError) -> SearchReport {
        let now = inForce.now.settings
        let known = try checked(asked.past.cameras, "camera", among: now.cameras.map(\.name))
        let text = asked.text.isEmpty ? nil : try embedding(of: asked.text, now)
        let started = ContinuousClock.now
        return try read(now) { reader throws(JournalError) in
            var search = LookSearch(embedding: text ?? [], modelID: modelID)
            if let look = asked.like {
                guard let known = try reader.embeddings(ofLook: look) else {
                    return .failure(RequestError(.notFound, "the journal has no look \(look)"))
                }
                search = LookSearch(like: look, known.embeddings, modelID: known.modelID)
            }
            search.since = asked.past.since ?? .distantPast
            search.until = asked.past.until ?? .distantFuture
            search.cameras = known.map { $0.sorted() }
            search.limit = asked.limit
            let title = asked.like.map { "look \($0)" } ?? asked.text.joined(separator: " / ")
            let result = try reader.search(search)
            return .success(
                SearchReport(result, of: title, model: search.modelID, took: ContinuousClock.now - started)
            )
        }
    }

    private func embedding(of texts: [String], _ settings: Settings) throws(RequestError) -> [Float] {
        let model = try model(settings)
        defer { malloc_trim(0) }
        do throws(ModelError) {
            let encoder = try model.makeTextEncoder()
            return Prompt(phrasings: texts, embeddings: texts.map(encoder.encode)).embedding
        } catch {
            throw RequestError(.notSupported, "\(error)")
        }
    }

    // MARK: Backtest

    private func report(_ asked: BacktestQuestion) throws(RequestError) -> BacktestReport {
        let now = inForce.now
        let cameras = now.settings.cameras.map(\.name)
        let chosen = try checked(asked.past.cameras, "camera", among: cameras)
        let narrowed = { (trigger: TriggerSettings) in
            var trigger = trigger
            trigger.cameras = trigger.cameras.filter { chosen?.contains($0) ?? true }
            return trigger
        }
        if let definition = asked.trigger {
            let trigger = narrowed(try trigger(definition, cameras: now.settings.cameras))
            let matchers = try prompts([trigger], now.settings).matchers
            let judged = [trigger].filter { !$0.cameras.isEmpty }
            return try judge(judged, reporting: judged, matchers, asked.past, now.settings)
        }
        let names = try checked(asked.triggers, "trigger", among: now.settings.triggers.map(\.name))
        let judged = now.settings.triggers.filter { names?.contains($0.name) ?? true }.map(narrowed)
            .filter { !$0.cameras.isEmpty }
        let played = judged + now.settings.triggers.members(of: judged)
        let known = Dictionary(
            zip(now.settings.triggers.map(\.name), now.matchers),
            uniquingKeysWith: { first, _ in first }
        )
        let matchers = played.map { known[$0.name] ?? nil }
        return try judge(played, reporting: judged, matchers, asked.past, now.settings)
    }

    private func judge(
        _ triggers: [TriggerSettings],
        reporting reported: [TriggerSettings],
        _ matchers: [Matcher?],
        _ past: PastSpan,
        _ settings: Settings
    ) throws(RequestError) -> BacktestReport {
        guard !reported.isEmpty else { throw RequestError(.notFound, "no trigger watches these cameras") }
        let question = PastJudgement.Question(
            triggers: triggers,
            matchers: matchers,
            cameras: settings.cameras,
            since: past.since ?? .distantPast
        )
        let started = ContinuousClock.now
        return try read(settings) { reader throws(JournalError) in
            let judgement = try PastJudgement.of(
                reader,
                question,
                until: past.until ?? .distantFuture,
                model: modelID
            )
            return .success(BacktestReport(judgement, reported, took: ContinuousClock.now - started))
        }
    }

    private func trigger(_ definition: String, cameras: [CameraSettings]) throws(RequestError) -> TriggerSettings {
        do throws(InvalidConfiguration) {
            return try Settings.trigger(parsing: definition, file: "trigger", cameras: cameras)
        } catch {
            throw RequestError(.invalidConfiguration, error.problems.map(\.message).joined(separator: "\n"))
        }
    }

    private func prompts(_ triggers: [TriggerSettings], _ settings: Settings) throws(RequestError) -> PreparedPrompts {
        let model = try model(settings)
        defer { malloc_trim(0) }
        do throws(ModelError) {
            return try PreparedPrompts(triggers, model)
        } catch {
            throw RequestError(.notSupported, "\(error)")
        }
    }

    // MARK: Explain

    private func report(_ event: String) throws(RequestError) -> ExplanationReport {
        let now = inForce.now.settings
        return try read(now) { reader throws(JournalError) in
            let explanation = Explanation(reader, triggers: now.triggers, cameras: now.cameras)
            return try EventChoice(event).find(in: reader, explanation.report)
                .mapError { RequestError(.notFound, $0.message) }
        }
    }

    // MARK: What all need

    private func model(_ settings: Settings) throws(RequestError) -> Model {
        do throws(ModelError) {
            let model = try Model(Checkpoint(path: ModelFiles.path(of: settings.model.use)))
            guard model.identity.description == modelID else {
                throw ModelError(path: model.checkpoint.path, problem: "it is not what it was; restart the daemon")
            }
            return model
        } catch {
            throw RequestError(.notSupported, "the text cannot be encoded: \(error)")
        }
    }

    /// Reads the journal with a connection of its own.
    private func read<Value>(
        _ settings: Settings,
        _ body: (JournalReader) throws(JournalError) -> Result<Value, RequestError>
    ) throws(RequestError) -> Value {
        let result: Result<Value, RequestError>
        do throws(JournalError) {
            let reader = try JournalReader(path: settings.journal.path)
            defer { reader.close() }
            result = try body(reader)
        } catch {
            throw RequestError(.noJournal, "the past cannot be read: \(error)")
        }
        return try result.get()
    }

    /// The names, where there are such.
    private func checked(
        _ names: Set<String>?,
        _ kind: String,
        among known: [String]
    ) throws(RequestError) -> Set<String>? {
        for name in (names ?? []).sorted() where !known.contains(name) {
            let hint = nearest(to: name, among: known).map { "; did you mean “\($0)”?" } ?? ""
            let code: RequestError.Code = kind == "camera" ? .unknownCamera : .notFound
            throw RequestError(code, "there is no \(kind) “\(name.prefix(64))”\(hint)")
        }
        return names
    }

    /// As the command prints it with `--json`.
    private func json(of report: some Encodable) throws(RequestError) -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Wire.encoder().encode(report))
        } catch {
            throw RequestError(.noAnswer, "the answer cannot be written: \(error)")
        }
    }
}
