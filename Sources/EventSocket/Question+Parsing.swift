import Foundation

extension RequestEnvelope {
    static func search(in container: KeyedDecodingContainer<CodingKeys>) throws -> Question {
        var question = SearchQuestion(past: try past(in: container))
        if try !isAbsent(.text, in: container) {
            if let text = try? container.decode(String.self, forKey: .text) {
                question.text = [text]
            } else if let texts = try? container.decode([String].self, forKey: .text), texts.count <= 64 {
                question.text = texts
            } else {
                throw RequestError(.badRequest, "`text` is what to look for: a text, or a list of at most 64")
            }
            let isBlank = question.text.contains { $0.allSatisfy(\.isWhitespace) }
            guard !isBlank else { throw RequestError(.badRequest, "`text` has nothing in it") }
        }
        if try !isAbsent(.like, in: container) {
            guard let look = try? container.decode(Int64.self, forKey: .like) else {
                throw RequestError(.badRequest, "`like` is the number of a look")
            }
            question.like = look
        }
        guard question.text.isEmpty != (question.like == nil) else {
            throw RequestError(.badRequest, "a search has either `text` or `like`, the number of a look")
        }
        if try !isAbsent(.limit, in: container) {
            let allowed = 1...SearchQuestion.mostMoments
            guard let limit = try? container.decode(Int.self, forKey: .limit), allowed.contains(limit) else {
                throw RequestError(.badRequest, "`limit` is a whole number, 1 to \(allowed.upperBound)")
            }
            question.limit = limit
        }
        return .search(question)
    }

    static func backtest(in container: KeyedDecodingContainer<CodingKeys>) throws -> Question {
        var question = BacktestQuestion(past: try past(in: container))
        if try !isAbsent(.trigger, in: container) { question.trigger = try triggerSettings(in: container) }
        question.triggers = try names(.triggers, in: container)
        guard question.trigger == nil || question.triggers == nil else {
            throw RequestError(.badRequest, "a backtest has `trigger`, with its settings, or `triggers`, with names")
        }
        return .backtest(question)
    }

    static func explain(in container: KeyedDecodingContainer<CodingKeys>) throws -> Question {
        guard let event = try? container.decode(String.self, forKey: .event), !event.isEmpty else {
            throw RequestError(.badRequest, "`event` is missing: the id of an event, a part of it, or “last”")
        }
        return .explain(event: event)
    }

    private static func past(in container: KeyedDecodingContainer<CodingKeys>) throws -> PastSpan {
        let span = PastSpan(
            since: try time(.since, in: container),
            until: try time(.until, in: container),
            cameras: try names(.cameras, in: container)
        )
        if let since = span.since, let until = span.until, since >= until {
            throw RequestError(.badRequest, "`since` is not before `until`")
        }
        return span
    }

    private static func time(_ key: CodingKeys, in container: KeyedDecodingContainer<CodingKeys>) throws -> Date? {
        guard try !isAbsent(key, in: container) else { return nil }
        guard let date = try? container.decode(Date.self, forKey: key) else {
            throw RequestError(.badRequest, "`\(key.rawValue)` is a time like “2026-11-23T08:14:03.218Z”")
        }
        return date
    }
}
