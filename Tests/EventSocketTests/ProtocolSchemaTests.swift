import EventSocket
import Foundation
import NIOCore
import TestSupport
import Testing

/// `Docs/protocol.schema.json` describes all that `Docs/Protocol.md` shows, and nothing that there is not.
@Suite struct ProtocolSchemaTests {
    private let examples: [JSONValue]

    init() throws {
        examples = try ProtocolDocumentTests().examples.map(json)
    }

    /// As it is published, where later versions may add fields, and without any that is not described.
    @Test(arguments: [false, true]) func everyExampleIsDescribed(isClosed: Bool) throws {
        let schema = try JSONSchema.ofProtocol(isClosed: isClosed)
        #expect(examples.count > 30)
        for example in examples {
            let isRequest = example["do"] != nil
            // What is refused is no request.
            let isWrong = example["do"] == .string("satus") || example["kinds"] == .array([.string("event.start")])
            if isWrong {
                #expect(throws: JSONSchema.Fault.self) { try schema.validate(example, as: "request") }
            } else {
                #expect(throws: Never.self) { try schema.validate(example, as: isRequest ? "request" : "line") }
            }
            #expect(throws: JSONSchema.Fault.self) { try schema.validate(example, as: isRequest ? "line" : "request") }
        }
    }

    @Test func whatTheServerMayLeaveOutAndSaysIsDescribed() throws {
        let schema = try JSONSchema.ofProtocol(isClosed: true)
        let at = Sample.time
        let score = EventLine.Score(probability: .nan, similarity: -.infinity, margin: 1, rival: nil)
        let payloads: [any Encodable] = [
            Sample.status, PromptList(prompts: Sample.prompts), SubscriptionStart(seq: 0, states: Sample.states),
            ChangeReport(message: ""), ChangeReport(message: "", seq: 1, warnings: ["x"]), Pulse(at: at, seq: 0),
        ]
        for payload in payloads {
            let value = try json(String(buffer: try Wire.line(payload)))
            #expect(throws: Never.self) { try schema.validate(.object(["id": .null, "ok": value]), as: "line") }
        }
        let lines: [any Encodable] = [
            Sample.started(1, score: score),
            EventLine.cameraFound(seq: 1, camera: "a", at: at, journaled: false),
            EventLine.daemonReloaded(seq: 1, at: at, reason: "x"),
            EventLine.promptChanged(seq: 1, trigger: "a", at: at, reason: "added"),
        ]
        for line in lines {
            let value = try json(String(buffer: try Wire.line(line)))
            #expect(throws: Never.self) { try schema.validate(value, as: "line") }
        }
        for reason in EventLine.EndReason.allCases {
            let line = EventLine.ended(
                seq: 1,
                event: "e",
                trigger: "a",
                camera: "b",
                at: at,
                reason: reason,
                score: score
            )
            let value = try json(String(buffer: try Wire.line(line)))
            #expect(throws: Never.self) { try schema.validate(value, as: "line") }
        }
    }

    /// Nothing of what the messages of the document have can be left out, but what is said to be optional.
    @Test func whatIsRequiredIsMissed() throws {
        let schema = try JSONSchema.ofProtocol(isClosed: false)
        let optional: [String: Set<String>] = [
            "event.started": ["score", "crop", "region", "suppressed"], "event.ended": ["started", "score"],
            "camera.found": ["reason"], "daemon.reloaded": ["journaled"],
        ]
        for example in examples {
            guard case .object(let members) = example, case .string(let kind)? = members["kind"] else { continue }
            for name in members.keys {
                var less = members
                less[name] = nil
                let mayBeMissing = optional[kind]?.contains(name) ?? false
                do {
                    try schema.validate(.object(less), as: "line")
                    #expect(mayBeMissing, "\(kind) without \(name)")
                } catch {
                    #expect(!mayBeMissing, "\(kind) without \(name): \(error)")
                }
            }
        }
    }

    @Test func theNamesAreThoseThatThereAre() throws {
        let schema = try JSONSchema.ofProtocol(isClosed: false)
        func names(_ definition: String) throws -> Set<String> {
            let values = try #require(try schema.definition(definition)["enum"]).elements()
            return Set(values.compactMap { if case .string(let name) = $0 { name } else { nil } })
        }
        #expect(try names("kind") == Set(EventLine.Kind.allCases.map(\.rawValue)))
        #expect(try names("code") == Set(RequestError.Code.allCases.map(\.rawValue)))
        for name in Request.Name.allCases {
            var request: [String: JSONValue] = ["do": .string(name.rawValue)]
            switch name {
            case .snapshot: request["camera"] = .string("a")
            case .promptsAdd, .backtest: request["trigger"] = .object([:])
            case .promptsRemove: request["trigger"] = .string("a")
            case .explain: request["event"] = .string("last")
            default: break
            }
            #expect(throws: Never.self) { try schema.validate(.object(request), as: "request") }
        }
    }

    @Test func theValidatorKnowsWhatItDoesNotKnow() throws {
        for (schema, value, isRight) in [
            (#"{"type":"integer"}"#, "1", true), (#"{"type":"integer"}"#, "1.5", false),
            (#"{"type":"integer"}"#, "-12345678901", true), (#"{"type":"number"}"#, "1.5", true),
            (#"{"type":"number"}"#, "true", false), (#"{"type":"string"}"#, "null", false),
            (#"{"minimum":1}"#, "1", true), (#"{"minimum":1}"#, "0.5", false), (#"{"minimum":1}"#, "\"a\"", true),
            (#"{"type":"text"}"#, "1", false), (#"{"maximum":2}"#, "1", false),
            (##"{"$ref":"#/$defs/y"}"##, "1", false),
            (#"{"const":1}"#, "1", true), (#"{"const":1}"#, "2", false), (#"{"enum":[1,"a"]}"#, "\"a\"", true),
            (#"{"pattern":"^a"}"#, "\"ab\"", true), (#"{"pattern":"^a"}"#, "\"ba\"", false),
            (#"{"items":{"type":"string"}}"#, #"["a",1]"#, false), (#"{"required":["a"]}"#, #"{"a":null}"#, true),
            (#"{"oneOf":[{"type":"number"},{"const":1}]}"#, "1", false),
            (#"{"anyOf":[{"type":"number"},{"const":1}]}"#, "1", true), (#"{"anyOf":[{"const":1}]}"#, "2", false),
            (#"{"properties":{"a":{"const":1}},"additionalProperties":false}"#, #"{"a":1}"#, true),
            (#"{"properties":{"a":{"const":1}},"additionalProperties":false}"#, #"{"a":1,"b":1}"#, false),
            (#"{"additionalProperties":{"const":1}}"#, #"{"b":2}"#, false),
            (#"{"properties":{"a":{"const":1}}}"#, #"{"a":2}"#, false),
        ] {
            let validator = try JSONSchema(#"{"$defs":{"x":\#(schema)}}"#)
            if isRight {
                #expect(throws: Never.self) { try validator.validate(try json(value), as: "x") }
            } else {
                #expect(throws: JSONSchema.Fault.self) { try validator.validate(try json(value), as: "x") }
            }
        }
    }
}
